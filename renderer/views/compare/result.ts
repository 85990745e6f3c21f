/** The result of a race: a row a lane, with ranks, goals and what several seeds say. Pure. */

import type { RunSummary } from '../../../electron/contract/runs.ts';
import type { RunStatus } from '../../../engine/spec/run-status.ts';
import { LIVE_STATUSES } from '../../../engine/spec/run-status.ts';
import { spread, type Spread } from '../../race/bands.ts';
import { holm, pairedTTest, type PairedTest } from '../../race/paired-t.ts';
import { firstReached, type Reached } from '../../race/reached.ts';
import { placings, type Placing } from '../../race/wilson.ts';
import type { Lane } from './lanes-of.ts';

export type Measure = 'accuracy' | 'loss';

/** Below this a difference is called clear. */
export const CLEAR = 0.05;

/** What one seed of a lane came to. */
export interface SeedFigures {
  readonly summary: RunSummary;
  readonly seed: number | null;
  readonly validationRows: number;
  /** The curve the goal is asked of. */
  readonly curve: {
    readonly steps: ArrayLike<number>;
    readonly values: ArrayLike<number>;
    readonly elapsedMs: ArrayLike<number>;
  };
}

export interface LaneResult {
  readonly lane: Lane;
  readonly state: RunStatus;
  /** Seeds that have ended, of all. */
  readonly ended: number;
  readonly seeds: number;
  /** Seeds that diverged or failed. */
  readonly broken: number;
  /** Seeds the figures are of: those that were trained to the end; all while none has been. */
  readonly counted: number;
  /** Mean over the seeds that reached the goal. */
  readonly reached: Reached | null;
  readonly reachedSeeds: number;
  /** Best score over the seeds, and the epoch it was reached in (the mean of theirs, rounded). */
  readonly best: Spread | null;
  readonly bestEpoch: number | null;
  readonly lastLoss: Spread | null;
  readonly seconds: Spread | null;
  readonly lr: number | null;
  readonly placing: Placing;
  /** Against the leader (or the baseline), with more than one seed. */
  readonly test: LaneTest | null;
  /** Against the baseline; null for the baseline itself and without one. */
  readonly delta: Deltas | null;
}

export interface LaneTest extends PairedTest {
  /** Name of the lane it is compared with. */
  readonly against: string;
  /** p after Holm's adjustment for every pair of lanes that could have been compared. */
  readonly adjusted: number;
  readonly clear: boolean;
}

export interface Deltas {
  readonly steps: number | null;
  /** Milliseconds of training until the goal. */
  readonly time: number | null;
  readonly best: number | null;
  readonly lastLoss: number | null;
  readonly seconds: number | null;
}

export interface ResultInput {
  readonly lanes: readonly Lane[];
  readonly seeds: (lane: Lane) => readonly SeedFigures[];
  readonly measure: Measure;
  readonly goal: number;
  /** A lane's id, or null. */
  readonly baseline: string | null;
}

export function laneResults(input: ResultInput): LaneResult[] {
  const { lanes, measure } = input;
  const figures = lanes.map((lane) => input.seeds(lane));
  const rows = lanes.map((lane, i) => laneRow(lane, figures[i] ?? [], input));
  const better = measure === 'accuracy' ? 'higher' : 'lower';
  const scores = rows.map((row, i) => ({
    value: row.best?.mean ?? null,
    // Over several seeds the test tells what is clear; the interval of one split says nothing about their mean.
    samples: measure === 'accuracy' && row.seeds < 2 ? (figures[i]?.[0]?.validationRows ?? null) : null,
  }));
  const places = placings(scores, better);
  const leader = rows.findIndex((row) => row.lane.id === input.baseline);
  const against = leader >= 0 ? leader : places.findIndex((place) => place.rank === 1);
  const tests = testsAgainst(figures, rows, { against, chosen: leader >= 0, measure });
  const tied = new Set(tests.flatMap((test, i) => (leader < 0 && test !== null && !test.clear ? [i] : [])));
  return rows.map((row, i) => ({
    ...row,
    placing: sharedPlacing(places, i, against, tied),
    test: tests[i] ?? null,
    delta: leader < 0 || i === leader ? null : deltas(row, rows[leader]),
  }));
}

