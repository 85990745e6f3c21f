/** Fills a parameter with its initial values. */

import type { Rng } from '../math/rng.ts';
import type { FloatArray } from '../math/tensor.ts';
import type { InitSpec } from '../spec/layer-spec.ts';
import { constant } from './constant.ts';
import { glorotStd } from './glorot.ts';
import { heStd } from './he.ts';
import { normal } from './normal.ts';
import { xavierStd } from './xavier.ts';
import { zeros } from './zeros.ts';

/**
 * Values are drawn in order and rounded to float32 whatever the kernels' precision, so a seed means the same
 * initial weights everywhere. Two random initialisations of one stream differ by their standard deviation only.
 */
export function initialize(target: FloatArray, spec: InitSpec, fanIn: number, fanOut: number, rng: Rng): void {
  const std = standardDeviation(spec, fanIn, fanOut);
  if (std !== null) {
    for (let i = 0; i < target.length; i++) target[i] = Math.fround(normal(rng, std));
  } else {
    target.fill(Math.fround(typeof spec === 'object' && 'constant' in spec ? constant(spec.constant) : zeros()));
  }
}

function standardDeviation(spec: InitSpec, fanIn: number, fanOut: number): number | null {
  if (typeof spec === 'object') return 'normal' in spec ? spec.normal : null;
  switch (spec) {
    case 'xavier':
      return xavierStd(fanIn);
    case 'glorot':
      return glorotStd(fanIn, fanOut);
    case 'he':
      return heStd(fanIn);
    case 'zeros':
      return null;
  }
}
