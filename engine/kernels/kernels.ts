/**
 * What a set of kernels can do. Three implementations stand behind this interface (reference, WebAssembly
 * SIMD, native); one test suite runs over all of them. A kernel never allocates, never reads a clock, never
 * draws a random number, and touches only the tensors it is given. `rows` says how many rows of the batch
 * dimension are in use: the last batch of an epoch is smaller than the buffers.
 *
 * Matrices are row-major. Affine weights are (in, out) as in the book, convolution weights
 * (filters, channels, kh, kw), images (rows, channels, height, width).
 */

import type { IntTensor, RowSource, Tensor } from '../math/tensor.ts';
import type { Shape } from '../spec/shapes.ts';

export const KERNEL_NAMES = [
  'reference',
  'reference-f64',
  'wasm',
  'native-avx2',
  'native-avx512',
  'native-neon',
] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];

/**
 * Memory for one run. Tensors are reserved first and placed together by `commit`, because WebAssembly memory
 * must not grow once views of it exist. After `commit` nothing can be reserved.
 */
export interface Arena {
  tensor(shape: Shape): Tensor;
  ints(size: number): IntTensor;
  /** Makes a data set's rows reachable for `gatherRows`; may copy them. */
  rows(source: RowSource): RowSource;
  commit(): void;
  /** Bytes in use after `commit`. */
  readonly byteLength: number;
}

/** Element-wise activations; `none` leaves the value as it is. */
export type Activation = 'none' | 'relu' | 'leaky-relu' | 'elu' | 'sigmoid' | 'tanh' | 'softplus' | 'step';

/** Sizes of a sliding-window layer. `outHeight = floor((height + 2·padding − kernel) / stride) + 1`. */
export interface WindowGeometry {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

export type ElementwiseLoss = 'mse' | 'mae' | 'huber' | 'binary-cross-entropy' | 'hinge' | 'exponential';

export interface Kernels {
  readonly name: KernelName;
  readonly dtype: 'float32' | 'float64';
  /** For the run card: "native AVX-512, clang 19.1.7", "WebAssembly SIMD", "reference". */
  readonly description: string;

  createArena(): Arena;

  /** out[r, j] = source[indices[first + r], j], scaled and shifted as the source says. */
  gatherRows(source: RowSource, indices: IntTensor, first: number, rows: number, out: Tensor): void;
  /**
   * Says which rows will be gathered next, indices[first … first + rows): kernels may fetch them into the cache while
   * they compute. Changes no result, and takes any indices.
   */
  expectRows(source: RowSource, indices: IntTensor, first: number, rows: number): void;

  /** y = activation(x·w + b). x (rows, in), w (in, out), b (out), y (rows, out). `parameter` is the slope or alpha. */
  affineForward(
    x: Tensor,
    w: Tensor,
    b: Tensor,
    y: Tensor,
    rows: number,
    activation: Activation,
    parameter: number,
  ): void;
  /** dw = xᵀ·dy, db = column sums of dy, dx = dy·wᵀ (skipped when dx is null: the first layer needs none). */
  affineBackward(x: Tensor, w: Tensor, dy: Tensor, dw: Tensor, db: Tensor, dx: Tensor | null, rows: number): void;

  /** y[i] = f(x[i]) for i < count; x and y may be the same tensor. */
  activationForward(kind: Activation, x: Tensor, y: Tensor, count: number, parameter: number): void;
  /** dx[i] = dy[i]·f'(x[i]), the derivative expressed by the output y alone; dx may be dy. */
  activationBackward(kind: Activation, y: Tensor, dy: Tensor, dx: Tensor, count: number, parameter: number): void;

  /** Cross-correlation as in the book: w (filters, channels, k, k), y (rows, filters, outHeight, outWidth). */
  conv2dForward(
    geometry: WindowGeometry,
    filters: number,
    x: Tensor,
    w: Tensor,
    b: Tensor,
    y: Tensor,
    rows: number,
    activation: Activation,
    parameter: number,
  ): void;
  conv2dBackward(
    geometry: WindowGeometry,
    filters: number,
    x: Tensor,
    w: Tensor,
    dy: Tensor,
    dw: Tensor,
    db: Tensor,
    dx: Tensor | null,
    rows: number,
  ): void;

  /**
   * Convolution, activation and max pooling in one pass over the images: y as conv2dForward gives it, pooled and argmax
   * as maxPoolForward makes them of y, to the bit. `pool` has `filters` channels. With `keepsOutput` false y is scratch:
   * no more of it is written than fits the cache, and none of it is of use.
   */
  conv2dMaxPoolForward(
    geometry: WindowGeometry,
    filters: number,
    x: Tensor,
    w: Tensor,
    b: Tensor,
    y: Tensor,
    pool: WindowGeometry,
    pooled: Tensor,
    argmax: IntTensor,
    rows: number,
    activation: Activation,
    parameter: number,
    keepsOutput: boolean,
  ): void;
  /**
   * Back through all three, from the gradient of the pooled output. The activation's slope is taken at the maxima only,
   * everywhere else the gradient is 0. Uses up dPooled, and y as scratch: neither holds anything of use afterwards.
   */
  conv2dMaxPoolBackward(
    geometry: WindowGeometry,
    filters: number,
    x: Tensor,
    w: Tensor,
    y: Tensor,
    pool: WindowGeometry,
    pooled: Tensor,
    argmax: IntTensor,
    dPooled: Tensor,
    dw: Tensor,
    db: Tensor,
    dx: Tensor | null,
    rows: number,
    activation: Activation,
    parameter: number,
  ): void;

