import type { LayerSpec } from '../spec/layer-spec.ts';
import { sizeOf, type Shape } from '../spec/shapes.ts';
import { conv2dParameters } from './conv2d.ts';
import type { Layer, LayerContext } from './layer.ts';
import { windowGeometry } from './window-geometry.ts';

/**
 * A conv2d layer and the max-pool2d layer after it (with the activation between them, if there is one), computed
 * together: an image's output is pooled while it is in the cache, and the activation's slope is taken at the maxima
 * only. The formulas are those of conv2d.ts and max-pool2d.ts. The pooling layer that comes back does nothing itself:
 * it shows where its output is.
 */
export function pooledConv2dLayers(
  context: LayerContext,
  spec: Extract<LayerSpec, { type: 'conv2d' }>,
  poolSpec: Extract<LayerSpec, { type: 'max-pool2d' }>,
  pooledShape: Shape,
): { readonly conv2d: Layer; readonly maxPool2d: Layer } {
  const { kernels, arena, input: x } = context;
  const { activation, parameter } = context.epilogue;
  const { filters } = spec;
  const { geometry, w, b, dw, db, parameters } = conv2dParameters(context, spec);
  const y = arena.tensor([context.capacity, ...context.outputShape]);
  const poolContext = { ...context, inputShape: context.outputShape, outputShape: pooledShape };
  const pool = windowGeometry(poolContext, poolSpec.kernel, poolSpec.stride ?? poolSpec.kernel, 0);
  const pooled = arena.tensor([context.capacity, ...pooledShape]);
  const argmax = arena.ints(context.capacity * sizeOf(pooledShape));
  const run = (rows: number, keepsOutput: boolean): void => {
    kernels.conv2dMaxPoolForward(
      geometry,
      filters,
      x,
      w,
      b,
      y,
      pool,
      pooled,
      argmax,
      rows,
      activation,
      parameter,
      keepsOutput,
    );
  };
  const nothing = { parameters: [], statistics: [], gradientFlow: 'keeps' } as const;
  return {
    conv2d: {
      output: y,
      parameters,
      statistics: [],
      gradientFlow: 'apart',
      forward(rows, training) {
        run(rows, !training);
      },
      completeOutput(rows) {
        run(rows, true);
      },
      backward(dPooled, dx, rows) {
        kernels.conv2dMaxPoolBackward(
          geometry,
          filters,
          x,
          w,
          y,
          pool,
          pooled,
          argmax,
          dPooled,
          dw,
          db,
          dx,
          rows,
          activation,
          parameter,
        );
        if (context.biasCancels) db.data.fill(0);
      },
    },
    maxPool2d: { output: pooled, ...nothing, forward: () => {}, backward: () => {} },
  };
}
