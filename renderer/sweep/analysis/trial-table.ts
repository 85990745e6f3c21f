/** The trials of a sweep as columns: what every analysis chart draws from. Worked out once for all of them. */

import type { TrialRow } from '../../../electron/contract/sweeps.ts';
import type { SweepSpec } from '../../../engine/spec/sweep-spec.ts';
import { formatSeconds } from '../../charts/format.ts';
import { formatCount } from '../../text/format.ts';
import { paramNames } from '../param-names.ts';
import { figureAxis, parameterAxis, scoreAxis, type TrialAxis } from './axis.ts';

export interface TrialTable {
  readonly rows: readonly TrialRow[];
  /** Place in `rows` by number. */
  readonly places: ReadonlyMap<number, number>;
  /** NaN without one. */
  readonly scores: Float64Array;
  /** The parameters in the order of the space. */
  readonly parameters: readonly TrialAxis[];
  readonly score: TrialAxis;
  /** Parameters, score and the other figures. */
  readonly axes: readonly TrialAxis[];
  /** Positions of all trials on one of the axes, NaN where a trial has no place on it. */
  readonly positions: (axis: TrialAxis) => Float64Array;
  /** Level of the ramp for each score, 2 the worst and 7 the best; 0 without a score. */
  readonly levels: Uint8Array;
  readonly counts: {
    readonly completed: number;
    readonly pruned: number;
    readonly failed: number;
  };
}

/** Words the axes need that depend on the language. */
export interface AxisNames {
  readonly score: string;
  readonly epochs: string;
  readonly duration: string;
}

const LOWEST_LEVEL = 2;
const HIGHEST_LEVEL = 7;

export function trialTable(
  { space, objective }: Pick<SweepSpec, 'space' | 'objective'>,
  rows: readonly TrialRow[],
  names: AxisNames,
): TrialTable {
  const scores = Float64Array.from(rows, ({ score }) => score ?? Number.NaN);
  const short = paramNames(Object.keys(space));
  const parameters = Object.entries(space).map(([path, distribution]) =>
    parameterAxis(
      path,
      short.get(path) ?? path,
      distribution,
      rows.map(({ params }) => params[path]),
    ),
  );
  const score = scoreAxis(objective, names.score, scores);
  const epochs = Float64Array.from(rows, (row) => row.epochs);
  const seconds = Float64Array.from(rows, (row) => row.durationMs / 1000);
  const wholeSeconds = (value: number): string => formatSeconds(value < 10 ? value : Math.round(value));
  const figures = [
    { axis: figureAxis('epochs', names.epochs, epochs, formatCount), values: epochs },
    { axis: figureAxis('duration', names.duration, seconds, wholeSeconds), values: seconds },
  ];
  const known = new Map<string, Float64Array>();
  const positions = (axis: TrialAxis): Float64Array => {
    const found = known.get(axis.id) ?? column(axis);
    known.set(axis.id, found);
    return found;
  };
  const column = (axis: TrialAxis): Float64Array => {
    if (axis.id === score.id) return scores.map((value) => axis.at(value));
    const figure = figures.find((one) => one.axis.id === axis.id);
    if (figure !== undefined) return figure.values.map((value) => axis.at(value));
    return Float64Array.from(rows, ({ params }) => axis.at(params[axis.id]));
  };
  const count = (status: TrialRow['status']): number => rows.filter((row) => row.status === status).length;
  return {
    rows,
    places: new Map(rows.map(({ number }, i) => [number, i])),
    scores,
    parameters,
    score,
    axes: [...parameters, score, ...figures.map(({ axis }) => axis)],
    positions,
    levels: Uint8Array.from(positions(score), (at) => levelAt(objective.direction === 'maximize' ? at : 1 - at)),
    counts: { completed: count('completed'), pruned: count('pruned'), failed: count('failed') },
  };
}

function levelAt(goodness: number): number {
  if (Number.isNaN(goodness)) return 0;
  const span = HIGHEST_LEVEL - LOWEST_LEVEL + 1;
  return Math.min(HIGHEST_LEVEL, LOWEST_LEVEL + Math.floor(goodness * span));
}

/** The steps of the best score so far among completed trials, by number: each that was better than all before it. */
export function bestSoFar(
  { direction }: SweepSpec['objective'],
  rows: readonly TrialRow[],
): { readonly trial: number; readonly score: number }[] {
  const better = (a: number, b: number): boolean => (direction === 'maximize' ? a > b : a < b);
  const ended = rows
    .filter((row) => row.status === 'completed' && row.score !== null && Number.isFinite(row.score))
    .sort((a, b) => a.number - b.number);
  const steps: { trial: number; score: number }[] = [];
  for (const { number, score } of ended) {
    const last = steps.at(-1);
    if (score !== null && (last === undefined || better(score, last.score))) steps.push({ trial: number, score });
  }
  return steps;
}

/** The trials with the best k percent of the scores, as the score at their end; null without a scored trial. */
export function topThreshold(
  { direction }: SweepSpec['objective'],
  scores: Float64Array,
  share: number,
): number | null {
  const known = scores.filter(Number.isFinite).sort();
  if (known.length === 0) return null;
  const count = Math.max(1, Math.ceil(known.length * share));
  return (direction === 'maximize' ? known[known.length - count] : known[count - 1]) ?? null;
}
