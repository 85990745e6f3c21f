/** The values of a .npy array as numbers, in C order whatever the file's order and byte order. */

import { float16 } from './float16.ts';
import type { NpyArray, NpyHeader } from './npy.ts';

/** Value `i` of the file as a number. int64 beyond 2^53 is rounded. */
type ReadValue = (view: DataView, at: number) => number;

/** True when every value is a byte as it stands: uint8 and bool. */
export function isByteArray(header: NpyHeader): boolean {
  return header.itemBytes === 1 && (header.kind === 'uint' || header.kind === 'bool');
}

/** Writes all values into `target`, rounding to its type. `target` has `header.count` places. */
export function readNpyValues({ header, data }: NpyArray, target: Uint8Array | Float32Array | Float64Array): void {
  const fortran = header.fortranOrder && header.shape.length > 1;
  if (!fortran && isByteArray(header) && target instanceof Uint8Array) {
    target.set(data);
    return;
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read = reader(header);
  const { itemBytes, count } = header;
  if (!fortran) {
    for (let i = 0; i < count; i++) target[i] = read(view, i * itemBytes);
    return;
  }
  forEachFortranIndex(header.shape, (c, fortranIndex) => {
    target[c] = read(view, fortranIndex * itemBytes);
  });
}

/** Calls for every place in C order with the place of the same element in Fortran order (first index runs fastest). */
function forEachFortranIndex(shape: readonly number[], visit: (c: number, fortran: number) => void): void {
  const strides: number[] = [];
  let count = 1;
  for (const size of shape) {
    strides.push(count);
    count *= size;
  }
  const index = new Array<number>(shape.length).fill(0);
  let fortran = 0;
  for (let c = 0; c < count; c++) {
    visit(c, fortran);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = strides[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        fortran += stride;
        break;
      }
      fortran -= stride * (next - 1);
      index[axis] = 0;
    }
  }
}

function reader({ kind, itemBytes, littleEndian }: NpyHeader): ReadValue {
  if (kind === 'float') {
    if (itemBytes === 2) return (view, at) => float16(view.getUint16(at, littleEndian));
    if (itemBytes === 4) return (view, at) => view.getFloat32(at, littleEndian);
    return (view, at) => view.getFloat64(at, littleEndian);
  }
  const signed = kind === 'int';
  switch (itemBytes) {
    case 1:
      return signed ? (view, at) => view.getInt8(at) : (view, at) => view.getUint8(at);
    case 2:
      return signed ? (view, at) => view.getInt16(at, littleEndian) : (view, at) => view.getUint16(at, littleEndian);
    case 4:
      return signed ? (view, at) => view.getInt32(at, littleEndian) : (view, at) => view.getUint32(at, littleEndian);
    default:
      return signed
        ? (view, at) => Number(view.getBigInt64(at, littleEndian))
        : (view, at) => Number(view.getBigUint64(at, littleEndian));
  }
}
