/** What a weights file says about its model, so that it can be used without the run it came from. */

import { z } from 'zod';
import { layerSchema, lossSchema } from './layer-spec.ts';
import { num, oneOf, text } from './schema-parts.ts';

const numbers = z.array(z.number()).min(1).max(10_000_000);
const size = num({ min: 1, max: 1_000_000_000, integer: true });

export const modelCardSchema = z.strictObject({
  version: z.literal(1, { error: 'expected version 1: the file is of a newer Descent' }),
  /** Shape of one input row. */
  input: z.array(size).min(1).max(3),
  task: oneOf(['classification', 'regression']),
  /** The expanded layer list. */
  layers: z.array(layerSchema).min(1).max(1000),
  loss: lossSchema,
  /** Names of the classes or of the target columns. */
  outputNames: z.array(text(1000)).min(1).max(100_000),
  /**
   * What the network sees of a value v: v·scale + shift. One number for all features, or one for each of equal
   * stretches of a row (channels, features); null when values are taken as they are.
   */
  normalization: z.strictObject({ scale: numbers, shift: numbers }).nullable(),
});
export type ModelCard = z.infer<typeof modelCardSchema>;

/** A card from an unknown value, or what is wrong with it in one line. */
export function parseModelCard(value: unknown): { readonly card: ModelCard } | { readonly problem: string } {
  const result = modelCardSchema.safeParse(value);
  if (result.success) return { card: result.data };
  const [issue] = result.error.issues;
  return { problem: `${issue?.path.map(String).join('.') || 'model'}: ${issue?.message ?? 'not a model card'}` };
}

/** Folds equal neighbours: one number for all when they are equal, else one for each of `parts` stretches when that holds, else all. */
export function foldNormalization(values: ArrayLike<number>, parts: number): number[] {
  const all = Array.from(values);
  const width = all.length / parts;
  if (all.every((value) => value === all[0])) return all.slice(0, 1);
  if (Number.isInteger(width) && all.every((value, i) => value === all[i - (i % width)])) {
    return all.filter((_, i) => i % width === 0);
  }
  return all;
}

/** The inverse: one number a feature. */
export function unfoldNormalization(folded: readonly number[], rowSize: number): Float32Array {
  const width = rowSize / folded.length;
  return Float32Array.from({ length: rowSize }, (_, i) => folded[Math.floor(i / width)] ?? 0);
}
