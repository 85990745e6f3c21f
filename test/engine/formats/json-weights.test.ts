import { describe, expect, it } from 'vitest';
import { DataError } from '../../../engine/data/dataset.ts';
import { decodeJsonWeights, encodeJsonWeights, readJsonCard } from '../../../engine/formats/json-weights.ts';

const model = { inputShape: [2], layers: [{ type: 'affine', units: 3, init: 'he' }] } as const;
const weights = [
  { name: 'layers.0.weight', shape: [2, 3], data: Float32Array.of(0.1, -0, 1e-45, 16777216, 3.4028235e38, 1 / 3) },
  { name: 'layers.0.bias', shape: [3], data: Float32Array.of(NaN, Infinity, -Infinity) },
];
const parts = { card: { version: 1 }, spec: { name: 'r' }, metrics: { bestEpoch: 3 } };
const write = () => Buffer.from(encodeJsonWeights(model, weights, parts)).toString();
const read = (text: string) => decodeJsonWeights(Buffer.from(text), model, 'w');

describe('JSON weights', () => {
  it('are readable: spec, metrics, model and one row of a tensor a line, in few digits', () => {
    expect(JSON.parse(write())).toEqual({
      format: 'descent-weights',
      version: 1,
      spec: { name: 'r' },
      metrics: { bestEpoch: 3 },
      model: { version: 1 },
      tensors: [
        { name: 'layers.0.weight', shape: [2, 3], values: [0.1, -0, 1.4013e-45, 16777216, 3.4028235e38, 0.33333334] },
        { name: 'layers.0.bias', shape: [3], values: ['NaN', 'Infinity', '-Infinity'] },
      ],
    });
    expect(write()).toContain('\n      0.1, -0, 1.4013e-45,\n      16777216, 3.4028235e+38, 0.33333334\n');
  });

  it('give every value back', () => {
    for (const [i, tensor] of read(write()).entries()) {
      expect([...tensor.data]).toEqual([...(weights[i]?.data ?? [])]);
    }
    expect(readJsonCard(Buffer.from(write()), 'w')).toBe('{"version":1}');
  });

  it('give every float32 of a sweep over all exponents back', () => {
    const bits = Uint32Array.from({ length: 6 }, (_, i) => i);
    for (let exponent = 0; exponent < 255; exponent++) {
      const data = new Float32Array(
        bits.map((i) => (exponent << 23) | (Math.imul(i + exponent, 2654435761) >>> 9)).buffer,
      );
      const set = [
        { name: 'layers.0.weight', shape: [2, 3], data },
        { name: 'layers.0.bias', shape: [3], data: new Float32Array(3) },
      ];
      expect(decodeJsonWeights(encodeJsonWeights(model, set, parts), model, 'w')[0]?.data).toEqual(data);
    }
  });

  it.each<[string, (text: string) => string, string | RegExp]>([
    ['no JSON', () => '{', /^w: not a JSON file: /],
    [
      'another format',
      (text) => text.replace('descent-weights', 'other'),
      'w: not a weights file: expected "format": "descent-weights"',
    ],
    ['a list', () => '[]', 'w: not a weights file: expected "format": "descent-weights"'],
    ['a newer version', (text) => text.replace('"version": 1,', '"version": 2,'), 'w: expected version 1, got 2'],
    ['no tensors', (text) => text.replace('"tensors"', '"other"'), 'w, tensors: expected a list'],
    [
      'a tensor twice',
      (text) => text.replace('layers.0.bias', 'layers.0.weight'),
      'w, tensors.1: expected a tensor with a name of its own',
    ],
    [
      'a tensor of another model',
      (text) => text.replace('layers.0.bias', 'layers.9.bias'),
      'w: expected layers.0.bias of shape (3), got "layers.9.bias"',
    ],
    [
      'another shape',
      (text) => text.replace('"shape": [2,3]', '"shape": [3,2]'),
      'w, layers.0.weight: expected shape (2, 3), got (3, 2)',
    ],
    [
      'a shape of fractions',
      (text) => text.replace('"shape": [2,3]', '"shape": [2.5,3]'),
      'w, layers.0.weight: expected a shape of whole numbers',
    ],
    ['too few values', (text) => text.replace('0.1, ', ''), 'w, layers.0.weight: expected 6 values, got 5'],
    [
      'a text for a value',
      (text) => text.replace('0.1, ', '"a", '),
      'w, layers.0.weight, value 0: expected a number, got "a"',
    ],
    [
      'null for a value',
      (text) => text.replace('0.1, ', 'null, '),
      'w, layers.0.weight, value 0: expected a number, got null',
    ],
  ])('with %s are refused', (_what, change, message) => {
    expect(() => read(change(write()))).toThrow(DataError);
    expect(() => read(change(write()))).toThrow(message);
  });

  it('that pollute prototypes do not', () => {
    read(write().replace('"version": 1,', '"version": 1, "__proto__": {"polluted": 1},'));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
