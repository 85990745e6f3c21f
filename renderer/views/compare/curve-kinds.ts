/** Which curve a chart of the page shows. Pure. */

import type { Measure } from './result.ts';
import type { CurveKind } from './use-lane-curves.ts';

export interface ShownCurve {
  readonly kind: CurveKind;
  /** Message under `compare.chart`. */
  readonly title: 'trainingLoss' | 'validationAccuracy' | 'validationLoss' | 'trainingAccuracy' | 'epochLoss';
  /** Part of a file's name, and the name of its column. */
  readonly file: string;
}

/** Without validation rows the second chart shows the epoch means of the training rows. */
export function curveKinds(which: 'training' | 'validation', measure: Measure, validated: boolean): ShownCurve {
  if (which === 'training') {
    return {
      kind: { metric: 'loss', split: 'batch', smoothed: true },
      title: 'trainingLoss',
      file: 'training_loss',
    };
  }
  const split = validated ? 'validation' : 'train';
  const kind = { metric: measure, split, smoothed: false } as const;
  if (measure === 'accuracy') {
    return validated
      ? { kind, title: 'validationAccuracy', file: 'validation_accuracy' }
      : { kind, title: 'trainingAccuracy', file: 'training_accuracy' };
  }
  return validated
    ? { kind, title: 'validationLoss', file: 'validation_loss' }
    : { kind, title: 'epochLoss', file: 'epoch_loss' };
}
