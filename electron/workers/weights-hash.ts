/** One hash for a network's state. */

import { createHash } from 'node:crypto';
import type { WeightSet } from '../../engine/train/trainer-types.ts';

/** SHA-256 over the little-endian float32 bytes of all parameters and running statistics, in layer order. */
export function weightsSha256(weights: WeightSet): string {
  const hash = createHash('sha256');
  for (const { data } of weights) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
}
