/** Chapter 2: gates from one formula. */

import { describe, expect, test } from 'vitest';
import { gate, GATES, perceptron, xor } from '../../engine/lab/perceptron.ts';

const INPUTS = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;

describe('section 2.3', () => {
  test.each([
    ['AND', [0, 0, 0, 1]],
    ['NAND', [1, 1, 1, 0]],
    ['OR', [0, 1, 1, 1]],
  ] as const)('%s', (name, truth) => {
    expect(INPUTS.map(([x1, x2]) => gate(name, x1, x2))).toEqual(truth);
  });

  test('the weights are those given', () => {
    expect(GATES.AND).toEqual({ weights: [0.5, 0.5], bias: -0.7 });
    expect(GATES.NAND).toEqual({ weights: [-0.5, -0.5], bias: 0.7 });
    expect(GATES.OR).toEqual({ weights: [0.5, 0.5], bias: -0.2 });
    expect(() => perceptron([1], 0, [1, 2])).toThrow(RangeError);
  });
});

describe('section 2.5', () => {
  test('XOR from two layers', () => {
    expect(INPUTS.map(([x1, x2]) => xor(x1, x2))).toEqual([0, 1, 1, 0]);
  });
});
