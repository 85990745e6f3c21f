/**
 * Which bins a tensor is counted in. They are chosen once, from what is known when it is first looked at, and must
 * hold what it becomes: a histogram whose values have left its bins shows nothing. They are of equal width, so a
 * frame can be drawn as it is.
 */

import type { FloatArray } from '../math/tensor.ts';
import type { PreparedData } from '../data/dataset.ts';
import type { LayerType, LossSpec } from '../spec/layer-spec.ts';
import { binCount, largestMagnitude, linearEdges } from './histogram.ts';
import type { NamedState } from './model.ts';

/** What says how far the values of a run may go. */
export interface Reach {
  readonly lr: number;
  readonly totalSteps: number;
  /** See `usualOutput`. */
  readonly usualOutput: number;
}

/** Trained weights hardly ever are larger than this, unless they began larger. */
const USUAL_WEIGHT = 3;
/** Logits of this size make a softmax certain to 1e-8; training stops to push them there. */
const USUAL_LOGIT = 20;

/**
 * How large a trained network's outputs may be: a little larger than the targets where the loss compares the two
 * (one-hot rows for classes), else what logits grow to. Only training rows are looked at.
 */
export function usualOutput(loss: LossSpec, data: PreparedData): number {
  const type = typeof loss === 'string' ? loss : loss.type;
  if (type !== 'mse' && type !== 'mae' && type !== 'huber') return USUAL_LOGIT;
  const { targets, train } = data;
  if (targets === null) return 2;
  const columns = data.shape.outputs;
  let largest = 0;
  for (const row of train) {
    largest = Math.max(largest, largestMagnitude(targets.subarray(row * columns, (row + 1) * columns), columns));
  }
  return 1.25 * largest;
}

/**
 * Weights and biases: ±max(2·max|w₀|, 5·√(2/fan-in), min(3, max|w₀| + lr·steps)), w₀ being their first values. The
 * first two are room for He's spread whatever the weights start from; the third for a long run, but no more than it
 * can use: a step of Adam moves a weight by about the learning rate. Batch norm's gamma is looked at around 1.
 */
export function parameterEdges({ field, tensor, parameter }: NamedState, { lr, totalSteps }: Reach): Float32Array {
  const { data } = tensor;
  if (field === 'gamma') return linearEdges(-1, 3, binCount(data.length));
  const fanIn = field === 'beta' ? 8 : (parameter?.fanIn ?? 1);
  const first = largestMagnitude(data, data.length);
  const far = Math.min(USUAL_WEIGHT, first + lr * totalSteps);
  return symmetricEdges(Math.max(2 * first, 5 * Math.sqrt(2 / fanIn), far), data.length);
}

/**
 * Five times the first ones: gradients grow when a network leaves its plateau, and shrink later, often to a tenth and
 * less. Three times as many bins as other tensors get, so that those still spread over several.
 */
export function gradientEdges(gradients: FloatArray): Float32Array {
  const extent = 5 * largestMagnitude(gradients, gradients.length) || 1;
  return linearEdges(-extent, extent, 3 * binCount(gradients.length));
}

/**
 * Where the layer's function is bounded, all it can give; else four times its first extent. `reach` is handed in for
 * the last layer: it learns to give logits, or numbers as large as the targets.
 */
export function activationEdges(type: LayerType, values: FloatArray, count: number, reach: Reach | null): Float32Array {
  const bins = binCount(count);
  const first = 4 * largestMagnitude(values, count);
  const extent = Math.max(first, reach?.usualOutput ?? 0);
  switch (type) {
    case 'sigmoid':
    case 'softmax':
    case 'step':
      return linearEdges(0, 1, bins);
    case 'tanh':
      return linearEdges(-1, 1, bins);
    case 'relu':
    case 'softplus':
      return linearEdges(0, extent || 1, bins);
    default:
      return symmetricEdges(extent, count);
  }
}

function symmetricEdges(extent: number, size: number): Float32Array {
  const range = extent || 1;
  return linearEdges(-range, range, binCount(size));
}
