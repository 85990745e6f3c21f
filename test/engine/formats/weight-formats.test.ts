import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../engine/data/dataset.ts';
import { encodeNpy } from '../../../engine/formats/npy.ts';
import { decodeNpzWeights, encodeNpzWeights, readNpzArrays, readNpzCard } from '../../../engine/formats/npz-weights.ts';
import { readSafetensorsHeader } from '../../../engine/formats/safetensors-header.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensorsCard,
} from '../../../engine/formats/safetensors-weights.ts';
import { weightLayout, type WeightModel } from '../../../engine/formats/weight-layout.ts';
import type { NamedTensor } from '../../../engine/formats/weight-set.ts';
import { encodeZip, findZipDirectory } from '../../../engine/formats/zip.ts';
import { layerSchema, type LayerSpec } from '../../../engine/spec/layer-spec.ts';
import { sizeOf } from '../../../engine/spec/shapes.ts';

const layers = (...list: unknown[]): LayerSpec[] => list.map((layer) => layerSchema.parse(layer));
const inflate = (packed: Uint8Array): Uint8Array => inflateRawSync(packed);

const picture: WeightModel = {
  inputShape: [2, 6, 6],
  layers: layers(
    { type: 'conv2d', filters: 3, kernel: 3 },
    { type: 'batch-norm' },
    { type: 'relu' },
    { type: 'max-pool2d', kernel: 2 },
    { type: 'flatten' },
    { type: 'affine', units: 5 },
    { type: 'batch-norm' },
    { type: 'dropout', rate: 0.5 },
    { type: 'affine', units: 4 },
  ),
};
/** Bit patterns that a careless copy would lose: -0, the smallest denormal, both infinities, a NaN with a payload. */
const AWKWARD = Uint32Array.of(0x80000000, 1, 0x7f800000, 0xff800000, 0x7fc12345, 0x3dcccccd, 0x7f7fffff);

function weightsOf(model: WeightModel): NamedTensor[] {
  let next = 0;
  return weightLayout(model).map(({ name, shape }) => {
    const bits = Uint32Array.from({ length: sizeOf(shape) }, () => AWKWARD[next++ % AWKWARD.length] ?? 0);
    return { name, shape, data: new Float32Array(bits.buffer) };
  });
}
const bitsOf = (set: readonly NamedTensor[]) =>
  set.map(({ name, shape, data }) => [
    name,
    [...shape],
    Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'),
  ]);

describe('weightLayout', () => {
  it('counts affine and conv together in the book, all layers in PyTorch', () => {
    expect(
      weightLayout(picture).map(({ name, npzKey, torchKey, shape }) => [name, npzKey, torchKey, shape.join()]),
    ).toEqual([
      ['layers.0.weight', 'W1', '0.weight', '3,2,3,3'],
      ['layers.0.bias', 'b1', '0.bias', '3'],
      ['layers.1.gamma', 'gamma1', '1.weight', '3'],
      ['layers.1.beta', 'beta1', '1.bias', '3'],
      ['layers.1.runningMean', 'running_mean1', '1.running_mean', '3'],
      ['layers.1.runningVar', 'running_var1', '1.running_var', '3'],
      ['layers.5.weight', 'W2', '5.weight', '12,5'],
      ['layers.5.bias', 'b2', '5.bias', '5'],
      ['layers.6.gamma', 'gamma2', '6.weight', '5'],
      ['layers.6.beta', 'beta2', '6.bias', '5'],
      ['layers.6.runningMean', 'running_mean2', '6.running_mean', '5'],
      ['layers.6.runningVar', 'running_var2', '6.running_var', '5'],
      ['layers.8.weight', 'W3', '8.weight', '5,4'],
      ['layers.8.bias', 'b3', '8.bias', '4'],
    ]);
  });

  it('names the layer that does not fit its input', () => {
    const model = { inputShape: [4], layers: layers({ type: 'conv2d', filters: 1, kernel: 3 }) };
    expect(() => weightLayout(model)).toThrow(
      'model.layers.0: needs an image (channels, height, width), its input has 4 flat values',
    );
  });
});

