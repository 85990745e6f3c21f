/** From an optimizer's spec to the optimizer. */

import type { OptimizerSpec } from '../spec/layer-spec.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { adamw } from './adamw.ts';
import { momentum } from './momentum.ts';
import { nesterov } from './nesterov.ts';
import type { Optimizer, OptimizerContext } from './optimizer.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

export function createOptimizer(context: OptimizerContext, spec: OptimizerSpec): Optimizer {
  switch (spec.type) {
    case 'sgd':
      return sgd(context);
    case 'momentum':
      return momentum(context, spec.momentum);
    case 'nesterov':
      return nesterov(context, spec.momentum);
    case 'adagrad':
      return adagrad(context, spec.epsilon);
    case 'rmsprop':
      return rmsprop(context, spec.rho, spec.epsilon);
    case 'adam':
      return adam(context, spec.beta1, spec.beta2, spec.epsilon);
    case 'adamw':
      return adamw(context, spec.beta1, spec.beta2, spec.epsilon, spec.weightDecay);
  }
}
