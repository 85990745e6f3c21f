/** The perceptron and the logic gates made of it, book chapter 2. */

/** y = 1 where w·x + b > 0, else 0. Throws a RangeError when x and w differ in length. */
export function perceptron(w: readonly number[], b: number, x: readonly number[]): 0 | 1 {
  if (w.length !== x.length) throw new RangeError(`perceptron: ${w.length} weights for ${x.length} inputs`);
  const sum = w.reduce((total, weight, i) => total + weight * (x[i] ?? 0), b);
  return sum > 0 ? 1 : 0;
}

export interface Gate {
  readonly weights: readonly [number, number];
  readonly bias: number;
}

/** Section 2.3: the same perceptron, other numbers. */
export const GATES = {
  AND: { weights: [0.5, 0.5], bias: -0.7 },
  NAND: { weights: [-0.5, -0.5], bias: 0.7 },
  OR: { weights: [0.5, 0.5], bias: -0.2 },
} as const satisfies Record<string, Gate>;

export function gate(name: keyof typeof GATES, x1: number, x2: number): 0 | 1 {
  const { weights, bias } = GATES[name];
  return perceptron(weights, bias, [x1, x2]);
}

/** Section 2.5: no single line separates XOR, two layers do. XOR = AND(NAND(x1, x2), OR(x1, x2)) */
export function xor(x1: number, x2: number): 0 | 1 {
  return gate('AND', gate('NAND', x1, x2), gate('OR', x1, x2));
}
