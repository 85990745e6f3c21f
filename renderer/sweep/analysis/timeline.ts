/** Which trial ran where, from when to when: one lane a worker. */

import { labelWidth, type Shape } from '../../charts/options/shapes.ts';
import { plotBox, type Size } from '../../charts/plot.ts';
import { formatSeconds } from '../../charts/format.ts';
import { timeTicks } from '../../charts/ticks.ts';
import { type Mark, type Mask, type TrialDrawing } from './drawing.ts';
import type { TrialTable } from './trial-table.ts';

/** A stretch of time a worker trained a trial without a break. */
export interface Span {
  readonly trial: number;
  readonly worker: string;
  /** UTC milliseconds. */
  readonly from: number;
  /** null while it goes on. */
  readonly to: number | null;
}

/** Time in which no worker did anything, at least this long, is left out of the axis. */
const LEAST_BREAK_MS = 60_000;
/** And at least this share of the time in which one did. */
const BREAK_SHARE = 0.05;
const MOST_LANE = 40;

export interface WorkTime {
  /** Milliseconds of work before this moment, breaks left out. */
  readonly at: (moment: number) => number;
  readonly total: number;
  /** Where a break was left out, milliseconds of work. */
  readonly breaks: readonly number[];
}

/** The clock of a sweep without the nights it slept through. */
export function workTime(spans: readonly { readonly from: number; readonly to: number }[]): WorkTime {
  const busy: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = busy.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else busy.push({ from, to });
  }
  const worked = busy.reduce((sum, { from, to }) => sum + to - from, 0);
  const least = Math.max(LEAST_BREAK_MS, worked * BREAK_SHARE);
  // Stretches of the axis: where they begin in the day and in the sweep.
  const pieces: { from: number; to: number; start: number }[] = [];
  const breaks: number[] = [];
  for (const { from, to } of busy) {
    const last = pieces.at(-1);
    if (last !== undefined && from - last.to < least) {
      last.to = to;
      continue;
    }
    const start = last === undefined ? 0 : last.start + last.to - last.from;
    if (last !== undefined) breaks.push(start);
    pieces.push({ from, to, start });
  }
  const end = pieces.at(-1);
  return {
    total: end === undefined ? 0 : end.start + end.to - end.from,
    breaks,
    at: (moment) => {
      const piece = pieces.findLast(({ from }) => from <= moment) ?? pieces[0];
      return piece === undefined ? 0 : piece.start + Math.min(Math.max(0, moment - piece.from), piece.to - piece.from);
    },
  };
}

interface Bar {
  readonly place: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * @param now where spans that go on end, UTC milliseconds
 * @param laneName what a worker's lane is called
 */
export function timelineDrawing(
  table: TrialTable,
  spans: readonly Span[],
  now: number,
  laneName: (worker: string) => string,
  size: Size,
): TrialDrawing {
  const closed = spans.map((span) => ({ ...span, to: Math.max(span.from, span.to ?? now) }));
  const workers = [...new Set(spans.map(({ worker }) => worker))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  const time = workTime(closed);
  const names = workers.map(laneName);
  const left = Math.min(120, Math.max(24, ...names.map((name) => 16 + labelWidth(name))));
  const box = plotBox(size, { left, right: 16, top: 8, bottom: 22 });
  const total = Math.max(1, time.total);
  const lane = Math.min(MOST_LANE, box.height / Math.max(1, workers.length));
  const laneTop = new Map(workers.map((worker, i) => [worker, box.y + i * lane]));
  const bars: Bar[] = closed.flatMap(({ trial, worker, from, to }) => {
    const place = table.places.get(trial);
    if (place === undefined) return [];
    const x = box.x + (time.at(from) / total) * box.width;
    const end = box.x + (time.at(to) / total) * box.width;
    const gap = lane > 6 ? 1 : 0;
    const width = Math.max(0.75, end - x - (end - x > 4 ? 1 : 0));
    return [{ place, x, y: (laneTop.get(worker) ?? box.y) + gap, width, height: Math.max(1, lane - 2 * gap) }];
  });

  function trials(which: Mask, faded: boolean): Shape[] {
    const groups = new Map<string, { paint: Omit<Shape, 'kind'>; cells: number[] }>();
    for (const { place, x, y, width, height } of bars) {
      if (which?.[place] === 0) continue;
      const status = table.rows[place]?.status ?? 'queued';
      const level = table.levels[place] ?? 0;
      const completed = status === 'completed';
      const thin = status === 'pruned';
      const key = completed ? `level-${level}` : status;
      const fill = completed ? level : status === 'failed' ? 'danger' : 'quiet';
      const group = groups.get(key) ?? { paint: { fill, opacity: faded ? 0.15 : thin ? 0.55 : 0.9 }, cells: [] };
      group.cells.push(x, thin ? y + height / 3 : y, width, thin ? Math.max(1, height / 3) : height);
      groups.set(key, group);
    }
    return [...groups.values()].map(({ paint, cells }) => ({
      ...paint,
      kind: 'cells' as const,
      cells: Float32Array.from(cells),
    }));
  }

  const byPlace = new Map<number, Bar[]>();
  for (const bar of bars) byPlace.set(bar.place, [...(byPlace.get(bar.place) ?? []), bar]);
  const seconds = total / 1000;
  const breakLines = time.breaks.map((at) => box.x + (at / total) * box.width);
  return {
    axes: [
      {
        box,
        x: timeTicks({ min: 0, max: seconds }, 5).map((value) => ({
          value: value / seconds,
          label: formatSeconds(value),
        })),
        y: [],
      },
    ],
    brushes: [],
    below: workers.map((_, i) => ({
      kind: 'text',
      x: box.x - 8,
      y: box.y + (i + 0.5) * lane,
      text: lane >= 11 ? (names[i] ?? '') : '',
      align: 'right',
      most: left - 12,
    })),
    above: breakLines.map((x) => ({
      kind: 'lines',
      points: Float32Array.of(x, box.y, x, box.y + lane * workers.length),
      stroke: 'text',
      width: 1,
      opacity: 0.6,
    })),
    trials,
    marks: (place): Mark[] => (byPlace.get(place) ?? []).map((bar) => ({ kind: 'box', ...bar })),
    nearest: (x, y, which) => {
      const found = bars.find(
        (bar) =>
          which?.[bar.place] !== 0 &&
          x >= bar.x - 1 &&
          x <= bar.x + bar.width + 1 &&
          y >= bar.y &&
          y <= bar.y + bar.height,
      );
      return found?.place ?? null;
    },
    order: [...byPlace.keys()],
  };
}
