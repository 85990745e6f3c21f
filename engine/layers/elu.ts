import type { LayerSpec } from '../spec/layer-spec.ts';
import { sizeOf } from '../spec/shapes.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

type Spec = Extract<LayerSpec, { type: 'elu' }>;

/**
 * Exponential linear unit, Clevert, Unterthiner & Hochreiter 2015; alpha 1 unless told otherwise.
 *   forward   y = x where x > 0, else alpha·(exp(x) − 1)
 *   backward  dx = dy where y > 0, else dy·(y + alpha)
 */
export function eluLayer(context: LayerContext, spec: Spec): Layer {
  const { kernels, input: x } = context;
  const size = sizeOf(context.outputShape);
  const y = context.arena.tensor([context.capacity, ...context.outputShape]);
  const { alpha } = spec;
  return {
    output: y,
    parameters: [],
    statistics: [],
    gradientFlow: 'in-place',
    forward(rows) {
      kernels.activationForward('elu', x, y, rows * size, alpha);
    },
    backward(dy, dx, rows) {
      if (dx !== null) kernels.activationBackward('elu', y, dy, dx, rows * size, alpha);
    },
  };
}

/** The same activation as the last touch of the layer before. */
export function eluEpilogue(spec: Spec): Epilogue {
  return { activation: 'elu', parameter: spec.alpha };
}
