/** Parameter updates, one weight at a time. The sources of the rules are in engine/optimizers. */

import type { Tensor } from '../../math/tensor.ts';

/** g ← g + factor·w */
export function addScaled(g: Tensor, w: Tensor, factor: number): void {
  for (let i = 0; i < g.size; i++) g.data[i]! += factor * w.data[i]!;
}

/** t ← factor·t */
export function scale(t: Tensor, factor: number): void {
  for (let i = 0; i < t.size; i++) t.data[i]! *= factor;
}

/** Σ t² */
export function sumSquares(t: Tensor): number {
  let sum = 0;
  for (let i = 0; i < t.size; i++) sum += t.data[i]! * t.data[i]!;
  return sum;
}

/** w ← w − lr·g */
export function sgd(w: Tensor, g: Tensor, lr: number): void {
  for (let i = 0; i < w.size; i++) w.data[i]! -= lr * g.data[i]!;
}

/** v ← α·v − lr·g, w ← w + v */
export function momentum(w: Tensor, g: Tensor, v: Tensor, lr: number, alpha: number): void {
  for (let i = 0; i < w.size; i++) {
    const velocity = alpha * v.data[i]! - lr * g.data[i]!;
    v.data[i] = velocity;
    w.data[i]! += velocity;
  }
}

/** v ← α·v − lr·g, w ← w + α·v − lr·g */
export function nesterov(w: Tensor, g: Tensor, v: Tensor, lr: number, alpha: number): void {
  for (let i = 0; i < w.size; i++) {
    const velocity = alpha * v.data[i]! - lr * g.data[i]!;
    v.data[i] = velocity;
    w.data[i]! += alpha * velocity - lr * g.data[i]!;
  }
}

/** h ← h + g², w ← w − lr·g/(√h + ε) */
export function adagrad(w: Tensor, g: Tensor, h: Tensor, lr: number, epsilon: number): void {
  for (let i = 0; i < w.size; i++) {
    const sum = h.data[i]! + g.data[i]! * g.data[i]!;
    h.data[i] = sum;
    w.data[i]! -= (lr * g.data[i]!) / (Math.sqrt(sum) + epsilon);
  }
}

/** h ← ρ·h + (1 − ρ)·g², w ← w − lr·g/(√h + ε) */
export function rmsprop(w: Tensor, g: Tensor, h: Tensor, lr: number, rho: number, epsilon: number): void {
  for (let i = 0; i < w.size; i++) {
    const mean = rho * h.data[i]! + (1 - rho) * g.data[i]! * g.data[i]!;
    h.data[i] = mean;
    w.data[i]! -= (lr * g.data[i]!) / (Math.sqrt(mean) + epsilon);
  }
}

/** m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², w ← w − lr·(m/c₁)/(√(v/c₂) + ε) − decay·w */
export function adam(
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
): void {
  for (let i = 0; i < w.size; i++) {
    const gradient = g.data[i]!;
    const first = beta1 * m.data[i]! + (1 - beta1) * gradient;
    const second = beta2 * v.data[i]! + (1 - beta2) * gradient * gradient;
    m.data[i] = first;
    v.data[i] = second;
    const step = (lr * (first / correction1)) / (Math.sqrt(second / correction2) + epsilon);
    w.data[i] = w.data[i]! - step - decay * w.data[i]!;
  }
}
