import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  readModelCard,
  readWeightsFile,
  WEIGHTS_FORMATS,
  weightsFormatOf,
  writeWeightsFile,
} from '../../../electron/workers/weights-file.ts';
import { DataError } from '../../../engine/data/dataset.ts';
import { weightModelOf } from '../../../engine/formats/model-card.ts';
import type { ModelCard } from '../../../engine/spec/model-card.ts';

const card: ModelCard = {
  version: 1,
  input: [3],
  task: 'classification',
  layers: [
    { type: 'affine', units: 2, init: 'he' },
    { type: 'batch-norm', momentum: 0.9, epsilon: 1e-5 },
  ],
  loss: 'softmax-cross-entropy',
  outputNames: ['cat', '狗'],
  normalization: { scale: [0.5], shift: [0, -1, 0.1] },
};
const weights = [
  { name: 'layers.0.weight', shape: [3, 2], data: Float32Array.of(1, -0, 1e-45, Infinity, -Infinity, 0.1) },
  { name: 'layers.0.bias', shape: [2], data: Float32Array.of(7, 8) },
  { name: 'layers.1.gamma', shape: [2], data: Float32Array.of(1, 2) },
  { name: 'layers.1.beta', shape: [2], data: Float32Array.of(3, 4) },
  { name: 'layers.1.runningMean', shape: [2], data: Float32Array.of(5, 6) },
  { name: 'layers.1.runningVar', shape: [2], data: Float32Array.of(7, 8) },
];
const bits = (set: readonly { readonly name: string; readonly data: Float32Array }[]) =>
  set.map(({ name, data }) => [name, Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')]);

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'descent-weights-'));
});
afterEach(async () => rm(folder, { recursive: true }));

describe.each(WEIGHTS_FORMATS)('a .%s file', (format) => {
  it('comes back bit for bit, with its model card', async () => {
    const path = join(folder, `run one.${format}`);
    const written = await writeWeightsFile(path, { card, weights });
    expect(written.sizeBytes).toBe((await stat(path)).size);
    expect(bits(await readWeightsFile(path, weightModelOf(card)))).toEqual(bits(weights));
    expect(await readModelCard(path)).toEqual(card);
    expect(await readdir(folder)).toEqual([`run one.${format}`]);
  });

  it('replaces an older file', async () => {
    const path = join(folder, `w.${format}`);
    await writeFile(path, 'old');
    await writeWeightsFile(path, { card, weights });
    expect(bits(await readWeightsFile(path, weightModelOf(card)))).toEqual(bits(weights));
  });

  it('keeps the older file, and leaves no other, when writing fails', async () => {
    const path = join(folder, `w.${format}`);
    await writeFile(path, 'old');
    await expect(writeWeightsFile(path, { card, weights: weights.slice(1) })).rejects.toThrow(
      'layers.0.weight: expected 6 values',
    );
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual([`w.${format}`]);
  });

  it('refuses random bytes', async () => {
    const path = join(folder, `random.${format}`);
    await writeFile(
      path,
      Uint8Array.from({ length: 3000 }, (_, i) => (i * 2654435761) >>> 11),
    );
    await expect(readWeightsFile(path, weightModelOf(card))).rejects.toBeInstanceOf(DataError);
    await expect(readWeightsFile(path, weightModelOf(card))).rejects.toThrow(
      new RegExp(`^random\\.${format}: not an? `),
    );
  });
});

describe('writeWeightsFile', () => {
  it('refuses a symbolic link and leaves its target alone', async () => {
    await writeFile(join(folder, 'target'), 'precious');
    await symlink(join(folder, 'target'), join(folder, 'w.npz'));
    await expect(writeWeightsFile(join(folder, 'w.npz'), { card, weights })).rejects.toThrow(
      new DataError('w.npz: not written: expected a file or a free name, found a symbolic link'),
    );
    expect(await readFile(join(folder, 'target'), 'utf8')).toBe('precious');
  });

  it('refuses a folder, a folder that is not there, and other names', async () => {
    await mkdir(join(folder, 'd.npz'));
    await expect(writeWeightsFile(join(folder, 'd.npz'), { card, weights })).rejects.toThrow(
      new DataError('d.npz: not written: expected a file or a free name, found a folder'),
    );
    await expect(writeWeightsFile(join(folder, 'nowhere/w.npz'), { card, weights })).rejects.toThrow(
      new DataError('w.npz: not written: no such folder'),
    );
    expect(() => weightsFormatOf('w.pth')).toThrow(/^w\.pth: expected a name that ends in \.npz, \.safetensors/);
    expect(weightsFormatOf('W.NPZ')).toBe('npz');
  });
});

describe('readWeightsFile', () => {
  it('names a file that is not there', async () => {
    await expect(readWeightsFile(join(folder, 'gone.npz'), weightModelOf(card))).rejects.toThrow(
      new DataError('gone.npz: no such file'),
    );
  });

  it('reads what NumPy wrote, which has no card', async () => {
    const path = join(import.meta.dirname, '../../fixtures/data/weights.npz');
    expect(await readModelCard(path)).toBeNull();
  });

  it('names the array of damaged compressed data', async () => {
    const bytes = await readFile(join(import.meta.dirname, '../../fixtures/data/weights.npz'));
    const model = { inputShape: [4], layers: [{ type: 'affine', units: 3, init: 'he' }] } as const;
    const at = bytes.readUInt16LE(26) + bytes.readUInt16LE(28) + 30;
    bytes.fill(0xff, at, at + 20);
    await writeFile(join(folder, 'damaged.npz'), bytes);
    await expect(readWeightsFile(join(folder, 'damaged.npz'), model)).rejects.toThrow(
      /^damaged\.npz, W1: damaged: expected it to unpack to \d+ bytes: /,
    );
  });

  it('says what is wrong with a card', async () => {
    const path = join(folder, 'w.npz');
    await writeWeightsFile(path, { card, weights });
    const bytes = await readFile(path);
    const text = Buffer.from('"version":1');
    bytes.set(Buffer.from('"version":2'), bytes.indexOf(text));
    await writeFile(path, bytes);
    await expect(readModelCard(path)).rejects.toThrow(
      'w.npz: its model card is not right: version: expected version 1: the file is of a newer Descent',
    );
  });
});
