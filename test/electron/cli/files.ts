/** Small data files, right and wrong, written byte by byte. */

import { encodeZip } from '../../../engine/formats/zip.ts';

/** An array in numpy's own format, version 1. */
export function npy(descr: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`;
  const header = `${text.padEnd(117)}\n`;
  const bytes = new Uint8Array(10 + header.length + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(data, 10 + header.length);
  return bytes;
}

export const float32 = (values: readonly number[], shape: readonly number[]): Uint8Array =>
  npy('<f4', shape, new Uint8Array(Float32Array.from(values).buffer));
export const int32 = (values: readonly number[]): Uint8Array =>
  npy('<i4', [values.length], new Uint8Array(Int32Array.from(values).buffer));

export function npz(arrays: Record<string, Uint8Array>): Uint8Array {
  return encodeZip(Object.entries(arrays).map(([name, data]) => ({ name: `${name}.npy`, data })));
}

/** A data set of the npz layout: `rows` rows of two values, classes 0 and 1 in turn. */
export function npzDataSet(rows: number, changes: Record<string, Uint8Array | null> = {}): Uint8Array {
  const x = float32(
    Array.from({ length: 2 * rows }, (_, i) => ((i * 37) % 101) / 101),
    [rows, 2],
  );
  const t = int32(Array.from({ length: rows }, (_, i) => i % 2));
  const arrays = { x_train: x, t_train: t, x_test: x, t_test: t, ...changes };
  return npz(
    Object.fromEntries(Object.entries(arrays).filter(([, value]) => value !== null)) as Record<string, Uint8Array>,
  );
}

/** An IDX file of unsigned bytes; `data` as it is, however long. */
export function idx(shape: readonly number[], data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  bytes.set([0, 0, 8, shape.length]);
  const view = new DataView(bytes.buffer);
  for (const [i, size] of shape.entries()) view.setUint32(4 + 4 * i, size);
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}
