import { say } from '../../../engine/spec/message.ts';
import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../../../electron/contract/evaluation.ts';
import type { CheckpointInfo, RunDetail } from '../../../electron/contract/runs.ts';
import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import { parseRunSpec, type RunSpec, type RunSpecInput } from '../../../engine/spec/run-spec.ts';
import { SeriesBuffer } from '../../../renderer/feed/series-buffer.ts';
import {
  confusedPairs,
  confusionRows,
  matrixNames,
  rightCount,
  shortNames,
} from '../../../renderer/views/run/confusion.ts';
import { frameAt, FrameStore } from '../../../renderer/views/run/frame-store.ts';
import { tensorShape } from '../../../renderer/views/run/layer-shapes.ts';
import {
  calmerRate,
  divergedReason,
  epochsWithoutBetter,
  likelyCauses,
  normOf,
  goodCheckpoint,
} from '../../../renderer/views/run/run-figures.ts';
import { isPicture, predictionRange, samplesOf } from '../../../renderer/views/run/samples.ts';
import { layersText, optimizerText } from '../../../renderer/views/run/spec-text.ts';
import { fakeRun } from '../support/fake-runs.ts';

function spec(change: Partial<RunSpecInput> = {}): RunSpec {
  const parsed = parseRunSpec({
    data: { source: 'digits' },
    model: { layers: [{ type: 'affine', units: 50 }, { type: 'relu' }, { type: 'affine', units: 10 }] },
    optimizer: { type: 'sgd', lr: 0.3 },
    training: { epochs: 2 },
    ...change,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.spec;
}
function detail(of: RunSpec, inputShape: readonly number[] = [1, 8, 8]): RunDetail {
  return {
    summary: fakeRun(1),
    spec: of,
    message: null,
    kernels: null,
    dataSha256: null,
    weightsSha256: null,
    fingerprints: null,
    inputShape,
    outputNames: Array.from({ length: 10 }, (_, i) => String(i)),
    splitSizes: { train: 1, validation: 1, test: 1 },
    checkpoint: null,
    clock: [],
    testOpenings: 0,
    checkpoints: [],
    resumes: [],
    system: null,
    appVersion: '0.1.0',
  };
}
function frame(step: number, layer = 0, change: Partial<HistogramFrame> = {}): HistogramFrame {
  return {
    runId: fakeRun(1).id,
    kind: 'gradients',
    layer,
    layerName: `affine ${layer + 1}`,
    step,
    edges: Float32Array.from([-1, 0, 1]),
    counts: Uint32Array.from([3, 1]),
    below: 0,
    above: 0,
    nonFinite: 0,
    mean: 0,
    std: 0.5,
    ...change,
  };
}

describe('a diverged run', () => {
  test('is worth going on with after its best epoch, else as early as can be', () => {
    const at = (step: number, best = false) => ({ step, epoch: step / 10, best }) as CheckpointInfo;
    const of = (checkpoints: CheckpointInfo[]) => goodCheckpoint({ checkpoints } as unknown as RunDetail)?.step ?? null;
    expect(of([at(0), at(10, true), at(20, true), at(30)])).toBe(20);
    expect(of([at(0), at(30)])).toBe(0);
    expect(of([])).toBeNull();
  });
});

describe('confusion', () => {
  const evaluation = {
    classes: ['cat', 'dog', 'eel'],
    confusion: Uint32Array.from([40, 1, 0, 5, 44, 1, 0, 0, 9]),
    rows: 100,
  } as unknown as Evaluation;

  test('rows are true classes; one mistake is light, a twentieth of the row strong', () => {
    const rows = confusionRows(evaluation);
    expect(rows[1]?.map((cell) => [cell.count, cell.tone])).toEqual([
      [5, 'many'],
      [44, 'right'],
      [1, 'few'],
    ]);
    expect(rows[1]?.[0]?.share).toBe(0.1);
    expect(rightCount(evaluation)).toBe(93);
    expect(confusedPairs(evaluation, 2).map((cell) => [cell.truth, cell.predicted, cell.count])).toEqual([
      [1, 0, 5],
      [0, 1, 1],
    ]);
    expect(matrixNames(['class 0', 'class 1'])).toEqual(['0', '1']);
    expect(matrixNames(['class_0', 'class_1'])).toEqual(['0', '1']);
    expect(matrixNames(['class 1', 'class 2'])).toEqual(['class 1', 'class 2']);
    expect([shortNames(['0', '10']), shortNames(['cat'])]).toEqual([true, false]);
  });
});

describe('samples', () => {
  const list = {
    rows: Int32Array.from([7, 9]),
    truth: Float32Array.from([1, 2]),
    predicted: Float32Array.from([2, 2]),
    confidence: Float32Array.from([0.9, 0.8]),
    inputs: Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7]),
    inputShape: [1, 2, 2],
  };

  test('are cut from the columns without copying', () => {
    const [, second] = samplesOf(list);
    expect(second).toMatchObject({ row: 9, truth: 2, predicted: 2 });
    expect([...(second?.inputs ?? [])]).toEqual([4, 5, 6, 7]);
    expect(second?.inputs.buffer).toBe(list.inputs.buffer);
  });

  test('are pictures with one or three channels only', () => {
    expect([[1, 8, 8], [3, 4, 4], [2, 4, 4], [64], [1, 1, 9]].map(isPicture)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('the range of predictions passes over values that are not finite', () => {
    const wild = { ...list, predicted: Float32Array.from([Number.NaN, -4]) };
    expect(predictionRange({ mistakes: wild, examples: list } as unknown as Evaluation)).toEqual({ low: -4, high: 2 });
  });
});

describe('figures', () => {
  test('early stopping counts epochs since the last one that was better by the least change', () => {
    const curve = (values: number[]): SeriesBuffer => {
      const buffer = new SeriesBuffer('loss', 'validation');
      buffer.append({
        runId: fakeRun(1).id,
        metric: 'loss',
        split: 'validation',
        steps: Int32Array.from(values, (_, i) => (i + 1) * 10),
        values: Float32Array.from(values),
        startMs: 0,
        endMs: 0,
      });
      return buffer;
    };
    const loss = curve([1, 0.5, 0.49, 0.6, Number.NaN]);
    const accuracy = curve([0.2, 0.8, 0.8, 0.9]);
    const stopping = (metric: 'validationLoss' | 'validationAccuracy', minChange: number) => ({
      metric,
      minChange,
      patience: 5,
    });
    expect(epochsWithoutBetter(stopping('validationLoss', 0), { loss, accuracy })).toBe(2);
    expect(epochsWithoutBetter(stopping('validationLoss', 0.1), { loss, accuracy })).toBe(3);
    expect(epochsWithoutBetter(stopping('validationAccuracy', 0), { loss, accuracy })).toBe(0);
  });

  test('a norm comes back from count, mean and spread', () => {
    // Values 1, 1, 1, 3: norm sqrt(12), mean 1.5, population variance 0.75.
    const four = frame(0, 0, { mean: 1.5, std: Math.sqrt(0.75) });
    expect(normOf(four)).toBeCloseTo(Math.sqrt(12), 12);
  });

  test('repairs name what the spec lacks, and a tenth of a rate is a clean number', () => {
    expect(calmerRate(detail(spec()))).toBe(0.03);
    expect(likelyCauses(detail(spec())).map((cause) => cause.key)).toEqual(['rate', 'clipping']);
    const bare = spec({
      data: { source: 'digits', normalize: 'none' },
      optimizer: { type: 'adam', lr: 1, clipNorm: 1 },
    });
    expect(likelyCauses(detail(bare)).map((cause) => cause.key)).toEqual(['rate', 'scaling']);
  });

  test('a tenth of a rate far off is still far off: the repair stays in the usual range', () => {
    expect(calmerRate(detail(spec({ optimizer: { type: 'sgd', lr: 100_000 } })))).toBe(0.5);
    expect(calmerRate(detail(spec({ optimizer: { type: 'adam', lr: 0.5 } })))).toBe(0.01);
    const oneCycle = spec({ optimizer: { type: 'sgd', lr: 0.01 }, schedule: { type: 'one-cycle', maxLr: 2 } });
    expect(calmerRate(detail(oneCycle))).toBe(0.2);
  });

  test('a diverged run says its step, rate and weights once: the message keeps only the reason', () => {
    const tail = '; the last finite weights are kept';
    const reason = "The gradient of affine 1's weights was too large.";
    const problem = say`the gradient of affine ${1}'s weights was too large`;
    const now = say`diverged at step ${1}: ${problem} (learning rate ${100_000}); the last finite weights are kept`;
    expect(divergedReason(now)).toBe(reason);
    // As an older version kept it.
    expect(divergedReason({ message: now.message })).toBe(reason);
    expect(
      divergedReason({ message: `diverged at step 12 with learning rate 0.3: the loss was not finite${tail}` }),
    ).toBe('The loss was not finite.');
    expect([divergedReason(null), divergedReason({ message: 'Out of reach' })]).toEqual([null, 'Out of reach.']);
  });

  test('the card says settings in the words of the spec', () => {
    const deep = spec({
      model: {
        layers: [
          { repeat: 5, layers: [{ type: 'affine', units: 100 }, { type: 'relu' }] },
          { type: 'affine', units: 10 },
        ],
      },
      optimizer: { type: 'momentum', lr: 1e-5, weightDecay: 0.01 },
      schedule: { type: 'exponential', gamma: 0.99 },
    });
    expect(layersText(deep)).toBe('(affine 100 · relu) × 5 · affine 10');
    expect(layersText(spec())).toBe('affine 50 · relu · affine 10');
    expect(optimizerText(deep)).toBe('momentum, lr 1e−5, α 0.9, λ 0.01, exponential');
  });

  test('tensors are named by their shapes', () => {
    const net = detail(
      spec({
        model: {
          layers: [
            { type: 'conv2d', filters: 4, kernel: 3 },
            { type: 'relu' },
            { type: 'flatten' },
            { type: 'affine', units: 10 },
          ],
        },
      }),
    );
    expect(tensorShape(net, 'weights', 0)).toBe('4×1×3×3');
    expect(tensorShape(net, 'biases', 0)).toBe('4');
    expect(tensorShape(net, 'activations', 0)).toBe('4×6×6');
    expect(tensorShape(net, 'gradients', 3)).toBe('144×10');
    expect(tensorShape(net, 'weights', 1)).toBe('');
  });
});

describe('FrameStore', () => {
  test('keeps frames in order of step, one a step, and finds the one to show', () => {
    const store = new FrameStore();
    for (const step of [0, 20, 10, 20]) store.add(frame(step, 0, { above: step }));
    store.add(frame(20, 0, { above: 99 }));
    const frames = store.frames('gradients', 0);
    expect(frames.map((f) => [f.step, f.above])).toEqual([
      [0, 0],
      [10, 10],
      [20, 99],
    ]);
    expect(frameAt(frames, 15)?.step).toBe(10);
    expect(frameAt(frames, 999)?.step).toBe(20);
    expect(frameAt(frames.slice(1), 3)?.step).toBe(10);
    expect(frameAt([], 3)).toBeNull();
    expect(store.steps()).toEqual([0, 10, 20]);
  });

  test('draws the bins in use, of all frames alike, and anew when a frame needs more', () => {
    const bins = 288;
    const edges = Float32Array.from({ length: bins + 1 }, (_, i) => i - bins / 2);
    const spread = (step: number, reach: number): HistogramFrame => {
      const counts = new Uint32Array(bins).fill(7, bins / 2 - reach, bins / 2 + reach);
      return { ...frame(step, 0), edges, counts, below: 0, above: 0 };
    };
    const store = new FrameStore();
    store.add(spread(0, 10));
    store.add(spread(1, 30));
    const drawn = store.drawn('gradients', 0);
    // 36 of 144 bins on either side of 0, one by one.
    expect(drawn.map(({ counts }) => counts.length)).toEqual([72, 72]);
    expect(store.drawn('gradients', 0)).toBe(drawn);
    store.add(spread(2, 140));
    const wide = store.drawn('gradients', 0);
    // All 288, three at a time.
    expect(wide.map(({ counts }) => counts.length)).toEqual([96, 96, 96]);
    expect([...(wide[2]?.counts ?? [])].reduce((sum, n) => sum + n)).toBe(7 * 280);
    expect(wide[0]?.edges).toHaveLength(97);
  });

  test('lists layers by position and stays bounded with the first and the newest kept', () => {
    const store = new FrameStore();
    store.add(frame(0, 4));
    for (let step = 0; step < 5000; step++) store.add(frame(step, 2));
    expect(store.layers('gradients')).toEqual([
      { layer: 2, name: 'affine 3' },
      { layer: 4, name: 'affine 5' },
    ]);
    const frames = store.frames('gradients', 2);
    expect(frames.length).toBeLessThanOrEqual(800);
    expect([frames[0]?.step, frames.at(-1)?.step]).toEqual([0, 4999]);
  });
});