describe.each([
  [
    'npz',
    encodeNpzWeights,
    (bytes: Uint8Array, model: WeightModel, name: string) => decodeNpzWeights(bytes, model, name, inflate),
  ],
  ['safetensors', encodeSafetensors, decodeSafetensors],
] as const)('%s', (_format, encode, decode) => {
  it('gives every bit back', () => {
    const weights = weightsOf(picture);
    expect(bitsOf(decode(encode(picture, weights), picture, 'w'))).toEqual(bitsOf(weights));
  });

  it('is the same file every time', () => {
    expect(encode(picture, weightsOf(picture), 'card')).toEqual(encode(picture, weightsOf(picture), 'card'));
  });

  it('refuses to write a set that is not whole', () => {
    expect(() => encode(picture, weightsOf(picture).slice(1))).toThrow('layers.0.weight: expected 54 values, got none');
  });

  it('refuses a file of a model with other shapes, more layers or fewer', () => {
    const small = {
      inputShape: [4],
      layers: layers({ type: 'affine', units: 3 }, { type: 'relu' }, { type: 'affine', units: 2 }),
    };
    const wide = {
      ...small,
      layers: small.layers.with(0, { ...layers({ type: 'affine', units: 7 })[0] } as LayerSpec),
    };
    const short = { ...small, layers: layers({ type: 'affine', units: 3 }) };
    const npz = encode === encodeNpzWeights;
    const bytes = encode(small, weightsOf(small));
    expect(() => decode(bytes, wide, 'w')).toThrow(
      new DataError(
        npz ? 'w, W1: expected shape (4, 7), got (4, 3)' : 'w, 0.weight: expected shape (7, 4), got (3, 4)',
      ),
    );
    expect(() => decode(bytes, short, 'w')).toThrow(
      new DataError(`w: holds ${npz ? '"W2"' : '"2.weight"'}, for which this model has no place`),
    );
    expect(() => decode(encode(short, weightsOf(short)), small, 'w')).toThrow(
      new DataError(`w: expected ${npz ? 'W2' : '2.weight'} of shape (3, 2), got none`),
    );
  });
});

describe('npz', () => {
  it('refuses an archive that claims far more than the model needs, before unpacking it', () => {
    const bytes = encodeNpzWeights(picture, weightsOf(picture));
    const view = new DataView(bytes.buffer);
    const directory = findZipDirectory(bytes, bytes.length, 'w');
    view.setUint32(directory.offset + 24, 0xfffffff0, true);
    expect(() => decodeNpzWeights(bytes, picture, 'w', inflate)).toThrow(
      'w: expected at most 268435456 bytes of weights, got 4294967280 or more',
    );
  });

  it('answers changed bytes with a DataError or weights, never with anything else', () => {
    const whole = encodeNpzWeights(picture, weightsOf(picture));
    let refused = 0;
    let state = 1;
    const next = (n: number): number => (state = (Math.imul(state, 48271) >>> 0) % 2147483647) % n;
    for (let round = 0; round < 5000; round++) {
      const bytes = whole.slice();
      for (let i = next(3); i >= 0; i--) bytes[next(bytes.length)] = next(256);
      try {
        decodeNpzWeights(bytes, picture, 'w', (_packed, _bytes, name) => {
          throw new DataError(name);
        });
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(2500);
  });

  it('is read from a file that NumPy wrote: compressed, Fortran order, denormals and infinities', () => {
    const model = {
      inputShape: [4],
      layers: layers(
        { type: 'affine', units: 3 },
        { type: 'batch-norm' },
        { type: 'relu' },
        { type: 'affine', units: 2 },
      ),
    };
    const bytes = readFileSync(join(import.meta.dirname, '../../fixtures/data/weights.npz'));
    const byName = new Map(decodeNpzWeights(bytes, model, 'w', inflate).map(({ name, data }) => [name, [...data]]));
    expect(byName.get('layers.0.weight')).toEqual(Array.from({ length: 12 }, (_, i) => i / 8));
    expect(byName.get('layers.0.bias')).toEqual([0.5, -0, Math.fround(1e-45)]);
    expect(byName.get('layers.1.runningMean')).toEqual([0.25, 0.5, 0.75]);
    expect(byName.get('layers.3.weight')).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25]);
    expect(byName.get('layers.3.bias')).toEqual([Infinity, -1.25]);
  });

  it('may lack running statistics', () => {
    const model = { inputShape: [2], layers: layers({ type: 'batch-norm' }) };
    const bytes = encodeZip(
      ['gamma1', 'beta1'].map((key) => ({ name: `${key}.npy`, data: encodeNpy([2], Float32Array.of(1, 2)) })),
    );
    expect(decodeNpzWeights(bytes, model, 'w', inflate).map(({ name }) => name)).toEqual([
      'layers.0.gamma',
      'layers.0.beta',
    ]);
  });

  it('keeps affine weights as (in, out) and the card where NumPy does not look', () => {
    const bytes = encodeNpzWeights(picture, weightsOf(picture), '{"version":1}');
    expect([...readNpzArrays(bytes, 'w', inflate).keys()].slice(-2)).toEqual(['W3', 'b3']);
    expect(readNpzArrays(bytes, 'w', inflate).get('W3')?.header.shape).toEqual([5, 4]);
    expect(readNpzCard(bytes, 'w')).toBe('{"version":1}');
    expect(readNpzCard(encodeNpzWeights(picture, weightsOf(picture), 'x'.repeat(70_000)), 'w')).toBe('');
  });
});

