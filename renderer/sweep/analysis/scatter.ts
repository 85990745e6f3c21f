/** Slices (every parameter against the score) and the scatter of any two figures of the trials. */

import { labelWidth } from '../../charts/options/shapes.ts';
import { plotBox, type Size } from '../../charts/plot.ts';
import type { Tick } from '../../charts/x-axis.ts';
import type { TrialAxis } from './axis.ts';
import { cloudOf, dotShapes, PLOT_MARGINS, pointing, type TrialDrawing } from './drawing.ts';
import type { TrialTable } from './trial-table.ts';

/** Narrower than this a slice says nothing, pixels. */
export const SLICE_WIDTH = 118;
const GAP = 22;
/** Longer labels of a vertical axis give way, pixels. */
const MOST_LEFT = 120;
/** Points keep this distance from the plot's edges, pixels. */
const INSET = 6;

/**
 * As many labels as have room, none further outside of the plot than `slack`.
 *
 * @param width of the plot, pixels
 */
export function ticksThatFit(ticks: readonly Tick[], width: number, slack: number): Tick[] {
  const inside = ticks.filter(({ value, label }) => {
    const half = labelWidth(label) / 2;
    return value * width - half >= -slack && value * width + half <= width + slack;
  });
  const longest = Math.max(1, ...inside.map(({ label }) => labelWidth(label))) + 8;
  const every = Math.max(1, Math.ceil((inside.length * longest) / Math.max(1, width + 2 * slack)));
  return inside.filter((_, i) => i % every === 0);
}

/** Room for the labels at the left of a plot, pixels. */
export function leftFor(ticks: readonly Tick[]): number {
  return Math.max(PLOT_MARGINS.left, ...ticks.map(({ label }) => Math.min(MOST_LEFT, 14 + labelWidth(label))));
}

export function slicesDrawing(table: TrialTable, size: Size): TrialDrawing {
  const { parameters, score } = table;
  const { left, right, bottom } = PLOT_MARGINS;
  const each = (size.width - left - right - GAP * (parameters.length - 1)) / Math.max(1, parameters.length);
  const boxes = parameters.map((_, i) => ({
    x: left + i * (each + GAP),
    y: 24,
    width: Math.max(8, each),
    height: Math.max(8, size.height - 24 - bottom),
  }));
  const up = table.positions(score);
  const clouds = parameters.map((axis, i) => cloudOf(inset(boxes[i]!), table.positions(axis), up));
  return {
    axes: parameters.map((axis, i) => ({
      box: boxes[i]!,
      x: ticksThatFit(insetTicks(axis.ticks, boxes[i]!.width), each, GAP / 2 - 2),
      // The labels are written once, at the left.
      y: score.ticks.map((tick) => (i === 0 ? tick : { ...tick, label: '' })),
    })),
    brushes: parameters.map((axis, i) => ({ box: inset(boxes[i]!), x: axis, y: score })),
    below: [],
    above: parameters.map((axis, i) => ({
      kind: 'text',
      x: boxes[i]!.x + each / 2,
      y: 11,
      text: axis.name,
      align: 'center',
      fill: 'text',
      strong: true,
      most: each,
    })),
    trials: (which, faded) => dotShapes(table, clouds, which, { faded, colored: false }),
    ...pointing(clouds),
  };
}

function inset<T extends { readonly x: number; readonly width: number }>(box: T): T {
  return { ...box, x: box.x + INSET, width: Math.max(1, box.width - 2 * INSET) };
}

function insetTicks(ticks: readonly Tick[], width: number): Tick[] {
  const share = INSET / Math.max(1, width);
  return ticks.map((tick) => ({ ...tick, value: share + tick.value * (1 - 2 * share) }));
}

export function scatterDrawing(table: TrialTable, x: TrialAxis, y: TrialAxis, size: Size): TrialDrawing {
  const box = plotBox(size, { ...PLOT_MARGINS, left: leftFor(y.ticks) });
  const cloud = cloudOf(box, table.positions(x), table.positions(y));
  const colored = x.id !== table.score.id && y.id !== table.score.id;
  return {
    axes: [{ box, x: ticksThatFit(x.ticks, box.width, 12), y: y.ticks }],
    brushes: [{ box, x: x.brushable ? x : null, y: y.brushable ? y : null }],
    below: [],
    above: [],
    trials: (which, faded) => dotShapes(table, [cloud], which, { faded, colored }),
    ...pointing([cloud]),
  };
}
