/** Exported weights read by an independent hand: as NumPy and PyTorch would, not with the code under test. */

import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';

/** One parameter, named by its position and kind, in the book's (in, out) layout. */
export interface ReadTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The affine parameters of an npz (`W1`, `b1` …) or safetensors (`0.weight`, `0.bias` …) file, layer by layer. */
export async function readAffineWeights(file: string): Promise<ReadTensor[]> {
  const bytes = await readFile(file);
  return file.endsWith('.npz') ? readNpz(bytes) : readSafetensors(bytes);
}

function readNpz(bytes: Uint8Array): ReadTensor[] {
  const tensors: ReadTensor[] = [];
  const entries = unzip(Buffer.from(bytes));
  for (let layer = 1; entries[`W${layer}.npy`] !== undefined; layer++) {
    for (const [key, name] of [
      ['W', 'weight'],
      ['b', 'bias'],
    ] as const) {
      const entry = entries[`${key}${layer}.npy`];
      if (entry === undefined) throw new Error(`${key}${layer} is missing`);
      tensors.push({ name: `affine ${layer} ${name}`, ...readNpy(entry) });
    }
  }
  return tensors;
}

/** The entries of a zip archive by its central directory; stored and deflated ones only, no zip64. */
function unzip(bytes: Buffer): Record<string, Uint8Array | undefined> {
  const entries: Record<string, Uint8Array> = {};
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = bytes.readUInt32LE(end + 16);
  for (let i = bytes.readUInt16LE(end + 10); i > 0; i--) {
    const method = bytes.readUInt16LE(at + 10);
    const size = bytes.readUInt32LE(at + 20);
    const nameSize = bytes.readUInt16LE(at + 28);
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameSize);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + size);
    entries[name] = method === 0 ? data : inflateRawSync(data);
    at += 46 + nameSize + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function readNpy(bytes: Uint8Array): Omit<ReadTensor, 'name'> {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [size, start] = bytes[6] === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12];
  const header = new TextDecoder().decode(bytes.subarray(start, start + size));
  if (!header.includes("'<f4'") || !header.includes("'fortran_order': False"))
    throw new Error(`not float32: ${header}`);
  const shape = [...(/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '').matchAll(/\d+/g)].map(([n]) => Number(n));
  return { shape, values: floats(bytes.subarray(start + size)) };
}

function readSafetensors(bytes: Uint8Array): ReadTensor[] {
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const data = bytes.subarray(8 + size);
  const layers = [...new Set(Object.keys(header).flatMap((key) => /^(\d+)\./.exec(key)?.[1] ?? []))]
    .map(Number)
    .sort((a, b) => a - b);
  return layers.flatMap((layer, i) =>
    (['weight', 'bias'] as const).map((name): ReadTensor => {
      const entry = header[`${layer}.${name}`];
      if (entry?.dtype !== 'F32') throw new Error(`${layer}.${name} is missing or not F32`);
      const values = floats(data.subarray(...entry.data_offsets));
      const label = `affine ${i + 1} ${name}`;
      return name === 'bias' ? { name: label, shape: entry.shape, values } : transposed(label, entry.shape, values);
    }),
  );
}

/** PyTorch keeps (out, in). */
function transposed(name: string, [rows = 0, columns = 0]: readonly number[], values: Float32Array): ReadTensor {
  const result = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = values[r * columns + c] ?? NaN;
  }
  return { name, shape: [columns, rows], values: result };
}

function floats(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** The tensors bit for bit, in a form that shows where two sets differ. */
export function bitsOf(tensors: readonly ReadTensor[]): string[] {
  return tensors.map(({ name, shape, values }) => {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    return `${name} (${shape.join(', ')}) ${bytes.toString('base64')}`;
  });
}
