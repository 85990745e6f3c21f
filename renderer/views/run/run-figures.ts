/** Figures of a run's strip and banners, worked out from what the page holds. No Vue here. */

import type { Message } from '../../../engine/spec/message.ts';
import { spoken } from '../../text/spoken.ts';
import type { CheckpointInfo, RunDetail, RunSummary } from '../../../electron/contract/runs.ts';
import { largestRate } from '../../../engine/schedules/largest-rate.ts';
import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import type { RunSpec } from '../../../engine/spec/run-spec.ts';
import type { SeriesBuffer } from '../../feed/series-buffer.ts';
import { LEARNING_RATE } from '../../forms/fields.ts';

/** Epochs finished without a better value of the watched metric, as early stopping counts them. */
export function epochsWithoutBetter(
  stopping: NonNullable<RunSpec['training']['earlyStopping']>,
  curves: { readonly loss: SeriesBuffer; readonly accuracy: SeriesBuffer },
): number {
  const falling = stopping.metric === 'validationLoss';
  const { values } = falling ? curves.loss : curves.accuracy;
  let best = falling ? Infinity : -Infinity;
  let waited = 0;
  for (const value of values) {
    const better = falling ? value < best - stopping.minChange : value > best + stopping.minChange;
    if (better) {
      best = value;
      waited = 0;
    } else {
      waited++;
    }
  }
  return waited;
}

/** Fraction of the planned steps that are done, 0 to 1. */
export function progressShare(summary: RunSummary, step: number): number {
  return summary.stepsPlanned > 0 ? Math.min(1, step / summary.stepsPlanned) : 0;
}

/** Euclidean norm of a tensor from its histogram's mean and standard deviation: sqrt(n · (std² + mean²)). */
export function normOf(frame: HistogramFrame): number {
  let count = frame.below + frame.above;
  for (const bin of frame.counts) count += bin;
  return Math.sqrt(count * (frame.std ** 2 + frame.mean ** 2));
}

/**
 * The learning rate to try next: a tenth of the run's, without the dust of binary fractions (0.3 → 0.03), and never
 * above what is usual for the optimizer: a tenth of 100,000 would diverge as well.
 */
export function calmerRate(detail: RunDetail): number {
  const [, most] = LEARNING_RATE[detail.spec.optimizer.type].usual;
  return Math.min(most, Number((largestRate(detail.spec) / 10).toPrecision(6)));
}

/**
 * What a diverged run's message says beyond the card around it, which names the step, the learning rate and the
 * weights kept on its own. null when nothing is left.
 */
export function divergedReason(message: Message | null): string | null {
  const problem = message?.wording?.values.find((value) => typeof value === 'object');
  if (problem !== undefined) return asSentence(spoken({ message: '', wording: problem }));
  // An older version kept the text alone.
  const reason = (message?.message ?? '')
    .replace(/^diverged at step \d+(?: with learning rate [^:]*)?:\s*/i, '')
    .replace(/;\s*the last finite weights are kept\.?$/i, '')
    .replace(/\s*\(learning rate [^)]*\)/i, '')
    .replace(/\.$/, '')
    .trim();
  return reason === '' ? null : asSentence(reason);
}

/** A clause as a sentence of its own. */
function asSentence(clause: string): string {
  if (/[\u4e00-\u9fff]/.test(clause)) return `${clause}。`;
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}

/**
 * Where a diverged run is worth going on from: after its best epoch, else as early as there is a state. The very last
 * one is finite, but on its way to where it broke.
 */
export function goodCheckpoint({ checkpoints }: RunDetail): CheckpointInfo | null {
  return checkpoints.findLast(({ best }) => best) ?? checkpoints[0] ?? null;
}

/** What likely made a run diverge, most likely first; each names a message and, where the form can, its repair. */
export interface Cause {
  readonly key: 'rate' | 'clipping' | 'scaling';
  readonly repair: { readonly lr: number } | { readonly clip: number } | { readonly normalize: 'standardize' };
}

export function likelyCauses(detail: RunDetail): Cause[] {
  const { optimizer, data } = detail.spec;
  const causes: Cause[] = [{ key: 'rate', repair: { lr: calmerRate(detail) } }];
  if (data.normalize === 'none') causes.push({ key: 'scaling', repair: { normalize: 'standardize' } });
  if (optimizer.clipNorm === null) causes.push({ key: 'clipping', repair: { clip: 1 } });
  return causes;
}
