/** From a loss's spec to the loss. */

import type { LossSpec } from '../spec/layer-spec.ts';
import { binaryCrossEntropyLoss } from './binary-cross-entropy.ts';
import { exponentialLoss } from './exponential.ts';
import { hingeLoss } from './hinge.ts';
import { huberLoss } from './huber.ts';
import type { Loss, LossContext } from './loss.ts';
import { maeLoss } from './mae.ts';
import { mseLoss } from './mse.ts';
import { softmaxCrossEntropyLoss } from './softmax-cross-entropy.ts';

/** The defaults of a loss given by its name alone are those of the spec's schema. */
export function createLoss(context: LossContext, spec: LossSpec): Loss {
  const type = typeof spec === 'string' ? spec : spec.type;
  switch (type) {
    case 'softmax-cross-entropy':
      return softmaxCrossEntropyLoss(
        context,
        typeof spec === 'object' && 'labelSmoothing' in spec ? spec.labelSmoothing : 0,
      );
    case 'mse':
      return mseLoss(context);
    case 'mae':
      return maeLoss(context);
    case 'huber':
      return huberLoss(context, typeof spec === 'object' && 'delta' in spec ? spec.delta : 1);
    case 'binary-cross-entropy':
      return binaryCrossEntropyLoss(context);
    case 'hinge':
      return hingeLoss(context);
    case 'exponential':
      return exponentialLoss(context);
  }
}
