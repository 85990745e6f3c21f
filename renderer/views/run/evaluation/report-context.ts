/** What the panels of the evaluation share. */

import { inject, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue';
import type {
  ClassificationReport,
  EvaluationReport,
  RegressionReport,
} from '../../../../electron/contract/evaluation.ts';
import type { RunData } from '../use-run-data.ts';
import type { CellFilter } from './gallery.ts';
import type { RunReport } from './use-report.ts';

export interface ReportContext {
  readonly data: RunData;
  readonly page: RunReport;
  readonly report: ComputedRef<EvaluationReport>;
  /** What of the confusion matrix the gallery shows; null: all mistakes. */
  readonly filter: ShallowRef<CellFilter | null>;
  /** Which target column is looked at. */
  readonly output: ShallowRef<number>;
  /** File name of an export, without extension. */
  readonly fileName: (what: string) => string;
}

export const REPORT_CONTEXT: InjectionKey<ReportContext> = Symbol('report');

export function useReportContext(): ReportContext {
  const context = inject(REPORT_CONTEXT);
  if (context === undefined) throw new Error('an evaluation panel was used outside of an evaluation');
  return context;
}

/** The report of a classification's panels. Throws for a regression's. */
export function classificationOf(report: EvaluationReport): ClassificationReport {
  if (report.classification === null) throw new Error('a report of classes was expected');
  return report.classification;
}

/** The report of a regression's panels. Throws for a classification's. */
export function regressionOf(report: EvaluationReport): RegressionReport {
  if (report.regression === null) throw new Error('a report of real targets was expected');
  return report.regression;
}