/** A safetensors file from a header (text, or a value to be written as JSON) and some data bytes. */
function safetensors(header: unknown, dataBytes: number, length?: bigint): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = Buffer.alloc(8 + json.length + dataBytes);
  bytes.writeBigUInt64LE(length ?? BigInt(json.length));
  json.copy(bytes, 8);
  return bytes;
}
const f32 = (shape: readonly unknown[], ...data_offsets: unknown[]) => ({ dtype: 'F32', shape, data_offsets });

describe('safetensors', () => {
  it('has PyTorch names and (out, in), aligned data and the card in the metadata', () => {
    const model = { inputShape: [3], layers: layers({ type: 'relu' }, { type: 'affine', units: 2 }) };
    const weights = [
      { name: 'layers.1.weight', shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
      { name: 'layers.1.bias', shape: [2], data: Float32Array.of(7, 8) },
    ];
    const bytes = encodeSafetensors(model, weights, 'card');
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString())).toEqual({
      __metadata__: { format: 'pt', descent: 'card' },
      '1.weight': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      '1.bias': { dtype: 'F32', shape: [2], data_offsets: [24, 32] },
    });
    expect([...new Float32Array(bytes.slice(8 + length).buffer)]).toEqual([1, 3, 5, 2, 4, 6, 7, 8]);
    expect(readSafetensorsCard(bytes, 'w')).toBe('card');
  });

  it('reads F64, F16 and BF16 and passes over num_batches_tracked', () => {
    const model = { inputShape: [1], layers: layers({ type: 'affine', units: 1 }) };
    const read = (dtype: string, data: readonly number[]) => {
      const size = data.length;
      const header = {
        '0.weight': { dtype, shape: [1, 1], data_offsets: [0, size] },
        '0.bias': { dtype, shape: [1], data_offsets: [size, 2 * size] },
        '0.num_batches_tracked': { dtype: 'I64', shape: [], data_offsets: [2 * size, 2 * size + 8] },
      };
      const bytes = safetensors(header, 2 * size + 8);
      bytes.set([...data, ...data], bytes.length - 2 * size - 8);
      return decodeSafetensors(bytes, model, 'w').map((tensor) => tensor.data[0]);
    };
    expect(read('F64', [0, 0, 0, 0, 0, 0, 0xf8, 0xbf])).toEqual([-1.5, -1.5]);
    expect(read('F16', [0, 0xc2])).toEqual([-3, -3]);
    expect(read('BF16', [0x20, 0xc0])).toEqual([-2.5, -2.5]);
  });

  it('takes tensors of no size anywhere', () => {
    const header = { a: f32([0, 4], 0, 0), b: f32([1], 0, 4), c: f32([0], 4, 4), d: f32([], 4, 8) };
    expect([...readSafetensorsHeader(safetensors(header, 8), 'w').tensors.keys()]).toEqual(['a', 'b', 'c', 'd']);
  });

  it('keeps a tensor named __proto__ a name', () => {
    const { tensors } = readSafetensorsHeader(
      safetensors('{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1),
      'w',
    );
    expect([...tensors.keys()]).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['dtype']).toBeUndefined();
  });

  it('refuses every truncation', () => {
    const whole = encodeSafetensors(picture, weightsOf(picture));
    for (let length = 0; length < whole.length; length += length < 1000 ? 1 : 37) {
      expect(() => readSafetensorsHeader(whole.subarray(0, length), 'w'), `${length} bytes`).toThrow(DataError);
    }
  });

  const most = 2n ** 63n;
  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /^w: not a safetensors file: expected 8 bytes or more, got 0$/],
    ['a header length of 0', safetensors('', 8, 0n), /expected its header to begin with \{$/],
    ['a header length of 2^63', safetensors('{}', 0, most), /at most 2 bytes, got 9223372036854775808$/],
    ['a header length of 2^64 - 1', safetensors('{}', 0, 2n * most - 1n), /at most 2 bytes, got 18446744073709551615$/],
    ['a header length one too many', safetensors('{}', 0, 3n), /expected a header of at most 2 bytes, got 3$/],
    [
      'a header longer than any is',
      safetensors('{}', 20_000_000, 15_000_000n),
      /at most 10000000 bytes, got 15000000$/,
    ],
    ['a header that begins with a space', safetensors(' {}', 0), /expected its header to begin with \{$/],
    ['a list for a header', safetensors('[]', 0), /expected its header to begin with \{$/],
    ['a header that is no JSON', safetensors('{a}', 0), /not proper JSON: expected a text at character 1$/],
    ['text after the header', safetensors('{} x', 0), /not proper JSON: expected the end/],
    ['a NUL after the header', safetensors('{}\0', 0), /not proper JSON: expected the end/],
    [
      'bytes that are no UTF-8',
      safetensors(Buffer.from('{"\xff":1}', 'latin1').toString('latin1'), 0, 8n),
      /not proper JSON|expected an object/,
    ],
    ['a key that comes twice', safetensors('{"a":{},"a":{}}', 0), /key "a" comes twice/],
    ['a field that comes twice', safetensors('{"a":{"dtype":"U8","dtype":"U8"}}', 0), /key "dtype" comes twice/],
    ['deep nesting', safetensors(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, 0), /too deeply nested/],
    ['a text never closed', safetensors('{"a', 0), /a text is never closed/],
    ['a trailing comma', safetensors('{"a":1,}', 0), /not proper JSON/],
    [
      'a tensor that is a number',
      safetensors({ a: 1 }, 0),
      /^w, "a": expected an object with dtype, shape and data_offsets$/,
    ],
    [
      'an unknown dtype',
      safetensors({ a: { dtype: 'F31', shape: [], data_offsets: [0, 4] } }, 4),
      /^w, "a", dtype: expected one of BOOL/,
    ],
    [
      'a dtype named toString',
      safetensors({ a: { dtype: 'toString', shape: [], data_offsets: [0, 4] } }, 4),
      /dtype: expected one of/,
    ],
    [
      'an unknown field',
      safetensors({ a: { ...f32([1], 0, 4), strides: [1] } }, 4),
      /^w, "a": unknown field "strides"$/,
    ],
    [
      'no shape',
      safetensors({ a: { dtype: 'F32', data_offsets: [0, 4] } }, 4),
      /^w, "a", shape: expected a list of whole numbers$/,
    ],
    [
      'no offsets',
      safetensors({ a: { dtype: 'F32', shape: [1] } }, 4),
      /^w, "a", data_offsets: expected a list of whole numbers$/,
    ],
    [
      'three offsets',
      safetensors({ a: f32([1], 0, 4, 8) }, 8),
      /data_offsets: expected begin and end, got \[0, 4, 8\]$/,
    ],
    ['offsets the wrong way round', safetensors({ a: f32([1], 4, 0) }, 4), /expected begin and end, got \[4, 0\]$/],
    ['a negative offset', safetensors({ a: f32([1], -4, 0) }, 4), /expected whole numbers from 0, got -4$/],
    [
      'a fraction for an offset',
      safetensors('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4.0]}}', 4),
      /expected whole numbers from 0, got 4$/,
    ],
    ['an offset in words', safetensors({ a: f32([1], 0, '4') }, 4), /expected whole numbers from 0, got 4$/],
    [
      'an offset of 2^64',
      safetensors('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}}', 4),
      /got 18446744073709551616$/,
    ],
    ['a negative size', safetensors({ a: f32([-1], 0, 4) }, 4), /shape: expected whole numbers from 0, got -1$/],
    [
      'a shape whose product is 2^64',
      safetensors({ a: f32([2 ** 31, 2 ** 31, 4], 0, 0) }, 0),
      /takes 73786976294838206464 bytes, data_offsets give 0$/,
    ],
    [
      'a shape that does not fill its bytes',
      safetensors({ a: f32([3], 0, 16) }, 16),
      /^w, "a": shape \(3\) of F32 takes 12 bytes, data_offsets give 16$/,
    ],
    [
      'tensors that overlap',
      safetensors({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8),
      /^w, "b": overlaps another tensor/,
    ],
    [
      'two tensors in one place',
      safetensors({ a: f32([1], 0, 4), b: f32([1], 0, 4) }, 4),
      /^w, "b": overlaps another tensor/,
    ],
    [
      'a hole between tensors',
      safetensors({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12),
      /^w, "b": leaves a hole before it/,
    ],
    ['a hole at the start', safetensors({ a: f32([1], 4, 8) }, 8), /^w, "a": leaves a hole before it/],
    ['trailing bytes', safetensors({ a: f32([1], 0, 4) }, 5), /^w: trailing bytes: expected \d+ bytes, got \d+$/],
    ['bytes that belong to no tensor', safetensors({}, 4), /^w: trailing bytes/],
    ['a tensor beyond the end', safetensors({ a: f32([2], 0, 8) }, 4), /^w: truncated: expected \d+ bytes, got \d+$/],
    ['metadata of numbers', safetensors({ __metadata__: { a: 1 } }, 0), /^w, __metadata__\.a: expected a text$/],
    ['metadata that is a list', safetensors({ __metadata__: [] }, 0), /^w, __metadata__: expected an object of texts$/],
  ])('refuses %s', (_what, bytes, message) => {
    const read = () => readSafetensorsHeader(bytes, 'w');
    expect(read).toThrow(DataError);
    expect(read).toThrow(message);
  });

  it('refuses weights of whole numbers', () => {
    const model = { inputShape: [1], layers: layers({ type: 'affine', units: 1 }) };
    const header = { '0.weight': { dtype: 'I32', shape: [1, 1], data_offsets: [0, 4] }, '0.bias': f32([1], 4, 8) };
    expect(() => decodeSafetensors(safetensors(header, 8), model, 'w')).toThrow(
      'w, 0.weight: expected weights of F32, F64, F16 or BF16, got I32',
    );
  });

  it('answers changed bytes with a DataError or a proper header, never with anything else', () => {
    const whole = encodeSafetensors(picture, weightsOf(picture));
    let refused = 0;
    let state = 1;
    const next = (n: number): number => (state = (Math.imul(state, 48271) >>> 0) % 2147483647) % n;
    for (let round = 0; round < 20_000; round++) {
      const bytes = whole.slice();
      for (let i = next(3); i >= 0; i--) bytes[next(900)] = next(256);
      try {
        readSafetensorsHeader(bytes, 'w');
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(10_000);
  });
});
