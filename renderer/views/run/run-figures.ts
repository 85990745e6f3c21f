/** Figures of a run's strip and banners, worked out from what the page holds. No Vue here. */

import type { RunDetail, RunSummary } from '../../../electron/contract/runs.ts';
import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import type { RunSpec } from '../../../engine/spec/run-spec.ts';
import type { SeriesBuffer } from '../../feed/series-buffer.ts';

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

/** A tenth of the run's learning rate, without the dust of binary fractions: 0.3 → 0.03. */
export function tenthOfRate(detail: RunDetail): number {
  return Number((detail.spec.optimizer.lr / 10).toPrecision(6));
}

/** What likely made a run diverge, most likely first; each names a message and, where the form can, its repair. */
export interface Cause {
  readonly key: 'rate' | 'clipping' | 'scaling';
  readonly repair: { readonly lr: number } | { readonly clip: number } | { readonly normalize: 'standardize' };
}

export function likelyCauses(detail: RunDetail): Cause[] {
  const { optimizer, data } = detail.spec;
  const causes: Cause[] = [{ key: 'rate', repair: { lr: tenthOfRate(detail) } }];
  if (data.normalize === 'none') causes.push({ key: 'scaling', repair: { normalize: 'standardize' } });
  if (optimizer.clipNorm === null) causes.push({ key: 'clipping', repair: { clip: 1 } });
  return causes;
}
