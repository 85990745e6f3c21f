import type { LayerSpec } from '../spec/layer-spec.ts';
import type { Layer, LayerContext } from './layer.ts';
import { windowGeometry } from './window-geometry.ts';

/**
 * Average pooling, book section 7.3; LeCun et al. 1998.
 *   forward   y = mean of the window
 *   backward  dx = Σ dy/k² over the windows a place is under
 */
export function avgPool2dLayer(context: LayerContext, spec: Extract<LayerSpec, { type: 'avg-pool2d' }>): Layer {
  const { kernels, arena, input: x } = context;
  const geometry = windowGeometry(context, spec.kernel, spec.stride ?? spec.kernel, 0);
  const y = arena.tensor([context.capacity, ...context.outputShape]);
  return {
    output: y,
    parameters: [],
    statistics: [],
    gradientFlow: 'apart',
    forward(rows) {
      kernels.avgPoolForward(geometry, x, y, rows);
    },
    backward(dy, dx, rows) {
      if (dx !== null) kernels.avgPoolBackward(geometry, dy, dx, rows);
    },
  };
}
