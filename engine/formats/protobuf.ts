/** The protocol buffer wire format, as little of it as ONNX needs: varints, fixed 32-bit floats and bytes. */

import { say } from '../spec/message.ts';
import { DataError } from '../data/dataset.ts';
import { encodeUtf8 } from './utf8.ts';

/** Builds a message field by field. Nested messages and big blobs are kept by reference until `bytes`. */
export class MessageWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A varint field: int32, int64 and enums; not negative. */
  int(field: number, value: number): this {
    return this.#push(Uint8Array.from([...varint(field << 3), ...varint(value)]));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#push(Uint8Array.from([...varint((field << 3) | 5), ...bytes]));
  }

  text(field: number, value: string): this {
    return this.blob(field, encodeUtf8(value));
  }

  blob(field: number, value: Uint8Array): this {
    return this.#push(Uint8Array.from([...varint((field << 3) | 2), ...varint(value.length)])).#push(value);
  }

  message(field: number, value: MessageWriter): this {
    this.#push(Uint8Array.from([...varint((field << 3) | 2), ...varint(value.#length)]));
    for (const part of value.#parts) this.#push(part);
    return this;
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #push(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.length;
    return this;
  }
}

/** A field as it stands in a message: a number for varints, the bytes for everything else. */
export interface MessageField {
  readonly field: number;
  readonly int: number;
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** The fields of a message in order. Bytes share the memory of the message. Throws a DataError when it is damaged. */
export function* readMessage(bytes: Uint8Array, name: string): Generator<MessageField> {
  let at = 0;
  const damaged = (): DataError =>
    new DataError(say`${name}: not an ONNX file, or damaged at byte ${bytes.byteOffset + at}`);
  const readVarint = (): number => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw damaged();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
    throw damaged();
  };
  while (at < bytes.length) {
    const tag = readVarint();
    const wire = tag & 7;
    const field = Math.floor(tag / 8);
    if (field === 0) throw damaged();
    if (wire === 0) {
      yield { field, int: readVarint(), bytes: NOTHING };
      continue;
    }
    const length = wire === 2 ? readVarint() : wire === 5 ? 4 : wire === 1 ? 8 : -1;
    if (length < 0 || length > bytes.length - at) throw damaged();
    yield { field, int: 0, bytes: bytes.subarray(at, at + length) };
    at += length;
  }
}

/** The varints of a packed field. */
export function readPackedInts(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte >= 0x80) continue;
    values.push(value);
    [value, scale] = [0, 1];
  }
  return values;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}
