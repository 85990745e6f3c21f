/** What a window can ask about sweeps: argument schemas and results, a part of the table in invoke.ts. */

import { z } from 'zod';
import type { RunId, SweepId } from '../../engine/spec/ids.ts';
import type { SpecIssue } from '../../engine/spec/run-spec.ts';
import type { ParamValue } from '../../engine/spec/search-space.ts';
import type { PackedRows } from './packed-rows.ts';
import { sweepIdSchema, type PackedSweepDetail, type SweepSummary, type TrialSpan } from './sweeps.ts';

/** Trials at once; above the app's own number of workers they wait for one. */
const workers = z.number().int().min(1).max(256);
const trial = z.number().int().min(0);
const ids = z.array(sweepIdSchema).min(1).max(10_000);
const paramValue: z.ZodType<ParamValue> = z.json();
const params = z.record(z.string(), paramValue);

/** Arguments of the requests about sweeps. */
export const SWEEP_ARGUMENTS = {
  /**
   * Checked again in the main process, the base on its data as well: the spec is any JSON value here. Fails with
   * `spec_invalid` and issues by path ("space.optimizer.lr.max", "base.data.source").
   */
  'sweep:start': z.strictObject({
    spec: z.unknown(),
    /** Left out: as many as the app trains at once. */
    workers: workers.optional(),
  }),
  'sweep:list': z.strictObject({ trash: z.boolean() }),
  'sweep:get': z.strictObject({ id: sweepIdSchema }),
  /**
   * `pause` keeps running trials in memory. `resume` goes on with a sweep that is paused or interrupted, its trials
   * from where they are, or with the rest of one that was stopped; between two rounds of narrow it lets the next one
   * begin. `stop` ends running trials where they are: they count as pruned until they are retried.
   */
  'sweep:control': z.strictObject({ id: sweepIdSchema, action: z.enum(['pause', 'resume', 'stop']) }),
  /** `retry` lets a pruned or failed trial go on to its end, past the pruner; it wakes a sweep that was over. */
  'sweep:trial': z.strictObject({ id: sweepIdSchema, trial, action: z.enum(['stop', 'retry']) }),
  /** A trial by hand, tried next; parameters left out are drawn at random. Wakes a sweep that was over. */
  'sweep:enqueue': z.strictObject({ id: sweepIdSchema, params }),
  /**
   * The waiting suggestions in a new order: indices into `seen`, the `SweepDetail.queue` someone looked at. Left-out
   * ones are dropped; those that have begun meanwhile are passed over.
   */
  'sweep:reorder': z.strictObject({
    id: sweepIdSchema,
    seen: z.array(params).max(100_000),
    order: z.array(z.number().int().min(0)).max(100_000),
  }),
  /** What a round of narrow that has not begun will search: a distribution for every path. Checked in the main process. */
  'sweep:ranges': z.strictObject({
    id: sweepIdSchema,
    /** From 0. */
    round: z.number().int().min(0),
    space: z.record(z.string(), z.unknown()),
  }),
  'sweep:workers': z.strictObject({ id: sweepIdSchema, count: workers }),
  'sweep:rename': z.strictObject({ id: sweepIdSchema, name: z.string().trim().min(1).max(200) }),
  /** Moves to the trash, with all runs; live sweeps are refused. `sweep:restore` brings back, `sweep:purge` deletes for good. */
  'sweep:delete': z.strictObject({ ids }),
  'sweep:restore': z.strictObject({ ids }),
  'sweep:purge': z.strictObject({ ids }),
  /**
   * Trains a completed trial's settings once more on train and validation rows together, then scores it once on the
   * sealed test split. Every time counts in `SweepSummary.testOpenings`.
   */
  'sweep:promote': z.strictObject({
    id: sweepIdSchema,
    /** null: the best one. */
    trial: trial.nullable(),
  }),
  /** The objective over the epochs, of a trial's first repeat. */
  'sweep:curves': z.strictObject({
    id: sweepIdSchema,
    /** Those of the rows on the screen, say; null: all. */
    trials: z.array(trial).max(100_000).nullable(),
    /** Reduces each curve to at most this many points: its ends, and the least and greatest in between. */
    maxPoints: z.number().int().min(8).max(100_000),
  }),
  'sweep:timeline': z.strictObject({ id: sweepIdSchema }),
} as const satisfies Record<`sweep:${string}`, z.ZodType>;

export type SweepChannel = keyof typeof SWEEP_ARGUMENTS;

/** What comes back. */
export interface SweepResults {
  'sweep:start': StartedSweep;
  /** Newest first. */
  'sweep:list': SweepSummary[];
  /** `unpackSweep` makes a `SweepDetail` of it. */
  'sweep:get': PackedSweepDetail;
  'sweep:control': null;
  'sweep:trial': null;
  'sweep:enqueue': null;
  'sweep:reorder': null;
  'sweep:ranges': null;
  'sweep:workers': null;
  'sweep:rename': SweepSummary;
  'sweep:delete': null;
  'sweep:restore': null;
  'sweep:purge': { readonly freedBytes: number };
  /** The new run, an ordinary one: listed, open to look at. Its row says which trial it comes from (`promotedFrom`). */
  'sweep:promote': RunId;
  'sweep:curves': TrialCurves;
  /** By start. Several of a trial that was paused, resumed or repeated. */
  'sweep:timeline': PackedRows<TrialSpan>;
}

/** A sweep that has begun. */
export interface StartedSweep {
  readonly id: SweepId;
  /** What a person should know: a large grid, combinations that will repeat. */
  readonly warnings: readonly SpecIssue[];
}

/** Many curves in four arrays: curve i belongs to `trials[i]` and holds the points from `offsets[i]` to `offsets[i + 1]`. */
export interface TrialCurves {
  /** Trial numbers, ascending. A trial without a point is left out. */
  readonly trials: Int32Array;
  /** One more than there are trials. */
  readonly offsets: Int32Array;
  /** Counted from 1. */
  readonly epochs: Int32Array;
  /** The sweep's objective after that epoch; NaN where it could not be had. */
  readonly values: Float64Array;
}
