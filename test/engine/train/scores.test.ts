import { describe, expect, it } from 'vitest';
import { classScores, confidenceHistogram } from '../../../engine/train/class-scores.ts';
import { regressionScores } from '../../../engine/train/regression-scores.ts';

describe('scores of classes', () => {
  // Truth in rows: 5 of class 0, 4 of class 1, 3 of class 2, none of class 3; nothing is taken for class 2.
  const confusion = Uint32Array.of(4, 1, 0, 0, 1, 3, 0, 0, 2, 0, 0, 1, 0, 0, 0, 0);
  const scores = classScores(confusion, 4);

  it('are those worked out by hand', () => {
    expect([...scores.support]).toEqual([5, 4, 3, 0]);
    expect([...scores.taken]).toEqual([7, 4, 0, 1]);
    expect([...scores.precision]).toEqual([4 / 7, 3 / 4, NaN, 0]);
    expect([...scores.recall]).toEqual([4 / 5, 3 / 4, 0, NaN]);
    // 2·4 / (7 + 5), 2·3 / (4 + 4), 0 / (0 + 3), 0 / (1 + 0)
    expect([...scores.f1]).toEqual([8 / 12, 6 / 8, 0, 0]);
  });

  it('average as scikit-learn does: what would divide by zero counts as 0', () => {
    expect(scores.macro.precision).toBeCloseTo((4 / 7 + 3 / 4) / 4, 15);
    expect(scores.macro.recall).toBeCloseTo((4 / 5 + 3 / 4) / 4, 15);
    expect(scores.macro.f1).toBeCloseTo((2 / 3 + 3 / 4) / 4, 15);
    expect(scores.weighted.precision).toBeCloseTo((5 * (4 / 7) + 4 * (3 / 4)) / 12, 15);
    // Recall weighted by support is the accuracy: 7 of 12.
    expect(scores.weighted.recall).toBeCloseTo(7 / 12, 15);
    expect(scores.weighted.f1).toBeCloseTo((5 * (2 / 3) + 4 * (3 / 4)) / 12, 15);
  });

  it('leave a class out of the macro mean that neither occurs nor is predicted', () => {
    const two = classScores(Uint32Array.of(3, 0, 0, 0, 1, 0, 0, 0, 0), 3);
    expect(two.macro).toEqual({ precision: 1, recall: 1, f1: 1 });
    expect([two.precision[2], two.recall[2], two.f1[2]]).toEqual([NaN, NaN, NaN]);
  });
});

describe('a histogram of confidences', () => {
  it('counts right and wrong apart, an edge above it, 1 in the last bin', () => {
    const confidence = Float32Array.of(0, 0.25, 0.25, 0.5, 0.9, 1, NaN);
    const { edges, right, wrong } = confidenceHistogram(confidence, Uint8Array.of(0, 1, 0, 1, 1, 0, 1), true, 4);
    expect([...edges]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect([...right]).toEqual([0, 1, 1, 1]);
    expect([...wrong]).toEqual([1, 1, 0, 1]);
  });

  it('reaches to the largest score where there are no probabilities', () => {
    const { edges, right } = confidenceHistogram(Float32Array.of(0, 4, 8), Uint8Array.of(1, 1, 1), false, 2);
    expect([...edges]).toEqual([0, 4, 8]);
    expect([...right]).toEqual([1, 2]);
  });
});

describe('scores of a regression', () => {
  it('are those worked out by hand', () => {
    // Residuals target − output: 1, −1, 2, 0.
    const scores = regressionScores(Float32Array.of(3, 1, 6, 2), Float32Array.of(2, 2, 4, 2), 1, 0);
    expect(scores.rmse).toBeCloseTo(Math.sqrt(6 / 4), 15);
    expect(scores.mae).toBe(1);
    expect(scores.bias).toBe(0.5);
    // Targets around their mean of 3: 0, −2, 3, −1.
    expect(scores.r2).toBeCloseTo(1 - 6 / 14, 15);
    expect([...scores.edges]).toEqual([-2, -1, 0, 1, 2]);
    expect([...scores.counts]).toEqual([0, 1, 1, 2]);
    expect(scores.notFinite).toBe(0);
  });

  it('take their own column, and count what is not finite apart', () => {
    const targets = Float32Array.of(0, 1, 0, 5);
    const outputs = Float32Array.of(9, 1, 9, Infinity);
    const scores = regressionScores(targets, outputs, 2, 1);
    expect(scores.notFinite).toBe(1);
    expect([...scores.counts]).toEqual([0, 0, 1, 0]);
    expect(scores).toMatchObject({ rmse: 0, mae: 0, bias: 0 });
    const three = regressionScores(Float32Array.of(1, 3, 9), Float32Array.of(2, 1, Number.NaN), 1, 0);
    expect(three).toMatchObject({ mae: 1.5, bias: 0.5, notFinite: 1 });
    expect(three.r2).toBeCloseTo(1 - 5 / 2, 15);
    expect(regressionScores(Float32Array.of(1), Float32Array.of(Infinity), 1, 0)).toMatchObject({
      rmse: Number.NaN,
      notFinite: 1,
    });
  });

  it('have no R² when all targets are equal', () => {
    expect(regressionScores(Float32Array.of(2, 2), Float32Array.of(1, 3), 1, 0).r2).toBeNaN();
  });
});
