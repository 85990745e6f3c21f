import type { LayerSpec } from '../spec/layer-spec.ts';
import { activationLayer } from './activation-layer.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

type Spec = Extract<LayerSpec, { type: 'elu' }>;

/**
 * Exponential linear unit, Clevert, Unterthiner & Hochreiter 2015; alpha 1 unless told otherwise.
 *   forward   y = x where x > 0, else alpha·(exp(x) − 1)
 *   backward  dx = dy where y > 0, else dy·(y + alpha)
 */
export function eluLayer(context: LayerContext, spec: Spec): Layer {
  return activationLayer(context, eluEpilogue(spec));
}

/** The same activation as the last touch of the layer before. */
export function eluEpilogue(spec: Spec): Epilogue {
  return { activation: 'elu', parameter: spec.alpha };
}
