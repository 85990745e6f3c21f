import type { LayerSpec } from '../spec/layer-spec.ts';
import { sizeOf } from '../spec/shapes.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

type Spec = Extract<LayerSpec, { type: 'leaky-relu' }>;

/**
 * Leaky ReLU, Maas, Hannun & Ng 2013; slope 0.01 unless told otherwise.
 *   forward   y = x where x > 0, else slope·x
 *   backward  dx = dy where y > 0, else slope·dy
 */
export function leakyReluLayer(context: LayerContext, spec: Spec): Layer {
  const { kernels, input: x } = context;
  const size = sizeOf(context.outputShape);
  const y = context.arena.tensor([context.capacity, ...context.outputShape]);
  const { slope } = spec;
  return {
    output: y,
    parameters: [],
    statistics: [],
    gradientFlow: 'in-place',
    forward(rows) {
      kernels.activationForward('leaky-relu', x, y, rows * size, slope);
    },
    backward(dy, dx, rows) {
      if (dx !== null) kernels.activationBackward('leaky-relu', y, dy, dx, rows * size, slope);
    },
  };
}

/** The same activation as the last touch of the layer before. */
export function leakyReluEpilogue(spec: Spec): Epilogue {
  return { activation: 'leaky-relu', parameter: spec.slope };
}
