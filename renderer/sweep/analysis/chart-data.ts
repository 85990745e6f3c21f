/** What a chart of trials draws, as a table: for its table view, for CSV and for the clipboard. Values in full. */

import type { Objective } from '../../../engine/spec/sweep-spec.ts';
import type { ParamValue } from '../../../engine/spec/search-space.ts';
import type { Importance } from '../../../engine/sweep/analysis/fanova.ts';
import { tableCsv } from '../../charts/export/csv.ts';
import type { TrialAxis } from './axis.ts';
import type { Curves } from './curves.ts';
import { bestSoFar, type TrialTable } from './trial-table.ts';
import type { Span } from './timeline.ts';

export type Cell = string | number | null;

export interface ChartData {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

function cellOf(value: ParamValue | undefined): Cell {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}

function figure(table: TrialTable, axis: TrialAxis, place: number): Cell {
  const row = table.rows[place];
  if (axis.id === table.score.id) return row?.score ?? null;
  if (axis.id === 'epochs') return row?.epochs ?? null;
  if (axis.id === 'duration') return row === undefined ? null : row.durationMs / 1000;
  return cellOf(row?.params[axis.id]);
}

/** One row a trial: `trial,state,score,<path>…`. */
export function trialsData(table: TrialTable, axes: readonly TrialAxis[] = table.parameters): ChartData {
  const others = axes.filter(({ id }) => id !== table.score.id);
  return {
    head: ['trial', 'state', 'score', ...others.map(({ id }) => (id === 'duration' ? 'seconds' : id))],
    rows: table.rows.map(({ number, status, score }, place) => [
      number,
      status,
      score,
      ...others.map((axis) => figure(table, axis, place)),
    ]),
  };
}

/** `trial,state,score,best_so_far`. */
export function historyData(table: TrialTable, objective: Objective): ChartData {
  const steps = new Map(bestSoFar(objective, table.rows).map(({ trial, score }) => [trial, score]));
  let best: number | null = null;
  return {
    head: ['trial', 'state', 'score', 'best_so_far'],
    rows: table.rows.map(({ number, status, score }) => {
      best = steps.get(number) ?? best;
      return [number, status, score, best];
    }),
  };
}

/** One row an epoch of a trial: `trial,epoch,<metric>`. */
export function curvesData({ trials, offsets, epochs, values }: Curves, objective: Objective): ChartData {
  const rows: Cell[][] = [];
  trials.forEach((trial, curve) => {
    for (let i = offsets[curve] ?? 0; i < (offsets[curve + 1] ?? 0); i++) {
      rows.push([trial, epochs[i] ?? 0, values[i] ?? Number.NaN]);
    }
  });
  return { head: ['trial', 'epoch', `${objective.split}_${objective.metric}`], rows };
}

/** One row a stretch of work, times as ISO 8601 in UTC. */
export function timelineData(spans: readonly Span[]): ChartData {
  const time = (moment: number | null): Cell => (moment === null ? null : new Date(moment).toISOString());
  return {
    head: ['worker', 'trial', 'from', 'to'],
    rows: spans.map(({ worker, trial, from, to }) => [worker, trial, time(from), time(to)]),
  };
}

/** `parameter,share,spread`; the last row is what no parameter explains alone. */
export function importanceData({ parameters, rest }: Importance, paths: readonly string[]): ChartData {
  const rows = paths.map((path, i) => [path, parameters[i]?.mean ?? 0, parameters[i]?.spread ?? 0]);
  return { head: ['parameter', 'share', 'spread'], rows: [...rows, ['rest', rest.mean, rest.spread]] };
}

/** Texts a spreadsheet would take for a formula get an apostrophe before them; numbers stay numbers. */
export function dataCsv({ head, rows }: ChartData): Uint8Array<ArrayBuffer> {
  const cell = (value: Cell): string | number => {
    if (value === null) return '';
    return typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  };
  return tableCsv([head, ...rows].map((row) => row.map(cell)));
}
