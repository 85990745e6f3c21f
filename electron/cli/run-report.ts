/** What a person or a program sees of a run that trains. */

import type { EpochReport, RunFinished, RunStarted } from '../contract/jobs.ts';
import type { ResumeChange, RunEquality, RunProgress, RunSummary } from '../contract/runs.ts';
import type { LossComparison } from '../../engine/spec/loss-comparison.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import type { StepResult } from '../../engine/train/trainer-types.ts';

export interface RunReport {
  started(id: RunId, started: RunStarted): void;
  step(result: StepResult): void;
  /** The logged losses of a resumed run have been compared; 0 steps when there were none. */
  verified(comparison: LossComparison, changes: readonly ResumeChange[]): void;
  epoch(report: EpochReport): void;
  progress(progress: RunProgress, summary: RunSummary | null): void;
  /** `finished` is null for a run that failed; `unwell` what is wrong with the layers at its end, null for nothing bad. */
  finished(summary: RunSummary, finished: RunFinished | null, unwell: string | null): void;
  /** How a run that was trained once more compares with the first. */
  repeated(equality: RunEquality): void;
  /** Resolves when everything told so far has been shown. */
  flush(): Promise<void>;
  /** null, or what to wait for before more is told. */
  busy(): Promise<void> | null;
}
