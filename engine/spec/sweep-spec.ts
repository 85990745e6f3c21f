/** The sweep spec: a base run spec, what varies in it, what is looked for, and how. */

import { z } from 'zod';
import { METRICS } from './metric.ts';
import { RANGES } from './numbers.ts';
import type { RunSpec, RunSpecInput } from './run-spec.ts';
import { bool, num, oneOf, shown, text } from './schema-parts.ts';
import { distributionSchema, type TrialParams } from './search-space.ts';

const count = (min: number, max: number) => num({ min, max, integer: true });
const share = num({ min: 0, above: true, max: 0.999999 });

/** How the parameters of the next trial are found; the settings are explained where the samplers are, in engine/sweep. */
export const samplerSchema = z.discriminatedUnion(
  'type',
  [
    /** `points`: values tried of a continuous or logarithmic range. */
    z.strictObject({ type: z.literal('grid'), points: count(2, 100_000).default(5) }),
    z.strictObject({ type: z.literal('random') }),
    z.strictObject({ type: z.literal('sobol') }),
    z.strictObject({
      type: z.literal('tpe'),
      multivariate: bool().default(false),
      /** Random trials before the first modelled one. */
      startup: count(1, 100_000).default(10),
      /** Draws the best one is taken of. */
      candidates: count(1, 10_000).default(24),
    }),
    z.strictObject({
      type: z.literal('cma-es'),
      /** Trials a generation; null: 4 + ⌊3 ln n⌋ for n parameters. */
      population: count(4, 10_000).nullable().default(null),
      /** First step size, as a share of every parameter's range. */
      sigma: num({ min: 0, above: true, max: 1 }).default(0.3),
    }),
    z.strictObject({
      type: z.literal('narrow'),
      rounds: count(2, 100).default(3),
      /** Share of a round's trials whose range the next round searches. */
      fraction: share.default(0.2),
      /** Pauses the sweep after each round, for a look at the next round's ranges. */
      pause: bool().default(false),
    }),
  ],
  { error: 'unknown sampler; expected one of grid, random, sobol, tpe, cma-es, narrow' },
);
export type SamplerSpec = z.infer<typeof samplerSchema>;

const bound = num({ min: -1e300, max: 1e300 }).nullable().default(null);

/** When a trial is given up early; explained in engine/sweep too. */
export const prunerSchema = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('none') }),
    z.strictObject({
      type: z.literal('median'),
      /** Finished trials to compare with before the first decision. */
      startupTrials: count(1, 100_000).default(5),
      /** Epochs of every trial that are never judged. */
      warmupEpochs: count(0, 1_000_000).default(0),
      /** Decides every so many epochs. */
      every: count(1, 1_000_000).default(1),
    }),
    z.strictObject({
      type: z.literal('asha'),
      minEpochs: count(1, 1_000_000).default(1),
      /** η: one in so many goes on at each rung. */
      reduction: count(2, 100).default(3),
      /** Trials take turns in this many brackets, each of which starts its rungs η times later than the one before. */
      brackets: count(1, 20).default(1),
    }),
    z.strictObject({
      type: z.literal('hyperband'),
      minEpochs: count(1, 1_000_000).default(1),
      reduction: count(2, 100).default(3),
    }),
    z
      .strictObject({
        type: z.literal('threshold'),
        below: bound,
        above: bound,
        warmupEpochs: count(0, 1_000_000).default(0),
      })
      .superRefine(({ below, above }, context) => {
        if (below !== null || above !== null) return;
        context.addIssue({
          code: 'custom',
          path: ['below'],
          message: 'expected a number in below or above, got neither',
        });
      }),
  ],
  { error: 'unknown pruner; expected one of none, median, asha, hyperband, threshold' },
);
export type PrunerSpec = z.infer<typeof prunerSchema>;

export const objectiveSchema = z
  .strictObject({
    metric: oneOf(['accuracy', 'loss']).default('accuracy'),
    split: z
      .enum(['validation', 'train'], {
        error: (issue) =>
          issue.input === 'test'
            ? 'the test split is sealed: choosing by it would make its score worthless; use validation'
            : `expected one of validation, train, got ${shown(issue.input)}`,
      })
      .default('validation'),
    /** Left out: what is better for the metric. */
    direction: oneOf(['maximize', 'minimize']).optional(),
    /** Which epoch's value is the score. */
    at: oneOf(['best', 'last']).default('best'),
  })
  .transform(({ direction, ...rest }) => ({ ...rest, direction: direction ?? METRICS[rest.metric].direction }));
export type Objective = z.infer<typeof objectiveSchema>;

const params: z.ZodType<TrialParams> = z.record(z.string(), z.json());

/** The fields without the checks that need several of them. */
export const sweepFieldsSchema = z.strictObject(
  {
    name: text(200).default('unnamed sweep'),
    seed: num(RANGES.seed).default(1),
    base: z.unknown(),
    space: z
      .record(z.string(), distributionSchema, {
        error: (issue) => (issue.code === 'invalid_type' ? `expected an object, got ${shown(issue.input)}` : undefined),
      })
      .refine((space) => Object.keys(space).length > 0, { error: 'expected at least one parameter' }),
    objective: objectiveSchema.prefault({}),
    sampler: samplerSchema.prefault({ type: 'random' }),
    pruner: prunerSchema.prefault({ type: 'none' }),
    /** Left out: every cell of a grid, else 100. */
    trials: count(1, 100_000).optional(),
    seedsPerTrial: count(1, 100).default(1),
    /** Instead of the base's epochs or steps; null leaves them. */
    epochsPerTrial: num(RANGES.epochs).nullable().default(null),
    /** No trial starts after so many minutes of searching; null: no limit. */
    maxMinutes: num({ min: 0, above: true, max: 1e7 }).nullable().default(null),
    /** Suggestions by hand, tried first. Parameters left out are drawn at random. */
    enqueue: z.array(params).max(10_000).default([]),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? `expected an object, got ${shown(issue.input)}` : undefined) },
);
export type SweepFields = z.infer<typeof sweepFieldsSchema>;

/** A sweep spec with every default filled in. */
export type SweepSpec = Omit<SweepFields, 'base' | 'trials'> & { readonly base: RunSpec; readonly trials: number };
/** A sweep spec as a person writes it. */
export type SweepSpecInput = Omit<z.input<typeof sweepFieldsSchema>, 'base'> & {
  readonly base: RunSpecInput;
};