/** Over several seeds the lanes of `tied` share the leader's rank, since no difference is clear; the others follow. */
function sharedPlacing(places: readonly Placing[], i: number, leads: number, tied: ReadonlySet<number>): Placing {
  const own = places[i] ?? { rank: null, tie: false };
  if (tied.size === 0 || own.rank === null) return own;
  if (tied.has(i) || i === leads) return { rank: 1, tie: true };
  const worse = [...tied].filter((other) => (places[other]?.rank ?? 0) > (own.rank ?? 0)).length;
  return { ...own, rank: own.rank + worse };
}

function scoreOf(summary: RunSummary, measure: Measure): number | null {
  return measure === 'accuracy' ? summary.highestValidationAccuracy : summary.lowestValidationLoss;
}

/** A seed that is under way, or was stopped before its time, would only pull the means. */
function countedSeeds(seeds: readonly SeedFigures[]): readonly SeedFigures[] {
  const whole = seeds.filter(({ summary }) => summary.status === 'completed');
  return whole.length > 0 ? whole : seeds;
}

function laneRow(lane: Lane, all: readonly SeedFigures[], { measure, goal }: ResultInput): LaneResult {
  const seeds = countedSeeds(all);
  const rows = seeds.map((seed) => seed.summary);
  const statuses = all.map((seed) => seed.summary.status);
  const goals = seeds
    .map((seed) => firstReached(seed.curve, goal, measure === 'accuracy' ? 'up' : 'down'))
    .filter((reached) => reached !== null);
  const over = (values: readonly (number | null)[]): Spread | null =>
    spread(
      values.map((value) => value ?? Number.NaN),
      'std',
    );
  const epochs = over(rows.map((row) => (measure === 'accuracy' ? row.highestAccuracyEpoch : row.lowestLossEpoch)));
  const mean = (of: (reached: Reached) => number): number => goals.reduce((sum, g) => sum + of(g), 0) / goals.length;
  return {
    lane,
    state: stateOf(statuses),
    ended: statuses.filter((status) => !LIVE_STATUSES.includes(status)).length,
    seeds: lane.runs.length,
    broken: statuses.filter((status) => status === 'diverged' || status === 'failed').length,
    counted: seeds.length,
    reached: goals.length === 0 ? null : { step: mean((g) => g.step), elapsedMs: mean((g) => g.elapsedMs) },
    reachedSeeds: goals.length,
    best: over(rows.map((row) => scoreOf(row, measure))),
    bestEpoch: epochs === null ? null : Math.round(epochs.mean),
    lastLoss: over(rows.map((row) => row.lastValidationLoss ?? row.lastTrainLoss)),
    seconds: over(rows.map((row) => (row.durationMs > 0 ? row.durationMs / 1000 : null))),
    lr: rows[0]?.lr ?? null,
    placing: { rank: null, tie: false },
    test: null,
    delta: null,
  };
}

/** What most needs to be known: under way, then broken, then the rest. */
const URGENCY: readonly RunStatus[] = [
  'running',
  'paused',
  'queued',
  'failed',
  'diverged',
  'interrupted',
  'stopped',
  'completed',
];

export function stateOf(statuses: readonly RunStatus[]): RunStatus {
  return URGENCY.find((status) => statuses.includes(status)) ?? 'queued';
}

interface Comparison {
  /** Index of the lane that the others are compared with. */
  readonly against: number;
  /** True when a person chose it. The best lane is chosen by its scores: then any pair could have been looked at. */
  readonly chosen: boolean;
  readonly measure: Measure;
}

