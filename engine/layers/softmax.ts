import { sizeOf } from '../spec/shapes.ts';
import type { Layer, LayerContext } from './layer.ts';

/**
 * Softmax over the values of each row, book section 3.5, as a layer of its own. (The softmax-cross-entropy loss has
 * its softmax inside and needs none before it.)
 *   forward   y_k = exp(x_k − max x)/Σ_j exp(x_j − max x)
 *   backward  dx_k = y_k·(dy_k − Σ_j y_j·dy_j)
 */
export function softmaxLayer(context: LayerContext): Layer {
  const { kernels, input: x } = context;
  const size = sizeOf(context.outputShape);
  const y = context.arena.tensor([context.capacity, ...context.outputShape]);
  return {
    output: y,
    parameters: [],
    statistics: [],
    gradientFlow: 'apart',
    forward(rows) {
      kernels.softmax(x, y, rows, size);
    },
    backward(dy, dx, rows) {
      if (dx !== null) kernels.softmaxBackward(y, dy, dx, rows, size);
    },
  };
}
