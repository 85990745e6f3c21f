/** The history of a sweep: every trial's score by its number, and the best so far. */

import { linearTicks } from '../../charts/ticks.ts';
import { plotBox, type Size } from '../../charts/plot.ts';
import { formatCount } from '../../text/format.ts';
import type { SweepSpec } from '../../../engine/spec/sweep-spec.ts';
import {
  cloudOf,
  dotShapes,
  PLOT_MARGINS,
  Points,
  pointing,
  radiusFor,
  type Mask,
  type TrialDrawing,
} from './drawing.ts';
import { bestSoFar, type TrialTable } from './trial-table.ts';

/** @param total trials planned, the end of the x axis */
export function historyDrawing(
  table: TrialTable,
  objective: SweepSpec['objective'],
  total: number,
  size: Size,
): TrialDrawing {
  const { rows, score } = table;
  const box = plotBox(size, PLOT_MARGINS);
  const end = Math.max(total - 1, rows.at(-1)?.number ?? 0, 1);
  const across = Float64Array.from(rows, ({ number }) => number / end);
  const cloud = cloudOf(box, across, table.positions(score));
  const failed = rows.flatMap(({ status }, place) =>
    status === 'failed' && Number.isNaN(table.scores[place]) ? [place] : [],
  );
  // Trials without a score stand at the worse end of the axis, where scores beyond it are too.
  const worst = objective.direction === 'maximize' ? box.y + box.height : box.y;
  for (const place of failed) cloud.y[place] = worst;
  const missing = new Set(failed);

  function trials(which: Mask, faded: boolean) {
    const scored = Uint8Array.from(rows, (_, place) => (missing.has(place) ? 0 : (which?.[place] ?? 1)));
    const triangles = new Points();
    const half = radiusFor(rows.length);
    for (const place of failed) {
      if (which !== null && which[place] === 0) continue;
      const [x = 0, y = 0] = [cloud.x[place], cloud.y[place]];
      triangles.push(x - half, y - half);
      triangles.push(x + half, y - half);
      triangles.push(x, y + half);
      triangles.lift();
    }
    return [
      ...dotShapes(table, [cloud], scored, { faded, colored: false }),
      ...(triangles.length === 0
        ? []
        : [{ kind: 'lines' as const, points: triangles.take(), fill: 'danger' as const, opacity: faded ? 0.15 : 0.8 }]),
    ];
  }

  const best = new Points();
  let height = Number.NaN;
  for (const step of bestSoFar(objective, rows)) {
    const [x, y] = [box.x + (step.trial / end) * box.width, box.y + (1 - score.at(step.score)) * box.height];
    if (!Number.isNaN(height)) best.push(x, height);
    best.push(x, y);
    height = y;
  }
  const last = rows.findLast(({ ended }) => ended !== null)?.number ?? 0;
  if (!Number.isNaN(height)) best.push(box.x + (last / end) * box.width, height);

  const ticks = linearTicks({ min: 0, max: end }, 6).filter(Number.isInteger);
  return {
    axes: [{ box, x: ticks.map((value) => ({ value: value / end, label: formatCount(value) })), y: score.ticks }],
    brushes: [{ box, x: null, y: score }],
    below: [],
    above: best.length < 2 ? [] : [{ kind: 'lines', points: best.take(), stroke: 'line', width: 1.75 }],
    trials,
    ...pointing([cloud]),
  };
}
