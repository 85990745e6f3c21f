import type { Layer, LayerContext } from './layer.ts';

/**
 * Identity, book section 3.4.3: y = x, dx = dy. Nothing is copied, the output is the input. It also stands in for an
 * activation that the layer before applies in its own pass.
 */
export function identityLayer(context: LayerContext): Layer {
  return {
    output: context.input,
    parameters: [],
    statistics: [],
    gradientFlow: 'keeps',
    forward() {},
    backward() {},
  };
}
