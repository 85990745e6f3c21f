/** Hashes that say whether two runs began alike and saw the same mini-batches. */

import { createHash } from 'node:crypto';
import type { PreparedData } from '../../engine/data/dataset.ts';
import { firstEpochOrder } from '../../engine/train/batcher.ts';
import type { Trainer } from '../../engine/train/trainer-types.ts';
import type { RunSpec } from '../../engine/spec/run-spec.ts';
import type { Fingerprints } from '../contract/runs.ts';
import { weightsSha256 } from './weights-hash.ts';

/** Of a run that has made no step yet. */
export function fingerprintsOf(spec: RunSpec, data: PreparedData, trainer: Trainer): Fingerprints {
  const { batchSize, sampling } = spec.training;
  return {
    split: sha256([data.train, data.validation, data.test]),
    initialWeights: weightsSha256(trainer.weights('last')),
    batches: sha256([Int32Array.of(batchSize), firstEpochOrder(sampling, data.train, batchSize, spec.seed)]),
  };
}

/** Each array's length goes in before it, so that moving a row from one to the next changes the hash. */
function sha256(arrays: readonly Int32Array[]): string {
  const hash = createHash('sha256');
  for (const array of arrays) {
    hash.update(new Uint8Array(Int32Array.of(array.length).buffer));
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return hash.digest('hex');
}
