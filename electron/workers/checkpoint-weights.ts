/** Weights out of a checkpoint's bytes, without building the network or reading its data. */

import { decodeCheckpoint } from '../../engine/train/checkpoint.ts';
import type { WeightSet } from '../../engine/train/trainer-types.ts';
import type { WeightsChoice } from '../contract/job-tasks.ts';

export interface CheckpointWeights {
  readonly weights: WeightSet;
  /** `last` when the best was asked for and no epoch had ended yet. */
  readonly which: WeightsChoice;
  readonly step: number;
  readonly epoch: number;
}

const PREFIX = 'best.';

/** Parameters and running statistics, float32, in layer order. Throws a CheckpointError. */
export function checkpointWeights(bytes: Uint8Array, asked: WeightsChoice): CheckpointWeights {
  const { state, tensors } = decodeCheckpoint(bytes);
  const which = asked === 'best' && state.best !== null ? 'best' : 'last';
  const prefix = which === 'best' ? `${PREFIX}layers.` : 'layers.';
  const weights = tensors
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, shape, data }) => ({
      name: which === 'best' ? name.slice(PREFIX.length) : name,
      shape,
      data: Float32Array.from(data),
    }));
  const at = which === 'best' && state.best !== null ? state.best : state;
  return { weights, which, step: at.step, epoch: at.epoch };
}
