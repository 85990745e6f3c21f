import { activationLayer } from './activation-layer.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

/**
 * Softplus, Dugas et al. 2000: a smooth ReLU.
 *   forward   y = log(1 + exp(x)), computed as max(x, 0) + log(1 + exp(−|x|)) so that it cannot overflow
 *   backward  dx = dy·(1 − exp(−y)), which is dy·sigmoid(x)
 */
export function softplusLayer(context: LayerContext): Layer {
  return activationLayer(context, SOFTPLUS_EPILOGUE);
}

/** The same activation as the last touch of the layer before. */
export const SOFTPLUS_EPILOGUE: Epilogue = { activation: 'softplus', parameter: 0 };
