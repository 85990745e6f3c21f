import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../engine/data/dataset.ts';
import { prepareData } from '../../../engine/data/prepare.ts';
import { decodeOnnx, encodeOnnx, readOnnxCard } from '../../../engine/formats/onnx-weights.ts';
import { readMessage } from '../../../engine/formats/protobuf.ts';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import { parseRunSpec } from '../../../engine/spec/run-spec.ts';
import { createTrainer } from '../../../engine/train/trainer.ts';
import { ONNX_FIXTURES, ONNX_ROWS, onnxInputs, onnxWeights, type OnnxFixture } from '../../fixtures/onnx/networks.ts';

const folder = join(import.meta.dirname, '../../fixtures/onnx');
/** What ONNX Runtime computed from the files. */
const outputs = JSON.parse(readFileSync(join(folder, 'outputs.json'), 'utf8')) as Record<
  string,
  { readonly shape: number[]; readonly values: number[] }
>;
const encode = (fixture: OnnxFixture) => encodeOnnx(fixture, onnxWeights(fixture), fixture.loss, '{"card":true}');

/** The engine's own outputs for the fixture. */
function predict(fixture: OnnxFixture): number[] {
  const outputsPerRow = outputs[fixture.name]?.shape[1] ?? 0;
  const regression = fixture.loss !== 'softmax-cross-entropy' && fixture.loss !== 'binary-cross-entropy';
  const parsed = parseRunSpec({
    data: { source: 'iris', normalize: 'none', validation: 0, test: 0 },
    model: { layers: fixture.layers },
    loss: fixture.loss,
    optimizer: { type: 'sgd', lr: 0.1 },
    training: { steps: 1 },
  });
  if (!parsed.ok) throw new Error('the spec of this test must be right');
  const shape = {
    input: fixture.inputShape,
    task: regression ? 'regression' : 'classification',
    outputs: regression ? outputsPerRow : Math.max(2, outputsPerRow),
  } as const;
  const set = {
    shape,
    x: onnxInputs(fixture),
    rows: ONNX_ROWS,
    labels: regression ? null : new Int32Array(ONNX_ROWS),
    targets: regression ? new Float32Array(ONNX_ROWS * outputsPerRow) : null,
    outputNames: [],
    featureNames: null,
    testFrom: ONNX_ROWS,
    maximum: null,
  };
  const data = prepareData(set, parsed.spec.data);
  const trainer = createTrainer({ spec: parsed.spec, data, kernels: createReferenceKernels() });
  trainer.loadWeights(onnxWeights(fixture));
  return [...trainer.predict(data.train).outputs];
}

describe.each(ONNX_FIXTURES)('$name', (fixture) => {
  it('is, byte by byte, the file that ONNX Runtime was given', () => {
    expect(Buffer.compare(encode(fixture), readFileSync(join(folder, `${fixture.name}.onnx`)))).toBe(0);
  });

  it('gives its weights and its card back', () => {
    const bytes = encode(fixture);
    expect(decodeOnnx(bytes, fixture, 'w')).toEqual(onnxWeights(fixture));
    expect(readOnnxCard(bytes, 'w')).toBe('{"card":true}');
  });
});

describe('ONNX Runtime computes what the engine computes, within 1e-5', () => {
  it.each(ONNX_FIXTURES.filter(({ name }) => name !== 'step'))('$name', (fixture) => {
    const { shape, values } = outputs[fixture.name] ?? { shape: [], values: [] };
    const own = predict(fixture);
    expect(shape[0]).toBe(ONNX_ROWS);
    expect(own.length).toBe(values.length);
    own.forEach((value, i) => expect(Math.abs(value - (values[i] ?? NaN)), `output ${i}`).toBeLessThan(1e-5));
  });

  it('step', () => {
    // The engine does not train through a step layer, so here the step is done by hand.
    const fixture = ONNX_FIXTURES.find(({ name }) => name === 'step');
    if (fixture === undefined) throw new Error('no step network');
    const [weight, bias] = onnxWeights(fixture).map(({ data }) => data);
    const x = onnxInputs(fixture);
    const expected = Array.from({ length: ONNX_ROWS * 3 }, (_, i) => {
      const row = Math.floor(i / 3);
      let sum = bias?.[i % 3] ?? NaN;
      for (let k = 0; k < 2; k++) sum += (x[row * 2 + k] ?? NaN) * (weight?.[k * 3 + (i % 3)] ?? NaN);
      return sum > 0 ? 1 : 0;
    });
    expect(outputs['step']?.values).toEqual(expected);
    expect(new Set(expected).size).toBe(2);
  });
});

describe('bad files', () => {
  const [fixture] = ONNX_FIXTURES;
  if (fixture === undefined) throw new Error('no networks');

  it('a truncation is refused wherever it is', () => {
    const whole = encode(fixture);
    for (let length = 0; length < whole.length; length += length < 300 ? 1 : 53) {
      expect(() => decodeOnnx(whole.subarray(0, length), fixture, 'w'), `${length} bytes`).toThrow(DataError);
    }
  });

  it.each<[string, number[]]>([
    ['field number 0', [0x00, 0x01]],
    ['a group', [0x0b]],
    ['a length beyond the end', [0x3a, 0x7f]],
    ['a length of 2^63', [0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['an endless varint', Array<number>(20).fill(0xff)],
  ])('%s is refused', (_what, bytes) => {
    expect(() => [...readMessage(Uint8Array.from(bytes), 'w')]).toThrow(
      /^w: not an ONNX file, or damaged at byte \d+$/,
    );
  });

  it('a graph of another program is told apart by its tensor names', () => {
    const bytes = encode(fixture);
    const from = Buffer.from('layers.0.weight');
    for (let at = bytes.indexOf(from[0] ?? 0); at >= 0; at = bytes.indexOf(from[0] ?? 0, at + 1)) {
      if (from.equals(bytes.subarray(at, at + from.length))) bytes.set(Buffer.from('other_00.weight'), at);
    }
    expect(() => decodeOnnx(bytes, fixture, 'w')).toThrow(
      new DataError('w: expected layers.0.weight of shape (4, 2, 3, 3), got "other_00.weight"'),
    );
  });

  it('changed bytes give a DataError or weights, never anything else', () => {
    const whole = encode(fixture);
    let refused = 0;
    let state = 7;
    const next = (n: number): number => (state = (Math.imul(state, 48271) >>> 0) % 2147483647) % n;
    for (let round = 0; round < 3000; round++) {
      const bytes = whole.slice();
      for (let i = next(4); i >= 0; i--) bytes[next(bytes.length)] = next(256);
      try {
        decodeOnnx(bytes, fixture, 'w');
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });
});
