import { activationLayer } from './activation-layer.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

/**
 * Sigmoid, book sections 3.2.4 and 5.5.2.
 *   forward   y = 1/(1 + exp(−x))
 *   backward  dx = dy·y·(1 − y)
 */
export function sigmoidLayer(context: LayerContext): Layer {
  return activationLayer(context, SIGMOID_EPILOGUE);
}

/** The same activation as the last touch of the layer before. */
export const SIGMOID_EPILOGUE: Epilogue = { activation: 'sigmoid', parameter: 0 };
