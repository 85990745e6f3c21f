/** Runs looked at together: a race started as one, or a comparison of runs of any age. */

import { z } from 'zod';
import type { RunId } from '../../engine/spec/ids.ts';
import { RUN_ID_PATTERN } from '../../engine/spec/ids.ts';
import { runIdSchema } from './runs.ts';

export type ComparisonId = string & { readonly __brand: 'ComparisonId' };
export const comparisonIdSchema = z.custom<ComparisonId>(
  (value) => typeof value === 'string' && RUN_ID_PATTERN.test(value),
  { error: 'expected the id of a comparison' },
);

/** At most this many runs fit a comparison. */
export const MAX_COMPARED = 20;
/** Lanes and seeds of a race: together at most MAX_RACE_RUNS runs. */
export const MAX_RACE_RUNS = 100;

/** A run's place in a comparison. */
export const comparedRunSchema = z.strictObject({
  id: runIdSchema,
  /** Runs of one lane differ in their seed alone. null outside a race. */
  lane: z.string().min(1).max(200).nullable(),
  hidden: z.boolean(),
  pinned: z.boolean(),
});
export type ComparedRun = z.infer<typeof comparedRunSchema>;

export interface Comparison {
  readonly id: ComparisonId;
  readonly name: string;
  readonly kind: 'race' | 'comparison';
  readonly createdAt: number;
  /** In their order on screen. Runs deleted for good are gone from here too. */
  readonly runs: readonly ComparedRun[];
  /** The run the others are measured against, or null. */
  readonly baseline: RunId | null;
}
export const comparisonSchema = z.strictObject({
  id: comparisonIdSchema,
  name: z.string().min(1).max(200),
  kind: z.enum(['race', 'comparison']),
  createdAt: z.number(),
  runs: z.array(comparedRunSchema).max(MAX_RACE_RUNS),
  baseline: runIdSchema.nullable(),
});

/** What a person changes about a comparison; what is left out stays. */
export const comparisonChangeSchema = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  runs: z.array(comparedRunSchema).min(1).max(MAX_RACE_RUNS).optional(),
  baseline: runIdSchema.nullable().optional(),
});
export type ComparisonChange = z.infer<typeof comparisonChangeSchema>;

/** Lanes share everything but what their specs differ in; each is run once for every seed, counted up from the spec's. */
export const raceSchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  lanes: z
    .array(z.strictObject({ name: z.string().trim().min(1).max(200), spec: z.unknown() }))
    .min(2)
    .max(MAX_COMPARED),
  seeds: z.number().int().min(1).max(20),
});
export type Race = z.infer<typeof raceSchema>;
