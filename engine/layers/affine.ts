import type { LayerSpec } from '../spec/layer-spec.ts';
import { sizeOf } from '../spec/shapes.ts';
import type { Layer, LayerContext } from './layer.ts';

/**
 * Affine (fully connected) layer, book section 5.6, with the activation that follows it in the same pass. An image
 * is read as the flat row of its values, as the book's own networks do.
 *   forward   a = x·W + b, y = f(a)
 *   backward  da = dy·f'(a), dW = xᵀ·da, db = Σ_rows da, dx = da·Wᵀ
 * A batch norm right after makes db exactly 0 (see LayerContext.biasCancels).
 * x (rows, in), W (in, units), b (units), y (rows, units)
 */
export function affineLayer(context: LayerContext, spec: Extract<LayerSpec, { type: 'affine' }>): Layer {
  const { kernels, arena, input: x } = context;
  const { activation, parameter } = context.epilogue;
  const inputs = sizeOf(context.inputShape);
  const { units } = spec;
  const w = arena.tensor([inputs, units]);
  const b = arena.tensor([units]);
  const dw = arena.tensor([inputs, units]);
  const db = arena.tensor([units]);
  const y = arena.tensor([context.capacity, units]);
  return {
    output: y,
    parameters: [
      { field: 'weight', value: w, gradient: dw, decays: true, init: spec.init, fanIn: inputs, fanOut: units },
      { field: 'bias', value: b, gradient: db, decays: false, init: 'zeros', fanIn: inputs, fanOut: units },
    ],
    statistics: [],
    gradientFlow: 'apart',
    forward(rows) {
      kernels.affineForward(x, w, b, y, rows, activation, parameter);
    },
    backward(dy, dx, rows) {
      if (activation !== 'none') kernels.activationBackward(activation, y, dy, dy, rows * units, parameter);
      kernels.affineBackward(x, w, dy, dw, db, dx, rows);
      if (context.biasCancels) db.data.fill(0);
    },
  };
}
