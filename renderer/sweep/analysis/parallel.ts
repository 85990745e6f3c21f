/** Parallel coordinates (Inselberg 1985): one axis a parameter and one for the score, one line a trial. */

import { labelWidth, type Shape } from '../../charts/options/shapes.ts';
import type { Size } from '../../charts/plot.ts';
import type { TrialAxis } from './axis.ts';
import { lineShapes, Points, type Mark, type Mask, type TrialDrawing } from './drawing.ts';
import type { TrialTable } from './trial-table.ts';

const MARGINS = { left: 40, right: 44, top: 30, bottom: 12 };
/** Names in two rows need this much more, pixels. */
const SECOND_ROW = 14;
/** Below an axis, for trials that do not have the parameter, pixels. */
const GAP_ROOM = 18;
/** Half the width in which an axis can be brushed, pixels. */
const REACH = 14;
/** Labels further apart than this are all written, pixels. */
const LABEL_APART = 14;
/** How near the pointer must be to a line, pixels. */
const NEAR = 6;

export function parallelDrawing(table: TrialTable, size: Size): TrialDrawing {
  const axes = [...table.parameters, table.score];
  const columns = axes.map((axis) => table.positions(axis));
  const gaps = columns.map((column) => column.some((at) => Number.isNaN(at)));
  const apart = Math.max(1, size.width - MARGINS.left - MARGINS.right) / (axes.length - 1);
  // Long names side by side take turns in two rows.
  const rows = axes.some(({ name }) => labelWidth(name) > apart - 4) ? 2 : 1;
  const top = MARGINS.top + (rows - 1) * SECOND_ROW;
  const height = Math.max(8, size.height - top - MARGINS.bottom - (gaps.includes(true) ? GAP_ROOM : 0));
  const left = (i: number): number => Math.round(MARGINS.left + i * apart);
  const gapAt = top + height + GAP_ROOM - 4;
  const heights = columns.map((column) =>
    Float32Array.from(column, (at) => (Number.isNaN(at) ? gapAt : top + (1 - at) * height)),
  );

  const add = (points: Points, place: number): void => {
    heights.forEach((column, i) => points.push(left(i), column[place] ?? gapAt));
  };
  const width = table.rows.length > 2000 ? 1 : 1.25;
  return {
    axes: [],
    brushes: axes.map((axis, i) => ({
      box: { x: left(i) - REACH, y: top, width: 2 * REACH, height },
      x: null,
      y: axis,
    })),
    below: [],
    above: axes.flatMap((axis, i) =>
      axisShapes(axis, {
        x: left(i),
        top,
        height,
        apart,
        nameAt: top - 16 - (rows === 2 && i % 2 === 1 ? SECOND_ROW : 0),
        mostName: rows * apart - 8,
        gap: gaps[i] === true ? gapAt : null,
        last: i === axes.length - 1,
      }),
    ),
    trials: (which, faded) => lineShapes(table, which, { faded, width }, add),
    marks: (place): Mark[] => {
      const points = new Points();
      add(points, place);
      return [{ kind: 'line', points: points.take() }];
    },
    nearest: (x, y, which) => nearestLine(heights, (x - MARGINS.left) / apart, y, which),
    order: table.rows.map((_, place) => place),
  };
}

/** Axis, ticks, labels and the mark for "not there". */
function axisShapes(
  axis: TrialAxis,
  at: {
    readonly x: number;
    readonly top: number;
    readonly height: number;
    readonly apart: number;
    readonly nameAt: number;
    readonly mostName: number;
    readonly gap: number | null;
    readonly last: boolean;
  },
): Shape[] {
  const { x, top, height } = at;
  const lines = new Points();
  lines.push(x, top);
  lines.push(x, top + height);
  lines.lift();
  const labels: Shape[] = [];
  const room = Math.max(24, at.apart - 12);
  let previous = Infinity;
  for (const { value, label } of axis.ticks) {
    const y = top + (1 - value) * height;
    lines.push(x, y);
    lines.push(x + 3, y);
    lines.lift();
    if (label === '' || previous - y < LABEL_APART) continue;
    previous = y;
    labels.push({ kind: 'text', x: x + 6, y, text: label, align: 'left', most: at.last ? 36 : room, backed: true });
  }
  return [
    { kind: 'lines', points: lines.take(), stroke: 'axis', width: 1 },
    ...labels,
    {
      kind: 'text',
      x,
      y: at.nameAt,
      text: axis.name,
      align: 'center',
      fill: 'text',
      strong: true,
      most: at.mostName,
    },
    ...(at.gap === null
      ? []
      : [{ kind: 'text' as const, x: x + 6, y: at.gap, text: '–', align: 'left' as const, backed: true }]),
  ];
}

/** @param across where the pointer is: 1.5 is half-way between the second and the third axis */
function nearestLine(heights: readonly Float32Array[], across: number, y: number, which: Mask): number | null {
  const from = Math.max(0, Math.min(heights.length - 2, Math.floor(across)));
  const [a, b] = [heights[from], heights[from + 1]];
  if (a === undefined || b === undefined) return null;
  const share = Math.min(1, Math.max(0, across - from));
  let [found, least]: [number | null, number] = [null, NEAR];
  for (let place = 0; place < a.length; place++) {
    if (which !== null && which[place] === 0) continue;
    const at = (a[place] ?? 0) * (1 - share) + (b[place] ?? 0) * share;
    const distance = Math.abs(at - y);
    if (distance <= least) [found, least] = [place, distance];
  }
  return found;
}