  /** argmax holds, for each output, the index of its maximum within its input image plane (the first one on ties). */
  maxPoolForward(geometry: WindowGeometry, x: Tensor, y: Tensor, argmax: IntTensor, rows: number): void;
  maxPoolBackward(geometry: WindowGeometry, argmax: IntTensor, dy: Tensor, dx: Tensor, rows: number): void;
  avgPoolForward(geometry: WindowGeometry, x: Tensor, y: Tensor, rows: number): void;
  avgPoolBackward(geometry: WindowGeometry, dy: Tensor, dx: Tensor, rows: number): void;

  /**
   * Batch normalisation over (rows, channels, spatial) with the biased variance. Saves the normalised values
   * in `normalized` and 1/sqrt(variance + epsilon) in `inverseStd`; running ← momentum·running + (1 − momentum)·batch.
   */
  batchNormTrain(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    y: Tensor,
    normalized: Tensor,
    inverseStd: Tensor,
    runningMean: Tensor,
    runningVar: Tensor,
    rows: number,
    channels: number,
    spatial: number,
    momentum: number,
    epsilon: number,
  ): void;
  batchNormInfer(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    y: Tensor,
    runningMean: Tensor,
    runningVar: Tensor,
    rows: number,
    channels: number,
    spatial: number,
    epsilon: number,
  ): void;
  batchNormBackward(
    dy: Tensor,
    gamma: Tensor,
    normalized: Tensor,
    inverseStd: Tensor,
    dgamma: Tensor,
    dbeta: Tensor,
    dx: Tensor | null,
    rows: number,
    channels: number,
    spatial: number,
  ): void;

  /**
   * y[i] = keep(i) ? x[i]·scale : 0. keep(i) compares a counter-based hash of (i, keyLow, keyHigh) with the rate
   * (see `dropoutBits` in math/hash.ts, the same in every implementation), so the mask needs no memory and
   * backward repeats it: the same call with dy in place of x.
   */
  dropout(x: Tensor, y: Tensor, count: number, rate: number, scale: number, keyLow: number, keyHigh: number): void;

  /** Row-wise softmax, shifted by the row's maximum. */
  softmax(x: Tensor, y: Tensor, rows: number, columns: number): void;
  /** dx = y·(dy − Σ y·dy) per row. */
  softmaxBackward(y: Tensor, dy: Tensor, dx: Tensor, rows: number, columns: number): void;

  /**
   * Softmax and cross-entropy in one: returns the SUM of the rows' losses, in float64. dLogits (nullable, for
   * evaluation) receives (softmax − target)/rows, target smoothed by `smoothing`. `correct[0]` receives the number
   * of rows whose largest logit (the first on ties) is the label.
   */
  softmaxCrossEntropy(
    logits: Tensor,
    labels: IntTensor,
    dLogits: Tensor | null,
    correct: IntTensor,
    rows: number,
    classes: number,
    smoothing: number,
  ): number;
  /**
   * Element-wise losses, summed over columns; returns the SUM over rows, in float64. dOutputs (nullable)
   * receives the gradient of the mean over rows. mse is half the sum of squares; binary cross-entropy takes logits;
   * hinge and exponential read 0/1 targets as ±1. `parameter` is huber's delta.
   */
  elementwiseLoss(
    kind: ElementwiseLoss,
    outputs: Tensor,
    targets: Tensor,
    dOutputs: Tensor | null,
    rows: number,
    columns: number,
    parameter: number,
  ): number;

  /** g ← g + factor·w (the weight-decay term). */
  addScaled(g: Tensor, w: Tensor, factor: number): void;
  scale(t: Tensor, factor: number): void;
  /** Σ t², in float64. NaN or infinity in t gives a non-finite sum: one pass checks a gradient. */
  sumSquares(t: Tensor): number;

  sgd(w: Tensor, g: Tensor, lr: number): void;
  momentum(w: Tensor, g: Tensor, v: Tensor, lr: number, momentum: number): void;
  nesterov(w: Tensor, g: Tensor, v: Tensor, lr: number, momentum: number): void;
  adagrad(w: Tensor, g: Tensor, h: Tensor, lr: number, epsilon: number): void;
  rmsprop(w: Tensor, g: Tensor, h: Tensor, lr: number, rho: number, epsilon: number): void;
  /** correction1 = 1 − beta1^t, correction2 = 1 − beta2^t with t counted from 1; decay = lr·λ for AdamW, 0 for Adam. */
  adam(
    w: Tensor,
    g: Tensor,
    m: Tensor,
    v: Tensor,
    lr: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    correction1: number,
    correction2: number,
    decay: number,
  ): void;
}
