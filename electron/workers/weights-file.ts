/** Weights files on disk: written beside their place, verified, then renamed; read back for `initialWeights` and predictions. */

import { say, word } from '../../engine/spec/message.ts';
import { createHash, randomBytes } from 'node:crypto';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { DataError } from '../../engine/data/dataset.ts';
import { decodeJsonWeights, encodeJsonWeights, readJsonCard } from '../../engine/formats/json-weights.ts';
import { weightModelOf } from '../../engine/formats/model-card.ts';
import { decodeNpzWeights, encodeNpzWeights, readNpzCard } from '../../engine/formats/npz-weights.ts';
import { decodeOnnx, encodeOnnx, readOnnxCard } from '../../engine/formats/onnx-weights.ts';
import { decodeSafetensors, encodeSafetensors, readSafetensorsCard } from '../../engine/formats/safetensors-weights.ts';
import type { WeightModel } from '../../engine/formats/weight-layout.ts';
import type { WeightSet } from '../../engine/formats/weight-set.ts';
import { parseModelCard, type ModelCard } from '../../engine/spec/model-card.ts';
import { fileError } from './data-bytes.ts';

export const WEIGHTS_FORMATS = ['npz', 'safetensors', 'onnx', 'json'] as const;
export type WeightsFormat = (typeof WEIGHTS_FORMATS)[number];

export interface WeightsContent {
  readonly card: ModelCard;
  readonly weights: WeightSet;
  /** For the JSON format: the run spec and a summary of the run's metrics (JSON values). */
  readonly run?: { readonly spec: unknown; readonly metrics: unknown } | undefined;
}

export interface WrittenFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

const MAX_FILE_BYTES = 2 ** 32;

/** The format of a path, by its extension. Throws a DataError for any other. */
export function weightsFormatOf(path: string): WeightsFormat {
  const extension = extname(path).slice(1).toLowerCase();
  const format = WEIGHTS_FORMATS.find((known) => known === extension);
  if (format !== undefined) return format;
  throw new DataError(say`${basename(path)}: expected a name that ends in .${WEIGHTS_FORMATS.join(', .')}`);
}

/**
 * Writes a file in the format of its extension: to a temporary file in the same folder, flushed to the disk, read
 * back and compared tensor by tensor, then renamed. A failure leaves an older file of that name whole.
 * Refuses folders and symbolic links. Throws a DataError.
 */