/** Paired by seed: a seed that only one of the two lanes has says nothing. */
function testsAgainst(
  figures: readonly (readonly SeedFigures[])[],
  rows: readonly LaneResult[],
  { against, chosen, measure }: Comparison,
): (LaneTest | null)[] {
  // While seeds are still to come the answer would change with each of them.
  const scores = figures.map((seeds, i) => {
    const row = rows[i];
    const whole = seeds.length >= 2 && row !== undefined && row.ended === row.seeds;
    return whole ? scoresBySeed(seeds, measure) : new Map<number, number>();
  });
  const resolution = resolutionOf(figures, measure);
  const test = (i: number, j: number): PairedTest | null => {
    const [own, other] = [scores[i] ?? new Map<number, number>(), scores[j] ?? new Map<number, number>()];
    const shared = [...own.keys()].filter((seed) => other.has(seed));
    return pairedTTest(
      shared.map((seed) => own.get(seed) ?? Number.NaN),
      shared.map((seed) => other.get(seed) ?? Number.NaN),
      resolution,
    );
  };
  const lanes = figures.map((_, i) => i);
  const compared = chosen
    ? lanes.filter((i) => i !== against).map((i) => [i, against] as const)
    : lanes.flatMap((i) => lanes.slice(0, i).map((j) => [i, j] as const));
  const family = compared.flatMap(([i, j]) => {
    const { p } = test(i, j) ?? {};
    return p === undefined ? [] : [{ i, j, p }];
  });
  const adjusted = holm(family.map(({ p }) => p));
  return lanes.map((lane) => {
    const at = family.findIndex(({ i, j }) => (i === lane && j === against) || (i === against && j === lane));
    const own = at < 0 ? null : test(lane, against);
    if (own === null) return null;
    const p = adjusted[at] ?? 1;
    return { ...own, against: rows[against]?.lane.name ?? '', adjusted: p, clear: p < CLEAR };
  });
}

/** A step of the accuracy is one row of the smallest validation split; losses are float32. */
function resolutionOf(figures: readonly (readonly SeedFigures[])[], measure: Measure): number {
  const all = figures.flat();
  if (measure === 'accuracy') return 1 / Math.max(1, Math.min(...all.map((seed) => seed.validationRows)));
  const losses = all.map(({ summary }) => Math.abs(scoreOf(summary, measure) ?? 0));
  return Math.max(Number.MIN_VALUE, 2 ** -23 * Math.max(0, ...losses));
}

function scoresBySeed(seeds: readonly SeedFigures[], measure: Measure): Map<number, number> {
  const scores = new Map<number, number>();
  for (const { seed, summary } of seeds) {
    const score = scoreOf(summary, measure);
    if (seed !== null && score !== null && summary.status === 'completed') scores.set(seed, score);
  }
  return scores;
}

function deltas(row: LaneResult, baseline: LaneResult | undefined): Deltas {
  const minus = (a: number | undefined, b: number | undefined): number | null =>
    a === undefined || b === undefined ? null : a - b;
  return {
    steps: minus(row.reached?.step, baseline?.reached?.step),
    time: minus(row.reached?.elapsedMs, baseline?.reached?.elapsedMs),
    best: minus(row.best?.mean, baseline?.best?.mean),
    lastLoss: minus(row.lastLoss?.mean, baseline?.lastLoss?.mean),
    seconds: minus(row.seconds?.mean, baseline?.seconds?.mean),
  };
}

export const RESULT_COLUMNS = ['rank', 'lane', 'lr', 'steps', 'time', 'best', 'epoch', 'loss', 'seconds'] as const;
export type ResultColumn = (typeof RESULT_COLUMNS)[number];
export interface ResultSort {
  readonly column: ResultColumn;
  readonly direction: 'ascending' | 'descending';
}

/** Pinned lanes first; missing values last; equal ones in the order of the lanes. */
export function sortResults(rows: readonly LaneResult[], sort: ResultSort | null): LaneResult[] {
  const value = (row: LaneResult): number | string | null => {
    switch (sort?.column) {
      case 'rank':
        return row.placing.rank;
      case 'lane':
        return row.lane.name.toLowerCase();
      case 'lr':
        return row.lr;
      case 'steps':
        return row.reached?.step ?? null;
      case 'time':
        return row.reached?.elapsedMs ?? null;
      case 'best':
        return row.best?.mean ?? null;
      case 'epoch':
        return row.bestEpoch;
      case 'loss':
        return row.lastLoss?.mean ?? null;
      case 'seconds':
        return row.seconds?.mean ?? null;
      case undefined:
        return row.lane.place;
    }
  };
  const sign = sort?.direction === 'descending' ? -1 : 1;
  const compare = (a: number | string, b: number | string): number =>
    typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : Number(a) - Number(b);
  return [...rows].sort((a, b) => {
    if (a.lane.pinned !== b.lane.pinned) return a.lane.pinned ? -1 : 1;
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return x === y ? a.lane.place - b.lane.place : x === null ? 1 : -1;
    return sign * compare(x, y) || a.lane.place - b.lane.place;
  });
}
