/**
 * A data set as one file, for a machine that does not have the one it was read from. Layout, little-endian:
 *   8 bytes "DESCENTD"    4 bytes length of the header    header: JSON in UTF-8
 *   then the values, the labels and the targets, as far as there are any
 */

import { say } from '../../engine/spec/message.ts';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { DataError, type DataSet } from '../../engine/data/dataset.ts';
import { fileError } from './data-bytes.ts';

const MAGIC = 'DESCENTD';
const PREFIX = MAGIC.length + 4;

const size = z.int().min(0);
const headerSchema = z.strictObject({
  version: z.literal(1),
  shape: z.strictObject({
    input: z.array(z.int().min(1)).min(1).max(3),
    task: z.enum(['classification', 'regression']),
    outputs: z.int().min(1),
  }),
  rows: size,
  values: z.enum(['uint8', 'float32']),
  labels: z.boolean(),
  targets: z.boolean(),
  targetsNote: z.string().optional(),
  outputNames: z.array(z.string()),
  featureNames: z.array(z.string()).nullable(),
  testFrom: size,
  maximum: z.number().nullable(),
});

/** All rows as one file, in the format above. */
export function packDataSet(set: DataSet): Uint8Array {
  const { shape, rows, x, labels, targets, targetsNote, outputNames, featureNames, testFrom, maximum } = set;
  const { input, task, outputs } = shape;
  const header: z.input<typeof headerSchema> = {
    version: 1,
    shape: { input: [...input], task, outputs },
    rows,
    values: x instanceof Uint8Array ? 'uint8' : 'float32',
    labels: labels !== null,
    targets: targets !== null,
    ...(targetsNote === undefined ? {} : { targetsNote }),
    outputNames: [...outputNames],
    featureNames: featureNames === null ? null : [...featureNames],
    testFrom,
    maximum,
  };
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(text.length, MAGIC.length);
  const arrays = [x, labels, targets].filter((array) => array !== null);
  const parts = arrays.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
  const bytes = new Uint8Array(PREFIX + text.length + parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of [prefix, text, ...parts]) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** Throws a DataError for a file that is not a packed data set. */
export async function readPackedDataSet(path: string): Promise<DataSet> {
  const name = basename(path);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileError(name, error);
  });
  return unpackDataSet(bytes, name);
}

/** `name` stands in front of what is wrong. Throws a DataError. */
export function unpackDataSet(bytes: Uint8Array, name: string): DataSet {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < PREFIX || buffer.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new DataError(say`${name}: not a packed data set`);
  }
  let offset = PREFIX + buffer.readUInt32LE(MAGIC.length);
  const header = parseHeader(buffer.toString('utf8', PREFIX, offset), name);
  const take = (itemBytes: number, items: number): ArrayBuffer => {
    const end = offset + itemBytes * items;
    if (end > buffer.length) throw new DataError(say`${name}: cut off: expected at least ${end} bytes`);
    // A copy: the array then owns its memory, and begins where its type demands.
    const own = new Uint8Array(buffer.subarray(offset, end)).buffer;
    offset = end;
    return own;
  };
  const { version: _version, shape, rows, values, labels, targets, targetsNote, ...rest } = header;
  const items = rows * shape.input.reduce((product, side) => product * side, 1);
  const set: DataSet = {
    ...rest,
    shape,
    rows,
    ...(targetsNote === undefined ? {} : { targetsNote }),
    x: values === 'uint8' ? new Uint8Array(take(1, items)) : new Float32Array(take(4, items)),
    labels: labels ? new Int32Array(take(4, rows)) : null,
    targets: targets ? new Float32Array(take(4, rows * shape.outputs)) : null,
  };
  if (offset !== buffer.length) throw new DataError(say`${name}: expected ${offset} bytes, got ${buffer.length}`);
  return set;
}

function parseHeader(text: string, name: string): z.infer<typeof headerSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DataError(say`${name}: the header of a packed data set is not JSON`);
  }
  const parsed = headerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DataError(say`${name}: header: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
}
