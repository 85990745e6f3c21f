/** Intermediate curves: the objective of every trial after each epoch. Pruned trials end in a mark. */

import type { Objective } from '../../../engine/spec/sweep-spec.ts';
import { linearTicks } from '../../charts/ticks.ts';
import { plotBox, type Size } from '../../charts/plot.ts';
import { formatCount } from '../../text/format.ts';
import { scoreAxis } from './axis.ts';
import { lineShapes, PLOT_MARGINS, Points, radiusFor, type Mark, type Mask, type TrialDrawing } from './drawing.ts';
import type { TrialTable } from './trial-table.ts';

/** Curves of many trials: curve i is that of `trials[i]`, its points are those from `offsets[i]` to `offsets[i + 1]`. */
export interface Curves {
  /** Trial numbers, ascending. */
  readonly trials: Int32Array;
  readonly offsets: Int32Array;
  /** Counted from 1. */
  readonly epochs: Int32Array;
  /** NaN where there is none. */
  readonly values: Float64Array;
}

const NEAR = 8;

export function curvesDrawing(table: TrialTable, curves: Curves, objective: Objective, size: Size): TrialDrawing {
  const { offsets, epochs, values } = curves;
  const axis = scoreAxis(objective, table.score.name, values);
  const box = plotBox(size, PLOT_MARGINS);
  const last = epochs.reduce((most, epoch) => Math.max(most, epoch), 2);
  const left = (epoch: number): number => box.x + ((epoch - 1) / (last - 1)) * box.width;
  const up = (value: number): number => box.y + (1 - axis.at(value)) * box.height;
  const xs = Float32Array.from(epochs, left);
  const ys = Float32Array.from(values, up);
  const curveOf = new Map(Array.from(curves.trials, (trial, i) => [table.places.get(trial) ?? -1, i]));
  curveOf.delete(-1);

  const add = (points: Points, place: number): void => {
    const curve = curveOf.get(place);
    if (curve === undefined) return;
    for (let i = offsets[curve] ?? 0; i < (offsets[curve + 1] ?? 0); i++) points.push(xs[i] ?? 0, ys[i] ?? Number.NaN);
  };

  function ends(which: Mask, faded: boolean) {
    const points = new Points();
    for (const [place, curve] of curveOf) {
      if (table.rows[place]?.status !== 'pruned' || which?.[place] === 0) continue;
      const i = (offsets[curve + 1] ?? 1) - 1;
      if (!Number.isNaN(ys[i])) points.push(xs[i] ?? 0, ys[i] ?? 0);
    }
    if (points.length === 0) return [];
    const radius = radiusFor(table.rows.length) - 0.5;
    const ring = {
      kind: 'dots' as const,
      points: points.take(),
      radius,
      stroke: 'quiet' as const,
      fill: 'panel' as const,
    };
    return [{ ...ring, width: 1.25, opacity: faded ? 0.15 : 1 }];
  }

  const ticks = linearTicks({ min: 1, max: last }, 6).filter((epoch) => Number.isInteger(epoch) && epoch >= 1);
  return {
    axes: [
      {
        box,
        x: ticks.map((epoch) => ({ value: (epoch - 1) / (last - 1), label: formatCount(epoch) })),
        y: axis.ticks,
      },
    ],
    brushes: [],
    below: [],
    above: [],
    trials: (which, faded) => [...lineShapes(table, which, { faded, width: 1.25 }, add), ...ends(which, faded)],
    marks: (place): Mark[] => {
      if (!curveOf.has(place)) return [];
      const points = new Points();
      add(points, place);
      return [{ kind: 'line', points: points.take() }];
    },
    nearest: (x, y, which) => {
      let [found, least]: [number | null, number] = [null, NEAR * NEAR];
      for (const [place, curve] of curveOf) {
        if (which?.[place] === 0) continue;
        for (let i = offsets[curve] ?? 0; i < (offsets[curve + 1] ?? 0); i++) {
          const distance = ((xs[i] ?? 0) - x) ** 2 + ((ys[i] ?? 0) - y) ** 2;
          if (distance <= least) [found, least] = [place, distance];
        }
      }
      return found;
    },
    order: [...curveOf.keys()],
  };
}
