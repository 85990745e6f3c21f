import type { LayerSpec } from '../spec/layer-spec.ts';
import { activationLayer } from './activation-layer.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

type Spec = Extract<LayerSpec, { type: 'leaky-relu' }>;

/**
 * Leaky ReLU, Maas, Hannun & Ng 2013; slope 0.01 unless told otherwise.
 *   forward   y = x where x > 0, else slope·x
 *   backward  dx = dy where y > 0, else slope·dy
 */
export function leakyReluLayer(context: LayerContext, spec: Spec): Layer {
  return activationLayer(context, leakyReluEpilogue(spec));
}

/** The same activation as the last touch of the layer before. */
export function leakyReluEpilogue(spec: Spec): Epilogue {
  return { activation: 'leaky-relu', parameter: spec.slope };
}
