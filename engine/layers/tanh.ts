import { sizeOf } from '../spec/shapes.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

/**
 * Hyperbolic tangent, LeCun et al. 1998, "Efficient BackProp".
 *   forward   y = tanh(x)
 *   backward  dx = dy·(1 − y²)
 */
export function tanhLayer(context: LayerContext): Layer {
  const { kernels, input: x } = context;
  const size = sizeOf(context.outputShape);
  const y = context.arena.tensor([context.capacity, ...context.outputShape]);
  return {
    output: y,
    parameters: [],
    statistics: [],
    gradientFlow: 'in-place',
    forward(rows) {
      kernels.activationForward('tanh', x, y, rows * size, 0);
    },
    backward(dy, dx, rows) {
      if (dx !== null) kernels.activationBackward('tanh', y, dy, dx, rows * size, 0);
    },
  };
}

/** The same activation as the last touch of the layer before. */
export const TANH_EPILOGUE: Epilogue = { activation: 'tanh', parameter: 0 };
