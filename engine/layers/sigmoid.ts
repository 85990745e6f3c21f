import { sizeOf } from '../spec/shapes.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

/**
 * Sigmoid, book sections 3.2.4 and 5.5.2.
 *   forward   y = 1/(1 + exp(−x))
 *   backward  dx = dy·y·(1 − y)
 */
export function sigmoidLayer(context: LayerContext): Layer {
  const { kernels, input: x } = context;
  const size = sizeOf(context.outputShape);
  const y = context.arena.tensor([context.capacity, ...context.outputShape]);
  return {
    output: y,
    parameters: [],
    statistics: [],
    gradientFlow: 'in-place',
    forward(rows) {
      kernels.activationForward('sigmoid', x, y, rows * size, 0);
    },
    backward(dy, dx, rows) {
      if (dx !== null) kernels.activationBackward('sigmoid', y, dy, dx, rows * size, 0);
    },
  };
}

/** The same activation as the last touch of the layer before. */
export const SIGMOID_EPILOGUE: Epilogue = { activation: 'sigmoid', parameter: 0 };
