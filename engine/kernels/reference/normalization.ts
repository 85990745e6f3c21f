/** Batch normalisation (Ioffe & Szegedy 2015) and dropout (Srivastava et al. 2014), by their formulas. */

import type { Tensor } from '../../math/tensor.ts';
import { dropoutBits, dropoutThreshold } from '../../math/hash.ts';

/**
 * μ = mean(x), σ² = mean((x − μ)²), x̂ = (x − μ)/√(σ² + ε), y = γ·x̂ + β, each channel over rows and places.
 * running ← momentum·running + (1 − momentum)·batch, for the mean and the biased variance.
 */
export function batchNormTrain(
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
): void {
  const n = rows * spatial;
  for (let c = 0; c < channels; c++) {
    const at = (r: number, s: number): number => (r * channels + c) * spatial + s;
    let sum = 0;
    for (let r = 0; r < rows; r++) for (let s = 0; s < spatial; s++) sum += x.data[at(r, s)]!;
    const mean = sum / n;
    let squares = 0;
    for (let r = 0; r < rows; r++) for (let s = 0; s < spatial; s++) squares += (x.data[at(r, s)]! - mean) ** 2;
    const variance = squares / n;
    const inverse = 1 / Math.sqrt(variance + epsilon);
    inverseStd.data[c] = inverse;
    for (let r = 0; r < rows; r++) {
      for (let s = 0; s < spatial; s++) {
        const value = (x.data[at(r, s)]! - mean) * inverse;
        normalized.data[at(r, s)] = value;
        y.data[at(r, s)] = gamma.data[c]! * value + beta.data[c]!;
      }
    }
    runningMean.data[c] = momentum * runningMean.data[c]! + (1 - momentum) * mean;
    runningVar.data[c] = momentum * runningVar.data[c]! + (1 - momentum) * variance;
  }
}

/** y = γ·(x − running mean)/√(running variance + ε) + β */
export function batchNormInfer(
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
): void {
  for (let c = 0; c < channels; c++) {
    const factor = gamma.data[c]! / Math.sqrt(runningVar.data[c]! + epsilon);
    for (let r = 0; r < rows; r++) {
      for (let s = 0; s < spatial; s++) {
        const at = (r * channels + c) * spatial + s;
        y.data[at] = (x.data[at]! - runningMean.data[c]!) * factor + beta.data[c]!;
      }
    }
  }
}

/** dγ = Σ dy·x̂, dβ = Σ dy, dx = γ/√(σ² + ε)·(dy − (dβ + x̂·dγ)/n), n = rows·places. */
export function batchNormBackward(
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
): void {
  const n = rows * spatial;
  for (let c = 0; c < channels; c++) {
    const at = (r: number, s: number): number => (r * channels + c) * spatial + s;
    let sum = 0;
    let dot = 0;
    for (let r = 0; r < rows; r++) {
      for (let s = 0; s < spatial; s++) {
        sum += dy.data[at(r, s)]!;
        dot += dy.data[at(r, s)]! * normalized.data[at(r, s)]!;
      }
    }
    dgamma.data[c] = dot;
    dbeta.data[c] = sum;
    if (dx === null) continue;
    const factor = gamma.data[c]! * inverseStd.data[c]!;
    for (let r = 0; r < rows; r++) {
      for (let s = 0; s < spatial; s++) {
        dx.data[at(r, s)] = factor * (dy.data[at(r, s)]! - (sum + normalized.data[at(r, s)]! * dot) / n);
      }
    }
  }
}

/** y[i] = x[i]·scale where the hash of i keeps it, else 0. */
export function dropout(
  x: Tensor,
  y: Tensor,
  count: number,
  rate: number,
  scale: number,
  keyLow: number,
  keyHigh: number,
): void {
  const threshold = dropoutThreshold(rate);
  for (let i = 0; i < count; i++) {
    y.data[i] = dropoutBits(i, keyLow, keyHigh) < threshold ? 0 : x.data[i]! * scale;
  }
}
