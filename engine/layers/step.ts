import { activationLayer } from './activation-layer.ts';
import type { Epilogue, Layer, LayerContext } from './layer.ts';

/**
 * Step function, book section 3.2.2. Forward only: its derivative is 0 wherever it has one, so nothing before it
 * could learn; a spec that trains through it is refused (see train/model.ts).
 *   forward   y = 1 where x > 0, else 0
 *   backward  dx = 0
 */
export function stepLayer(context: LayerContext): Layer {
  return activationLayer(context, STEP_EPILOGUE);
}

/** The same activation as the last touch of the layer before. */
export const STEP_EPILOGUE: Epilogue = { activation: 'step', parameter: 0 };
