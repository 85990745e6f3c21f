import type { LayerSpec } from '../spec/layer-spec.ts';
import { sizeOf } from '../spec/shapes.ts';
import type { Layer, LayerContext } from './layer.ts';
import { windowGeometry } from './window-geometry.ts';

/**
 * Max pooling, book sections 7.3 and 7.4.4.
 *   forward   y = max of the window; its place is kept
 *   backward  dx = dy at that place, summed where windows overlap, else 0
 */
export function maxPool2dLayer(context: LayerContext, spec: Extract<LayerSpec, { type: 'max-pool2d' }>): Layer {
  const { kernels, arena, input: x } = context;
  const geometry = windowGeometry(context, spec.kernel, spec.stride ?? spec.kernel, 0);
  const y = arena.tensor([context.capacity, ...context.outputShape]);
  const argmax = arena.ints(context.capacity * sizeOf(context.outputShape));
  return {
    output: y,
    parameters: [],
    statistics: [],
    gradientFlow: 'apart',
    forward(rows) {
      kernels.maxPoolForward(geometry, x, y, argmax, rows);
    },
    backward(dy, dx, rows) {
      if (dx !== null) kernels.maxPoolBackward(geometry, argmax, dy, dx, rows);
    },
  };
}
