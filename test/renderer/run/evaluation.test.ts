import { describe, expect, it } from 'vitest';
import type { ClassificationReport, RegressionReport } from '../../../electron/contract/evaluation.ts';
import { classScores, confidenceHistogram } from '../../../engine/train/class-scores.ts';
import { confusionMatrix } from '../../../engine/train/evaluation.ts';
import { barsModel } from '../../../renderer/charts/options/bars.ts';
import { residualsModel } from '../../../renderer/charts/options/residuals.ts';
import { confusionRows } from '../../../renderer/views/run/confusion.ts';
import { galleryPositions, residualAt, worstPositions } from '../../../renderer/views/run/evaluation/gallery.ts';

function report(
  truth: readonly number[],
  predicted: readonly number[],
  confidence: readonly number[],
): ClassificationReport {
  const [t, p] = [Int32Array.from(truth), Int32Array.from(predicted)];
  const confusion = confusionMatrix(t, p, 3);
  const right = Uint8Array.from(truth, (label, i) => Number(label === predicted[i]));
  return {
    accuracy: right.reduce((a, b) => a + b, 0) / truth.length,
    classes: ['a', 'b', 'c'],
    confusion,
    scores: classScores(confusion, 3),
    confidences: confidenceHistogram(Float32Array.from(confidence), right, true, 4),
    probabilities: true,
    sampleRows: Int32Array.from(truth, (_, i) => 100 + i),
    truth: t,
    predicted: p,
    confidence: Float32Array.from(confidence),
  };
}

describe('the gallery', () => {
  const given = report([0, 0, 1, 1, 2, 2, 0], [0, 1, 1, 0, 0, 0, 1], [0.9, 0.6, 0.5, 0.8, 0.7, 0.95, 0.6]);

  it('has every mistake, surest first, the first of equals before the other', () => {
    expect(galleryPositions(given, null, 'surest')).toEqual([5, 3, 4, 1, 6]);
    expect(galleryPositions(given, null, 'unsurest')).toEqual([1, 6, 4, 3, 5]);
    const offDiagonal = confusionRows(given)
      .flat()
      .filter((cell) => cell.truth !== cell.predicted);
    expect(galleryPositions(given, null, 'surest')).toHaveLength(
      offDiagonal.reduce((sum, { count }) => sum + count, 0),
    );
  });

  it('has as many rows for a cell as the cell counts, right ones too', () => {
    for (const { truth, predicted, count } of confusionRows(given).flat()) {
      expect(galleryPositions(given, { truth, predicted }, 'surest')).toHaveLength(count);
    }
    expect(galleryPositions(given, { truth: 0, predicted: 0 }, 'surest')).toEqual([0]);
  });

  it('has the mistakes of a class, by truth or by prediction', () => {
    expect(galleryPositions(given, { truth: 2, predicted: null }, 'surest')).toEqual([5, 4]);
    expect(galleryPositions(given, { truth: null, predicted: 0 }, 'surest')).toEqual([5, 3, 4]);
  });
});

it('a cell knows its share of the row and of the column', () => {
  const cell = confusionRows(report([0, 0, 0, 1], [0, 0, 1, 1], [1, 1, 1, 1]))[0]?.[1];
  expect(cell).toMatchObject({ count: 1, share: 1 / 3, columnShare: 1 / 2 });
  expect(confusionRows(report([0], [0], [1]))[2]?.[2]).toMatchObject({ count: 0, share: 0, columnShare: 0 });
});

describe('a regression', () => {
  const given: RegressionReport = {
    outputs: ['x', 'y'],
    scores: [],
    sampleRows: Int32Array.of(7, 8, 9),
    targets: Float32Array.of(1, 0, 2, 0, 3, 0),
    predictions: Float32Array.of(2, 5, 2, NaN, 0, -1),
  };

  it('has its largest residuals first, those that are no number before all', () => {
    expect([0, 1, 2].map((row) => residualAt(given, row, 0))).toEqual([-1, 0, 3]);
    expect(worstPositions(given, 0)).toEqual([2, 0, 1]);
    expect(worstPositions(given, 1)).toEqual([1, 0, 2]);
  });

  it('draws residuals around 0 and leaves out what is not finite', () => {
    const model = residualsModel(Float64Array.of(1, 2, 3), Float64Array.of(-4, NaN, 1), 400);
    expect([...model.points]).toEqual([1, -4, 3, 1]);
    expect(model.y.min).toBe(-model.y.max);
    expect(model.y.max).toBeGreaterThanOrEqual(4);
  });
});

it('bars stand to the scale of their side, and empty bins have none', () => {
  const { bars, y } = barsModel(Float64Array.of(0, 0.5, 1), Uint32Array.of(0, 200), Uint32Array.of(4, 1), 400);
  expect(bars).toEqual([
    [0.5, 1, 1],
    [0, 0.5, -1],
    [0.5, 1, -0.25],
  ]);
  expect(y.ticks.map(({ label }) => label)).toEqual(['4', '0', '200']);
});
