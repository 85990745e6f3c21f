/**
 * The curves of a line chart, placed in pixels and drawn as one path each. The library's own line series would keep a
 * store, a layout and symbols for every curve and build them anew with every frame of a zoom.
 */

import { dashPattern } from '../../text/run-slot.ts';
import type { ChartTheme } from '../chart-theme.ts';
import { xToPixel, type PlotBox } from '../plot.ts';
import type { LineChartModel, LineModel } from './line-model.ts';

export const LINE_WIDTH = 1.75;
const RAW_WIDTH = 1;
const FOCUSED_WIDTH = 2.5;
/** Opacity of what does not stand out. */
export const FADED = 0.35;
/** Radius of a point that no line goes through, which would not be seen, pixels. */
const DOT = 3;
/** Strokes of at most this width are drawn ten times as fast as wider ones where there is no graphics card, pixels. */
const HAIRLINE = 1;
/** A point nearer than this to the one before adds nothing to a line, squared pixels. */
const NEAR = 0.5;

/** All curves of one role as one series; none without them. */
export function curveSeries(
  model: LineChartModel,
  role: LineModel['role'],
  theme: ChartTheme,
  highlight: string | null,
): object[] {
  const lines = model.lines.filter((line) => line.role === role);
  if (lines.length === 0) return [];
  return [
    {
      id: `${role}s`,
      type: 'custom',
      coordinateSystem: 'cartesian2d',
      silent: true,
      animation: false,
      // The plot and half of a line around it.
      clip: true,
      lineStyle: { width: LINE_WIDTH },
      z: role === 'raw' ? 2 : 3,
      data: lines.map((_, i) => i),
      renderItem: (params: { readonly dataIndex: number; readonly coordSys: unknown }) => {
        const line = lines[params.dataIndex];
        return line === undefined ? null : curve(line, model, params.coordSys as PlotBox, theme, highlight);
      },
    },
  ];
}

function curve(line: LineModel, model: LineChartModel, box: PlotBox, theme: ChartTheme, highlight: string | null) {
  const raw = line.role === 'raw';
  const dash = raw ? [] : dashPattern(line.dash ?? line.slot);
  const points = placed(line.points, model, box);
  const color = theme.runs[line.slot - 1] ?? theme.text2;
  const opacity = (raw ? theme.rawOpacity : 1) * (highlight !== null && line.id !== highlight ? FADED : 1);
  const name = line.id;
  const width = raw ? RAW_WIDTH : highlight === line.id ? FOCUSED_WIDTH : LINE_WIDTH;
  // While it moves, a line is two hairlines, one below the other: where it does not rise steeply, as wide as it was.
  const moving = model.moving === true && width > HAIRLINE;
  const path = {
    type: 'lines',
    name,
    // Nothing asks where it is, so it is drawn without being kept a second time as a list of commands.
    silent: true,
    shape: { lines: { points, apart: moving ? width - HAIRLINE : 0 } },
    style: {
      fill: 'none',
      stroke: color,
      opacity,
      lineWidth: moving ? HAIRLINE : width,
      lineDash: dash.length === 0 ? null : dash,
      lineCap: 'butt',
      // Round corners of thousands of short segments take most of a drawing's time, and nobody sees them.
      lineJoin: 'bevel',
    },
  };
  const lone = raw ? null : lonePoints(points);
  if (lone === null) return path;
  const dots = { type: 'dots', silent: true, shape: { points: lone, radius: DOT }, style: { fill: color, opacity } };
  return { type: 'group', name, children: [path, dots] };
}

/** Values as pixels: x, y, x, y …; y is NaN where the line breaks. */
function placed(points: Float64Array, { x, y }: LineChartModel, box: PlotBox): Float32Array {
  const low = y.log ? Math.log10(y.min) : y.min;
  const high = y.log ? Math.log10(y.max) : y.max;
  const scale = box.height / (high - low || 1);
  const bottom = box.y + box.height;
  const out = new Float32Array(points.length);
  let length = 0;
  let [beforeX, beforeY] = [Number.NaN, Number.NaN];
  for (let i = 0; i < points.length; i += 2) {
    const value = points[i + 1] ?? Number.NaN;
    const left = xToPixel(box, x, points[i] ?? 0);
    const top = bottom - ((y.log ? Math.log10(value) : value) - low) * scale;
    if ((left - beforeX) ** 2 + (top - beforeY) ** 2 < NEAR) continue;
    out[length++] = beforeX = left;
    out[length++] = beforeY = top;
  }
  return out.subarray(0, length);
}

/** The points with a break, or nothing, on both sides; null without one. At most a few points for every pixel column. */
function lonePoints(points: Float32Array): Float32Array | null {
  const found: number[] = [];
  let before = false;
  for (let i = 1; i < points.length; i += 2) {
    const drawable = Number.isFinite(points[i]);
    if (drawable && !before && !Number.isFinite(points[i + 2])) found.push(points[i - 1] ?? 0, points[i] ?? 0);
    before = drawable;
  }
  return found.length === 0 ? null : Float32Array.from(found);
}
