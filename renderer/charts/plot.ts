/** Geometry of a chart: the rectangle inside the axes and the way from values to pixels. Charts fix their ranges, so this is exact. */

import type { Range } from './ticks.ts';

/** Distances of the plot from the chart's edges, pixels. */
export interface PlotMargins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Half of the last label of the x axis is never nearer to the chart's edge than this, pixels. */
const LABEL_GAP = 6;

/** Room right of the plot: 12 px, more where the last label of the x axis would come near the chart's edge. */
export function rightMargin(
  ticks: readonly { readonly value: number; readonly label: string }[],
  range: Range,
  plotWidth: number,
): number {
  const last = ticks.at(-1);
  if (last === undefined) return 12;
  const half = (last.label.length * 6.6) / 2;
  const free = ((range.max - last.value) / (range.max - range.min || 1)) * plotWidth;
  return Math.max(12, Math.ceil(half + LABEL_GAP - free));
}

/** The rectangle the curves are drawn in, pixels. */
export interface PlotBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function plotBox(size: Size, margins: PlotMargins): PlotBox {
  return {
    x: margins.left,
    y: margins.top,
    width: Math.max(1, size.width - margins.left - margins.right),
    height: Math.max(1, size.height - margins.top - margins.bottom),
  };
}

export function xToPixel(box: PlotBox, range: Range, x: number): number {
  return box.x + ((x - range.min) / (range.max - range.min || 1)) * box.width;
}

export function pixelToX(box: PlotBox, range: Range, pixel: number): number {
  return range.min + ((pixel - box.x) / box.width) * (range.max - range.min);
}

export function yToPixel(box: PlotBox, range: Range, log: boolean, y: number): number {
  const at = (value: number): number => (log ? Math.log10(value) : value);
  const share = (at(y) - at(range.min)) / (at(range.max) - at(range.min) || 1);
  return box.y + box.height - share * box.height;
}
