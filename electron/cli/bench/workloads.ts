/**
 * The workloads of the bench, the same in every peer (test/bench): made-up pictures, the networks and how they train.
 * Everything random comes from a hash of a counter, so that each peer can make the very same numbers.
 */

import { mix32 } from '../../../engine/math/hash.ts';
import type { PreparedData } from '../../../engine/data/dataset.ts';
import { parseRunSpec, formatIssue, type RunSpec, type RunSpecInput } from '../../../engine/spec/run-spec.ts';
import type { NamedTensor, WeightSet } from '../../../engine/train/trainer-types.ts';

export const WORKLOADS = ['W1', 'W2', 'W3', 'W4', 'W5'] as const;
export type Workload = (typeof WORKLOADS)[number];

export const WORKLOAD_TITLES: Readonly<Record<Workload, string>> = {
  W1: 'MLP 784-50-10, sigmoid, SGD',
  W2: 'MLP 784-100×5-10, ReLU, Adam',
  W3: 'W2 with batch norm and dropout 0.2',
  W4: 'CNN 30 filters of 5×5, ReLU, max-pool, 100, 10, Adam',
  W5: 'inference of 10,000 rows through W2’s network',
};

export const ROW_SIZE = 784;
export const CLASSES = 10;
export const BATCH = 100;
/** Rows of the timed runs, and of one W5. */
export const ROWS = 60_000;
export const INFERENCE_ROWS = 10_000;
/** The check: a few steps over a few rows in order, dropout left out. */
export const CHECK = { rows: 80, batch: 20, steps: 4 } as const;

type LayerInput = RunSpecInput['model']['layers'][number];

/** uniform(i) in [0, 1), the same in every peer. */
function uniform(counter: number): number {
  return Math.fround(mix32(counter >>> 0) / 4294967296);
}

/** Pictures of noise; the label is the place of the largest of ten sums of two pixels. */
export function makeData(rows: number): PreparedData {
  const x = new Float32Array(rows * ROW_SIZE);
  for (let i = 0; i < x.length; i++) x[i] = uniform(i);
  const labels = new Int32Array(rows);
  for (let r = 0; r < rows; r++) {
    let best = -1;
    for (let j = 0; j < CLASSES; j++) {
      const sum = Math.fround((x[r * ROW_SIZE + j] ?? 0) + (x[r * ROW_SIZE + CLASSES + j] ?? 0));
      if (sum > best) {
        best = sum;
        labels[r] = j;
      }
    }
  }
  const none = new Int32Array();
  return {
    shape: { input: [ROW_SIZE], task: 'classification', outputs: CLASSES },
    rowSize: ROW_SIZE,
    x,
    scale: null,
    shift: null,
    labels,
    targets: null,
    train: Int32Array.from({ length: rows }, (_, i) => i),
    validation: none,
    test: none,
    outputNames: [],
    featureNames: null,
  };
}

/** The same rows as W4's network takes them. */
export function asImages(data: PreparedData): PreparedData {
  return { ...data, shape: { ...data.shape, input: [1, 28, 28] } };
}

function hidden(count: number, between: readonly LayerInput[]): LayerInput[] {
  return Array.from({ length: count }, (): LayerInput[] => [{ type: 'affine', units: 100 }, ...between]).flat();
}

/** The layers written out; `dropout` false leaves it out. */
function layersOf(workload: Workload, dropout: boolean): LayerInput[] {
  const output: LayerInput = { type: 'affine', units: CLASSES };
  switch (workload) {
    case 'W1':
      return [{ type: 'affine', units: 50 }, { type: 'sigmoid' }, output];
    case 'W2':
    case 'W5':
      return [...hidden(5, [{ type: 'relu' }]), output];
    case 'W3': {
      const drop: LayerInput[] = dropout ? [{ type: 'dropout', rate: 0.2 }] : [];
      return [...hidden(5, [{ type: 'batch-norm' }, { type: 'relu' }, ...drop]), output];
    }
    case 'W4':
      return [
        { type: 'conv2d', filters: 30, kernel: 5 },
        { type: 'relu' },
        { type: 'max-pool2d', kernel: 2 },
        { type: 'affine', units: 100 },
        { type: 'relu' },
        output,
      ];
  }
}

export function specOf(workload: Workload, check: boolean): RunSpec {
  const parsed = parseRunSpec({
    name: workload,
    data: { source: 'fashion-mnist', normalize: 'none', validation: 0 },
    model: { layers: layersOf(workload, !check) },
    optimizer: workload === 'W1' ? { type: 'sgd', lr: 0.1 } : { type: 'adam', lr: 0.001 },
    training: {
      batchSize: check ? CHECK.batch : BATCH,
      steps: check ? CHECK.steps : 1_000_000,
      sampling: check ? 'sequential' : 'replacement',
      histograms: { enabled: false },
      health: { enabled: false },
    },
  } satisfies RunSpecInput);
  if (parsed.ok) return parsed.spec;
  throw new Error(`bench: ${parsed.issues.map(formatIssue).join('; ')}`);
}

/** Weight k of layer i: uniform in ±√3·std with std √(2/in), √(1/in) before the sigmoid; biases 0. */
export function initialWeights(workload: Workload, spec: RunSpec): WeightSet {
  const weights: NamedTensor[] = [];
  let inputs = ROW_SIZE;
  let count = 0;
  const add = (name: string, shape: readonly number[], value: (i: number) => number): void => {
    const size = shape.reduce((product, n) => product * n, 1);
    weights.push({ name, shape, data: Float32Array.from({ length: size }, (_, i) => value(i)) });
  };
  const draw = (fanIn: number): ((i: number) => number) => {
    const first = 1_000_000_000 + 10_000_000 * count++;
    const limit = Math.sqrt(3 * ((workload === 'W1' ? 1 : 2) / fanIn));
    return (i) => (2 * uniform(first + i) - 1) * limit;
  };
  for (const [index, layer] of spec.model.layers.entries()) {
    if ('repeat' in layer) throw new Error('bench: layers are expected written out');
    const name = (field: string): string => `layers.${index}.${field}`;
    if (layer.type === 'affine') {
      add(name('weight'), [inputs, layer.units], draw(inputs));
      add(name('bias'), [layer.units], () => 0);
      inputs = layer.units;
    } else if (layer.type === 'conv2d') {
      add(name('weight'), [layer.filters, 1, layer.kernel, layer.kernel], draw(layer.kernel ** 2));
      add(name('bias'), [layer.filters], () => 0);
      inputs = layer.filters * (28 - layer.kernel + 1) ** 2;
    } else if (layer.type === 'batch-norm') {
      add(name('gamma'), [inputs], () => 1);
      add(name('beta'), [inputs], () => 0);
    } else if (layer.type === 'max-pool2d') {
      inputs /= layer.kernel ** 2;
    }
  }
  return weights;
}
