/** Gradient descent on functions of a few variables, book section 4.4.1. */

import { numericalGradient } from './numerical-differentiation.ts';

export interface DescentOptions {
  readonly start: readonly number[];
  readonly lr: number;
  readonly steps: number;
  /** The exact gradient; without it differences are taken. */
  readonly gradient?: (x: readonly number[]) => readonly number[];
}

/** x ← x − lr·∇f(x). Returns every point on the way, the start first: steps + 1 of them. */
export function descend(f: (x: readonly number[]) => number, options: DescentOptions): number[][] {
  const gradient = options.gradient ?? ((x: readonly number[]) => numericalGradient(f, x));
  let x = [...options.start];
  const path = [x];
  for (let i = 0; i < options.steps; i++) {
    const slope = gradient(x);
    x = x.map((value, j) => value - options.lr * (slope[j] ?? 0));
    path.push(x);
  }
  return path;
}
