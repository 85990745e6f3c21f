import type { LayerSpec } from '../spec/layer-spec.ts';
import { sizeOf } from '../spec/shapes.ts';
import type { Layer, LayerContext } from './layer.ts';
import { windowGeometry } from './window-geometry.ts';

/**
 * Two-dimensional convolution (cross-correlation), book sections 7.2 and 7.4.3, with the activation that follows it
 * in the same pass.
 *   forward   a[f, p, q] = b[f] + Σ_{c, i, j} W[f, c, i, j]·x[c, p·stride + i − padding, q·stride + j − padding], y = f(a)
 *   backward  da = dy·f'(a), dW = Σ_{rows, p, q} da·x, db = Σ_{rows, p, q} da, dx = Σ_{f, i, j} da·W
 * A batch norm right after makes db exactly 0 (see LayerContext.biasCancels).
 * x (rows, channels, height, width), W (filters, channels, k, k), b (filters), y (rows, filters, outHeight, outWidth)
 */
export function conv2dLayer(context: LayerContext, spec: Extract<LayerSpec, { type: 'conv2d' }>): Layer {
  const { kernels, arena, input: x } = context;
  const { activation, parameter } = context.epilogue;
  const { filters } = spec;
  const { geometry, w, b, dw, db, parameters } = conv2dParameters(context, spec);
  const size = sizeOf(context.outputShape);
  const y = arena.tensor([context.capacity, ...context.outputShape]);
  return {
    output: y,
    parameters,
    statistics: [],
    gradientFlow: 'apart',
    forward(rows) {
      kernels.conv2dForward(geometry, filters, x, w, b, y, rows, activation, parameter);
    },
    backward(dy, dx, rows) {
      if (activation !== 'none') kernels.activationBackward(activation, y, dy, dy, rows * size, parameter);
      kernels.conv2dBackward(geometry, filters, x, w, dy, dw, db, dx, rows);
      if (context.biasCancels) db.data.fill(0);
    },
  };
}

/** What every convolution reserves: its weights and biases and their gradients. */
export function conv2dParameters(context: LayerContext, spec: Extract<LayerSpec, { type: 'conv2d' }>) {
  const { arena } = context;
  const { filters, kernel } = spec;
  const geometry = windowGeometry(context, kernel, spec.stride, spec.padding);
  const w = arena.tensor([filters, geometry.channels, kernel, kernel]);
  const b = arena.tensor([filters]);
  const dw = arena.tensor(w.shape);
  const db = arena.tensor(b.shape);
  const fanIn = geometry.channels * kernel * kernel;
  const fanOut = filters * kernel * kernel;
  const parameters: Layer['parameters'] = [
    { field: 'weight', value: w, gradient: dw, decays: true, init: spec.init, fanIn, fanOut },
    { field: 'bias', value: b, gradient: db, decays: false, init: 'zeros', fanIn, fanOut },
  ];
  return { geometry, w, b, dw, db, parameters };
}
