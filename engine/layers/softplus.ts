import { sizeOf } from '../spec/shapes.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

/**
 * Softplus, Dugas et al. 2000: a smooth ReLU.
 *   forward   y = log(1 + exp(x)), computed as max(x, 0) + log(1 + exp(−|x|)) so that it cannot overflow
 *   backward  dx = dy·(1 − exp(−y)), which is dy·sigmoid(x)
 */
export function softplusLayer(context: LayerContext): Layer {
  const { kernels, input: x } = context;
  const size = sizeOf(context.outputShape);
  const y = context.arena.tensor([context.capacity, ...context.outputShape]);
  return {
    output: y,
    parameters: [],
    statistics: [],
    gradientFlow: 'in-place',
    forward(rows) {
      kernels.activationForward('softplus', x, y, rows * size, 0);
    },
    backward(dy, dx, rows) {
      if (dx !== null) kernels.activationBackward('softplus', y, dy, dx, rows * size, 0);
    },
  };
}

/** The same activation as the last touch of the layer before. */
export const SOFTPLUS_EPILOGUE: Epilogue = { activation: 'softplus', parameter: 0 };
