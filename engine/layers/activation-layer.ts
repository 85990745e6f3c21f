import { sizeOf } from '../spec/shapes.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

/**
 * An activation as a layer of its own, element by element. Backward reads the output y, not the input, so an activation
 * that is the last touch of the layer before has the same derivative.
 */
export function activationLayer(context: LayerContext, { activation, parameter }: Epilogue): Layer {
  const { kernels, input: x } = context;
  const size = sizeOf(context.outputShape);
  const y = context.arena.tensor([context.capacity, ...context.outputShape]);
  return {
    output: y,
    parameters: [],
    statistics: [],
    gradientFlow: 'in-place',
    forward(rows) {
      kernels.activationForward(activation, x, y, rows * size, parameter);
    },
    backward(dy, dx, rows) {
      if (dx !== null) kernels.activationBackward(activation, y, dy, dx, rows * size, parameter);
    },
  };
}
