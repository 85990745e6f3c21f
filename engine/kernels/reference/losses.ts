/** Loss functions with their gradients: each returns the sum over rows, gradients are those of the mean over rows. */

import type { ElementwiseLoss } from '../kernels.ts';
import type { IntTensor, Tensor } from '../../math/tensor.ts';

/**
 * p = softmax(logits), t_k = (1 − smoothing)·[k = label] + smoothing/classes, loss = −Σ t_k·log p_k,
 * gradient (p − t)/rows. log p_k = logit_k − max − log Σ exp(logit_j − max), which never overflows.
 */
export function softmaxCrossEntropy(
  logits: Tensor,
  labels: IntTensor,
  dLogits: Tensor | null,
  correct: IntTensor,
  rows: number,
  classes: number,
  smoothing: number,
): number {
  const x = logits.data;
  let total = 0;
  let right = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    const label = labels.data[row]!;
    let best = 0;
    for (let k = 1; k < classes; k++) if (x[start + k]! > x[start + best]!) best = k;
    if (best === label) right++;
    const max = x[start + best]!;
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(x[start + k]! - max);
    const logSum = Math.log(sum);
    for (let k = 0; k < classes; k++) {
      const target = smoothing / classes + (k === label ? 1 - smoothing : 0);
      const logP = x[start + k]! - max - logSum;
      if (target !== 0) total -= target * logP;
      if (dLogits !== null) dLogits.data[start + k] = (Math.exp(logP) - target) / rows;
    }
  }
  correct.data[0] = right;
  return total;
}

/** Loss of one output against one target. hinge and exponential read the target's 0 and 1 as −1 and +1. */
export function elementLoss(kind: ElementwiseLoss, output: number, target: number, parameter: number): number {
  const error = output - target;
  const sign = 2 * target - 1;
  switch (kind) {
    case 'mse':
      return (error * error) / 2;
    case 'mae':
      return Math.abs(error);
    case 'huber':
      return Math.abs(error) <= parameter ? (error * error) / 2 : parameter * (Math.abs(error) - parameter / 2);
    case 'binary-cross-entropy':
      return Math.max(output, 0) - output * target + Math.log1p(Math.exp(-Math.abs(output)));
    case 'hinge':
      return Math.max(0, 1 - sign * output);
    case 'exponential':
      return Math.exp(-sign * output);
  }
}

/** Derivative of `elementLoss` by the output; at a kink 0 for mae and hinge. */
export function elementGradient(kind: ElementwiseLoss, output: number, target: number, parameter: number): number {
  const error = output - target;
  const sign = 2 * target - 1;
  switch (kind) {
    case 'mse':
      return error;
    case 'mae':
      return Math.sign(error);
    case 'huber':
      return Math.abs(error) <= parameter ? error : parameter * Math.sign(error);
    case 'binary-cross-entropy':
      return 1 / (1 + Math.exp(-output)) - target;
    case 'hinge':
      return sign * output < 1 ? -sign : 0;
    case 'exponential':
      return -sign * Math.exp(-sign * output);
  }
}

export function elementwiseLoss(
  kind: ElementwiseLoss,
  outputs: Tensor,
  targets: Tensor,
  dOutputs: Tensor | null,
  rows: number,
  columns: number,
  parameter: number,
): number {
  let total = 0;
  for (let i = 0; i < rows * columns; i++) {
    const output = outputs.data[i]!;
    const target = targets.data[i]!;
    total += elementLoss(kind, output, target, parameter);
    if (dOutputs !== null) dOutputs.data[i] = elementGradient(kind, output, target, parameter) / rows;
  }
  return total;
}
