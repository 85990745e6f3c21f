/** What the plain cells of the runs table show: the text, the full figure for tests and tips, and how loud it is. */

import type { RunSummary } from '../../../electron/contract/runs.ts';
import { formatMoment } from '../../text/dates.ts';
import { formatCount, formatPercent, formatSetting, formatTime } from '../../text/format.ts';
import { peakEpoch, type RunColumn } from './columns.ts';

export interface RunCell {
  readonly text: string;
  /** The figure in full; '' where it is missing; undefined for texts. */
  readonly value?: number | '';
  readonly tip?: string;
  readonly look: 't2' | 't3' | 'med' | 'med t3';
}

/** Columns that draw more than a text. */
export type DrawnColumn = 'name' | 'tags' | 'status' | 'loss';
export type PlainColumn = Exclude<RunColumn, DrawnColumn>;
export const isDrawn = (column: RunColumn): column is DrawnColumn =>
  column === 'name' || column === 'tags' || column === 'status' || column === 'loss';

const words = (text: string): RunCell => ({ text, tip: text, look: 't2' });
const figure = (value: number | null, format: (value: number | null) => string, look: RunCell['look']): RunCell => ({
  text: format(value),
  value: value ?? '',
  look: value === null ? (look === 'med' ? 'med t3' : 't3') : look,
});

const epoch = (value: number | null): RunCell => ({
  text: value === null ? '' : formatCount(value),
  value: value ?? '',
  look: 't3',
});

/** `elapsedMs` is the newest of a run that trains. */
export function runCell(row: RunSummary, column: PlainColumn, elapsedMs: number, locale: string): RunCell {
  switch (column) {
    case 'data':
    case 'model':
    case 'optimizer':
    case 'project':
      return words(row[column]);
    case 'lr':
      return figure(row.lr, formatSetting, 't2');
    case 'accuracy':
      return figure(row.highestValidationAccuracy, formatPercent, 'med');
    case 'epoch':
      return epoch(peakEpoch(row));
    case 'duration':
      return figure(elapsedMs > 0 ? elapsedMs : null, formatTime, 't2');
    case 'bestLoss':
      return figure(row.lowestValidationLoss, formatSetting, 'med');
    case 'lastAccuracy':
      return figure(row.lastValidationAccuracy, formatPercent, 't2');
    case 'lastLoss':
      return figure(row.lastValidationLoss, formatSetting, 't2');
    case 'trainLoss':
      return figure(row.lastTrainLoss, formatSetting, 't2');
    case 'testAccuracy':
      return figure(row.testAccuracy, formatPercent, 't2');
    case 'testLoss':
      return figure(row.testLoss, formatSetting, 't2');
    case 'epochsDone':
      return figure(row.epochsDone, formatCount, 't2');
    case 'steps':
      return figure(row.stepsDone, formatCount, 't2');
    case 'parameters':
      return figure(row.parameters, formatCount, 't2');
    case 'created':
      return words(formatMoment(row.createdAt, locale));
    case 'notes':
      return words(row.notes.replace(/\s+/g, ' '));
  }
}
