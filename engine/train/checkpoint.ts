/**
 * Checkpoints as bytes. Layout, all little-endian:
 *   8 bytes  "DESCENTC"                4 bytes  checksum of all that follows
 *   4 bytes  version (1)               4 bytes  length of the header in bytes      4 bytes  0
 *   header: JSON in ASCII, filled up with spaces to a multiple of 8
 *   tensors: raw values one after the other, each filled up with zeros to a multiple of 8
 * Numbers in the header survive exactly (JSON prints doubles so that they read back the same); NaN and infinities
 * are written as words. Tensors are never printed, only copied.
 */

import { MessageError, say, word, type Message } from '../spec/message.ts';
import type { FloatArray } from '../math/tensor.ts';
import type { BatcherState } from './batcher.ts';
import type { StopState } from './stop-policy.ts';
import type { BestEpoch, EpochResult } from './trainer-types.ts';

const MAGIC = 'DESCENTC';
const VERSION = 1;
const PREFIX = 24;

/** Where epochs and the optimizer's updates are counted from: not the beginning after a fork that changed their pace. */
export interface Origin {
  readonly step: number;
  readonly epoch: number;
  /** Step before which the optimizer had no state. */
  readonly optimizerStep: number;
}
export const BEGINNING: Origin = { step: 0, epoch: 0, optimizerStep: 0 };

/** Everything but the tensors. */
export interface CheckpointState {
  readonly kernels: string;
  readonly dtype: 'float32' | 'float64';
  readonly optimizer: string;
  readonly stepsPerEpoch: number;
  readonly step: number;
  readonly epoch: number;
  /** True between the last step of an epoch and `finishEpoch`. */
  readonly epochPending: boolean;
  /** True when early stopping has ended the run. */
  readonly stopped: boolean;
  readonly batcher: BatcherState;
  /** Running sums of the epoch under way. */
  readonly sums: { readonly loss: number; readonly right: number; readonly rows: number };
  readonly best: BestEpoch | null;
  readonly lastEpoch: EpochResult | null;
  readonly stop: StopState;
  /** Norms of the last gradients, oldest first. */
  readonly gradientNorms: readonly number[];
  /** Left out: the beginning. */
  readonly origin?: Origin;
}

export interface CheckpointTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: FloatArray;
}

export interface Checkpoint {
  readonly state: CheckpointState;
  readonly tensors: readonly CheckpointTensor[];
}

/** Thrown for bytes that are not a checkpoint, are damaged, or belong to another run. */
export class CheckpointError extends MessageError {
  constructor(message: Message) {
    super(say`checkpoint: ${message}`);
    this.name = 'CheckpointError';
  }
}

interface Header {
  readonly state: CheckpointState;
  readonly tensors: readonly { name: string; shape: readonly number[]; dtype: 'float32' | 'float64' }[];
}

export function encodeCheckpoint({ state, tensors }: Checkpoint): Uint8Array {
  const header: Header = {
    state,
    tensors: tensors.map(({ name, shape, data }) => {
      return { name, shape, dtype: data instanceof Float32Array ? 'float32' : 'float64' };
    }),
  };
  const text = asciiJson(header);
  const headerLength = eights(text.length);
  const bodyLength = tensors.reduce((sum, { data }) => sum + eights(data.byteLength), 0);
  const bytes = new Uint8Array(PREFIX + headerLength + bodyLength);
  writeAscii(bytes, 0, MAGIC);
  writeAscii(bytes, PREFIX, text.padEnd(headerLength, ' '));
  let offset = PREFIX + headerLength;
  for (const { data } of tensors) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += eights(data.byteLength);
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(12, VERSION, true);
  view.setUint32(16, headerLength, true);
  view.setUint32(8, checksum(bytes), true);
  return bytes;
}

/** Throws a CheckpointError when the bytes are not a whole and undamaged checkpoint of a version this program knows. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  if (bytes.length < PREFIX || readAscii(bytes, 0, 8) !== MAGIC)
    throw new CheckpointError(word('these bytes are not one'));
  // Typed arrays need aligned memory; bytes from a database or file may start anywhere.
  const own = bytes.slice();
  const view = new DataView(own.buffer);
  const version = view.getUint32(12, true);
  if (version !== VERSION) {
    throw new CheckpointError(say`expected format version ${VERSION}, got ${version} (written by another version)`);
  }
  const headerLength = view.getUint32(16, true);
  if (own.length % 8 !== 0 || headerLength % 8 !== 0 || PREFIX + headerLength > own.length) {
    throw new CheckpointError(say`cut off: ${own.length} bytes do not hold a header of ${headerLength}`);
  }
  if (view.getUint32(8, true) !== checksum(own))
    throw new CheckpointError(word('damaged: the checksum does not match'));
  const header = parseHeader(readAscii(own, PREFIX, headerLength));
  let offset = PREFIX + headerLength;
  const tensors = header.tensors.map(({ name, shape, dtype }): CheckpointTensor => {
    const size = shape.reduce((product, n) => product * n, 1);
    const length = size * (dtype === 'float32' ? 4 : 8);
    if (offset + length > own.length) throw new CheckpointError(say`cut off inside ${name}`);
    const data =
      dtype === 'float32' ? new Float32Array(own.buffer, offset, size) : new Float64Array(own.buffer, offset, size);
    offset += eights(length);
    return { name, shape, data };
  });
  return { state: header.state, tensors };
}

function parseHeader(text: string): Header {
  return JSON.parse(text, (_key, value: unknown) => {
    return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : value;
  }) as Header;
}

function asciiJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, item: unknown) => {
    return typeof item === 'number' && !Number.isFinite(item) ? String(item) : item;
  });
  return text.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function writeAscii(bytes: Uint8Array, offset: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[offset + i] = text.charCodeAt(i);
}

function readAscii(bytes: Uint8Array, offset: number, length: number): string {
  let text = '';
  for (let i = offset; i < offset + length; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

function eights(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/** FNV-1a over 32-bit words, from behind the checksum on. Any single changed word changes it. */
function checksum(bytes: Uint8Array): number {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + 12, (bytes.byteLength - 12) >>> 2);
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i]!, 0x01000193);
  return hash >>> 0;
}
