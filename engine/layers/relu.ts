import { activationLayer } from './activation-layer.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

/**
 * ReLU, book section 5.5.1 and Nair & Hinton 2010.
 *   forward   y = x where x > 0, else 0
 *   backward  dx = dy where y > 0, else 0
 */
export function reluLayer(context: LayerContext): Layer {
  return activationLayer(context, RELU_EPILOGUE);
}

/** The same activation as the last touch of the layer before. */
export const RELU_EPILOGUE: Epilogue = { activation: 'relu', parameter: 0 };
