import { activationLayer } from './activation-layer.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

/**
 * Hyperbolic tangent, LeCun et al. 1998, "Efficient BackProp".
 *   forward   y = tanh(x)
 *   backward  dx = dy·(1 − y²)
 */
export function tanhLayer(context: LayerContext): Layer {
  return activationLayer(context, TANH_EPILOGUE);
}

/** The same activation as the last touch of the layer before. */
export const TANH_EPILOGUE: Epilogue = { activation: 'tanh', parameter: 0 };
