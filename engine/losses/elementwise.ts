/** The frame shared by losses that compare outputs with targets one by one and sum over the columns. */

import type { ElementwiseLoss } from '../kernels/kernels.ts';
import type { FloatArray } from '../math/tensor.ts';
import type { Loss, LossContext, Presentation } from './loss.ts';
import { countRight } from './zero-one.ts';

export interface ElementwiseOptions {
  /** Huber's delta, else 0. */
  readonly parameter: number;
  readonly presentation: Presentation;
  /** With a single output, the value above which a row counts as class 1. */
  readonly threshold: number;
}

/** Class labels become targets: one-hot over several outputs, 0 or 1 for a single one. */
export function elementwiseLoss(context: LossContext, kind: ElementwiseLoss, options: ElementwiseOptions): Loss {
  const { kernels, arena, outputs, columns } = context;
  const { parameter, threshold } = options;
  const labels = context.classes ? arena.ints(context.capacity) : null;
  const targets = arena.tensor([context.capacity, columns]);
  let right = NaN;
  return {
    labels,
    targets,
    presentation: options.presentation,
    threshold,
    evaluate(rows, gradient) {
      if (labels !== null) {
        fillTargets(targets.data, labels.data, rows, columns);
        right = countRight(outputs.data, labels.data, rows, columns, threshold);
      }
      return kernels.elementwiseLoss(kind, outputs, targets, gradient, rows, columns, parameter);
    },
    correct: () => right,
  };
}

function fillTargets(targets: FloatArray, labels: Int32Array, rows: number, columns: number): void {
  if (columns === 1) {
    for (let row = 0; row < rows; row++) targets[row] = labels[row]!;
    return;
  }
  targets.fill(0, 0, rows * columns);
  for (let row = 0; row < rows; row++) targets[row * columns + labels[row]!] = 1;
}