export async function writeWeightsFile(path: string, content: WeightsContent): Promise<WrittenFile> {
  const name = basename(path);
  const format = weightsFormatOf(path);
  await refuseOddTarget(path, name);
  const bytes = CODECS[format].encode(content);
  const temporary = join(dirname(path), `.${name.slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await verify(temporary, name, format, bytes, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeError(name, error);
  }
  await syncFolder(dirname(path));
  return { path, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** The model's tensors from a weights file of any format. Throws a DataError that names the tensor that does not fit. */
export async function readWeightsFile(path: string, model: WeightModel): Promise<WeightSet> {
  const format = weightsFormatOf(path);
  return CODECS[format].decode(await readWhole(path), model, basename(path));
}

/** What a file says about its model; null when it says nothing (another program wrote it). */
export async function readModelCard(path: string): Promise<ModelCard | null> {
  const name = basename(path);
  const text = CODECS[weightsFormatOf(path)].card(await readWhole(path), name);
  if (text === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parsed = parseModelCard(value);
  if ('card' in parsed) return parsed.card;
  throw new DataError(say`${name}: its model card is not right: ${word(parsed.problem)}`);
}

interface Codec {
  readonly encode: (content: WeightsContent) => Uint8Array;
  readonly decode: (bytes: Uint8Array, model: WeightModel, name: string) => WeightSet;
  /** The model card as JSON, '' for none. */
  readonly card: (bytes: Uint8Array, name: string) => string;
}

const CODECS: Readonly<Record<WeightsFormat, Codec>> = {
  npz: {
    encode: ({ card, weights }) => encodeNpzWeights(weightModelOf(card), weights, JSON.stringify(card)),
    decode: (bytes, model, name) => decodeNpzWeights(bytes, model, name, inflate),
    card: readNpzCard,
  },
  safetensors: {
    encode: ({ card, weights }) => encodeSafetensors(weightModelOf(card), weights, JSON.stringify(card)),
    decode: decodeSafetensors,
    card: readSafetensorsCard,
  },
  onnx: {
    encode: ({ card, weights }) => encodeOnnx(weightModelOf(card), weights, card.loss, JSON.stringify(card)),
    decode: decodeOnnx,
    card: readOnnxCard,
  },
  json: {
    encode: ({ card, weights, run }) =>
      encodeJsonWeights(weightModelOf(card), weights, { card, spec: run?.spec ?? null, metrics: run?.metrics ?? null }),
    decode: decodeJsonWeights,
    card: readJsonCard,
  },
};

/** Unpacks to at most `bytes` bytes, whatever the data would like to become. */
function inflate(compressed: Uint8Array, bytes: number, name: string): Uint8Array {
  try {
    return inflateRawSync(compressed, { maxOutputLength: Math.max(1, bytes) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(say`${name}: damaged: expected it to unpack to ${bytes} bytes: ${reason}`);
  }
}

async function refuseOddTarget(path: string, name: string): Promise<void> {
  const info = await lstat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw writeError(name, error);
  });
  if (info === null || info.isFile()) return;
  const what = word(info.isSymbolicLink() ? 'a symbolic link' : info.isDirectory() ? 'a folder' : 'a device');
  throw new DataError(say`${name}: not written: expected a file or a free name, found ${what}`);
}

/** Reads the file back: the bytes must be the ones written, and decode to the very tensors. */
async function verify(
  path: string,
  name: string,
  format: WeightsFormat,
  bytes: Uint8Array,
  { card, weights }: WeightsContent,
): Promise<void> {
  const back = await readWhole(path);
  const wanted = new Map(weights.map((tensor) => [tensor.name, tensor.data]));
  const decoded = CODECS[format].decode(back, weightModelOf(card), name);
  const same =
    Buffer.compare(back, bytes) === 0 &&
    decoded.length === weights.length &&
    decoded.every((tensor) => sameBits(tensor.data, wanted.get(tensor.name)));
  if (!same) throw new DataError(say`${name}: not written: what was read back is not what was written; check the disk`);
}

function sameBits(a: Float32Array, b: Float32Array | undefined): boolean {
  if (b === undefined) return false;
  const bytesOf = (array: Float32Array): Buffer => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  // JSON keeps that a value is NaN, but not which of the many NaN bit patterns it is.
  return bytesOf(a).equals(bytesOf(b)) || (a.length === b.length && a.every((value, i) => Object.is(value, b[i])));
}

async function readWhole(path: string): Promise<Uint8Array> {
  const name = basename(path);
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw fileError(name, error);
  });
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new DataError(say`${name}: expected a file, got a folder or device`);
    if (info.size > MAX_FILE_BYTES) throw new DataError(say`${name}: expected at most ${MAX_FILE_BYTES} bytes`);
    const bytes = new Uint8Array(info.size);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, Math.min(2 ** 30, bytes.length - filled), filled);
      if (bytesRead === 0) throw new DataError(say`${name}: it was cut short while being read`);
      filled += bytesRead;
    }
    return bytes;
  } catch (error) {
    throw fileError(name, error);
  } finally {
    await handle.close();
  }
}

/** Makes the rename itself durable. Windows has no such call for folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function writeError(name: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'no such folder',
    ENOTDIR: 'no such folder',
    EACCES: 'the system does not allow writing there',
    EPERM: 'the system does not allow writing there',
    EROFS: 'the disk is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    ENAMETOOLONG: 'the path is too long',
  };
  return new DataError(say`${name}: not written: ${word(reasons[error.code] ?? error.message)}`);
}
