import { sizeOf } from '../spec/shapes.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

/**
 * ReLU, book section 5.5.1 and Nair & Hinton 2010.
 *   forward   y = x where x > 0, else 0
 *   backward  dx = dy where y > 0, else 0
 */
export function reluLayer(context: LayerContext): Layer {
  const { kernels, input: x } = context;
  const size = sizeOf(context.outputShape);
  const y = context.arena.tensor([context.capacity, ...context.outputShape]);
  return {
    output: y,
    parameters: [],
    statistics: [],
    gradientFlow: 'in-place',
    forward(rows) {
      kernels.activationForward('relu', x, y, rows * size, 0);
    },
    backward(dy, dx, rows) {
      if (dx !== null) kernels.activationBackward('relu', y, dy, dx, rows * size, 0);
    },
  };
}

/** The same activation as the last touch of the layer before. */
export const RELU_EPILOGUE: Epilogue = { activation: 'relu', parameter: 0 };
