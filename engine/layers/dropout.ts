import { hashName } from '../math/rng.ts';
import { mix32 } from '../math/hash.ts';
import type { LayerSpec } from '../spec/layer-spec.ts';
import { sizeOf } from '../spec/shapes.ts';
import type { Layer, LayerContext } from './layer.ts';

/**
 * Dropout, book section 6.4.3, Srivastava et al. 2014. Each value is dropped with probability `rate`.
 *   inverted  training y = x·mask/(1 − rate), inference y = x
 *   book      training y = x·mask,            inference y = x·(1 − rate)
 *   backward  dx = dy·mask, with the factor of the forward step
 * The mask is a hash of (seed, layer, step, position): it needs no memory and no generator state, and a resumed run
 * drops what the uninterrupted one would have dropped.
 */
export function dropoutLayer(context: LayerContext, spec: Extract<LayerSpec, { type: 'dropout' }>): Layer {
  const { kernels, input: x } = context;
  const { rate, form } = spec;
  const size = sizeOf(context.outputShape);
  const y = context.arena.tensor([context.capacity, ...context.outputShape]);
  const trainingScale = form === 'inverted' ? 1 / (1 - rate) : 1;
  const inferenceScale = form === 'inverted' ? 1 : 1 - rate;
  const key = mix32((hashName(context.name) + mix32(context.seed)) >>> 0);
  return {
    output: y,
    parameters: [],
    statistics: [],
    gradientFlow: 'apart',
    forward(rows, training, step) {
      if (training) kernels.dropout(x, y, rows * size, rate, trainingScale, low(key, step), high(key, step));
      else kernels.dropout(x, y, rows * size, 0, inferenceScale, 0, 0);
    },
    backward(dy, dx, rows, step) {
      if (dx !== null) kernels.dropout(dy, dx, rows * size, rate, trainingScale, low(key, step), high(key, step));
    },
  };
}

function low(key: number, step: number): number {
  return mix32((key + step) >>> 0);
}
function high(key: number, step: number): number {
  return mix32((mix32(key ^ 0x5bd1e995) - step) >>> 0);
}
