/**
 * A run as one readable JSON file: the run spec, a summary of its metrics, the model card and the weights in the
 * engine's own names and layout. Float32 values are written with the fewest digits that give them back exactly; −0
 * stays −0; what JSON has no number for is written as "NaN", "Infinity" and "-Infinity".
 */

import { say } from '../spec/message.ts';
import { DataError } from '../data/dataset.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import { fitWeights, placedWeights, weightLayout, type FoundTensor, type WeightModel } from './weight-layout.ts';
import type { NamedTensor, WeightSet } from './weight-set.ts';

const FORMAT = 'descent-weights';
const VERSION = 1;
/** A text longer than this cannot be held in one piece. */
const MAX_BYTES = 400_000_000;

/** What the file says besides the weights; each a JSON value. */
export interface JsonParts {
  readonly card: unknown;
  /** The run spec, or null. */
  readonly spec: unknown;
  /** Summary of the run's metrics, or null. */
  readonly metrics: unknown;
}

/** Writes spec, metrics, card and weights, one row of a tensor a line. */
export function encodeJsonWeights(model: WeightModel, weights: WeightSet, parts: JsonParts): Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const write = (text: string): void => {
    const bytes = encodeUtf8(text);
    total += bytes.length;
    if (total > MAX_BYTES)
      throw new DataError(say`json: expected less than ${MAX_BYTES} bytes; use npz or safetensors`);
    chunks.push(bytes);
  };
  const head = { format: FORMAT, version: VERSION, spec: parts.spec, metrics: parts.metrics, model: parts.card };
  write(`${JSON.stringify(head, null, 2).slice(0, -2)},\n  "tensors": [`);
  for (const [i, [place, data]] of placedWeights(weightLayout(model), weights).entries()) {
    const { name, shape } = place;
    write(
      `${i === 0 ? '' : ','}\n    {"name": ${JSON.stringify(name)}, "shape": ${JSON.stringify(shape)}, "values": [`,
    );
    const width = shape.at(-1) ?? 1;
    for (let at = 0; at < data.length; at += width) {
      const row = Array.from(data.subarray(at, at + width), numberText).join(', ');
      write(`${at === 0 ? '' : ','}\n      ${row}`);
    }
    write('\n    ]}');
  }
  write('\n  ]\n}\n');
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** The model's tensors from a file. Throws a DataError when the file is wrong or does not fit. */
export function decodeJsonWeights(bytes: Uint8Array, model: WeightModel, name: string): NamedTensor[] {
  const { tensors } = readFile(bytes, name);
  if (!Array.isArray(tensors)) throw new DataError(say`${name}, tensors: expected a list`);
  const found = new Map<string, FoundTensor>();
  for (const [i, entry] of tensors.entries()) {
    const tensor: unknown = entry;
    if (!isRecord(tensor) || typeof tensor['name'] !== 'string' || found.has(tensor['name'])) {
      throw new DataError(say`${name}, tensors.${i}: expected a tensor with a name of its own`);
    }
    const { name: key, shape, values } = tensor;
    if (!isShape(shape)) throw new DataError(say`${name}, ${key}: expected a shape of whole numbers`);
    found.set(key, { shape, values: () => readValues(values, shape, `${name}, ${key}`) });
  }
  return fitWeights(name, weightLayout(model), 'own', found);
}

/** The model card of a file, as JSON. */
export function readJsonCard(bytes: Uint8Array, name: string): string {
  return JSON.stringify(readFile(bytes, name)['model'] ?? null);
}

function readFile(bytes: Uint8Array, name: string): Record<string, unknown> {
  if (bytes.length > MAX_BYTES)
    throw new DataError(say`${name}: expected at most ${MAX_BYTES} bytes, got ${bytes.length}`);
  let value: unknown;
  try {
    value = JSON.parse(decodeUtf8(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DataError(say`${name}: not a JSON file: ${error.message}`);
  }
  if (!isRecord(value) || value['format'] !== FORMAT) {
    throw new DataError(say`${name}: not a weights file: expected "format": "${FORMAT}"`);
  }
  if (value['version'] !== VERSION) {
    throw new DataError(say`${name}: expected version ${VERSION}, got ${JSON.stringify(value['version'])}`);
  }
  return value;
}

function readValues(values: unknown, shape: readonly number[], name: string): Float32Array {
  const size = shape.reduce((product, n) => product * n, 1);
  if (!Array.isArray(values) || values.length !== size) {
    throw new DataError(say`${name}: expected ${size} values, got ${Array.isArray(values) ? values.length : 'none'}`);
  }
  return Float32Array.from(values, (value: unknown, i) => {
    if (typeof value === 'number') return value;
    if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
    throw new DataError(say`${name}, value ${i}: expected a number, got ${JSON.stringify(value)}`);
  });
}

/** The fewest digits (6 to 9) that give the float32 back. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  if (Object.is(value, -0)) return '-0';
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => typeof n === 'number' && Number.isInteger(n) && n >= 0);
}
