/**
 * Pictures of very many marks: a few shapes with thousands of points each in place of thousands of elements, placed in
 * pixels, over any number of plots side by side. Values become positions before, so every axis here runs from 0 to 1.
 */

import type { ChartTheme } from '../chart-theme.ts';
import type { ChartOption } from '../echarts.ts';
import type { PlotBox } from '../plot.ts';
import type { Tick } from '../x-axis.ts';
import { xAxisOption, yAxisOption } from './line-option.ts';

/** A colour by what it means; a number is a level of the ramp. */
export type Ink = 'accent' | 'text' | 'quiet' | 'axis' | 'grid' | 'danger' | 'line' | 'inset' | 'panel' | number;

interface Paint {
  readonly fill?: Ink;
  readonly stroke?: Ink;
  /** Of the stroke, pixels. */
  readonly width?: number;
  readonly opacity?: number;
}
export type Shape = Paint &
  (
    | { readonly kind: 'dots'; readonly points: Float32Array; readonly radius: number }
    | { readonly kind: 'lines'; readonly points: Float32Array }
    /** x, y, width, height for each. */
    | { readonly kind: 'cells'; readonly cells: Float32Array }
    | TextShape
  );
export interface TextShape {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly align: 'left' | 'center' | 'right';
  readonly strong?: boolean;
  /** Words longer than this end in `…`, pixels. */
  readonly most?: number;
  /** Keeps lines behind it away. */
  readonly backed?: boolean;
  readonly mono?: boolean;
}

/** A plot with labelled axes; positions from 0 to 1 fill its box. */
export interface AxesFrame {
  readonly box: PlotBox;
  readonly x: readonly Tick[];
  readonly y: readonly Tick[];
}

export function inkColor(ink: Ink, theme: ChartTheme): string {
  if (typeof ink === 'number') return theme.ramp[ink] ?? theme.text2;
  switch (ink) {
    case 'accent':
      return theme.accent;
    case 'text':
      return theme.text2;
    case 'quiet':
      return theme.label;
    case 'axis':
      return theme.axis;
    case 'grid':
      return theme.grid;
    case 'danger':
      return theme.danger;
    case 'line':
      return theme.runs[0] ?? theme.text1;
    case 'inset':
      return theme.inset;
    case 'panel':
      return theme.panel;
  }
}

export function shapesOption(frames: readonly AxesFrame[], shapes: readonly Shape[], theme: ChartTheme): ChartOption {
  const ends = { min: 0, max: 1 };
  return {
    animation: false,
    textStyle: { fontFamily: theme.fontFamily, fontSize: theme.fontSize },
    grid: frames.map(({ box: { x, y, width, height } }) => ({
      left: x,
      top: y,
      width,
      height,
      containLabel: false,
      outerBoundsMode: 'none' as const,
    })),
    xAxis: frames.map(({ x }, gridIndex) => ({ ...xAxisOption(x, theme), ...ends, gridIndex })),
    yAxis: frames.map(({ y }, gridIndex) => ({ ...yAxisOption(y, theme), ...ends, gridIndex })),
    series: [
      {
        id: 'shapes',
        type: 'custom',
        coordinateSystem: 'none',
        silent: true,
        animation: false,
        z: 3,
        data: [0],
        renderItem: () =>
          ({
            type: 'group',
            // Another number of shapes, or other kinds of them, are other elements.
            $mergeChildren: false,
            children: shapes.map((shape, i) => element(shape, i, theme)),
          }) as never,
      },
    ] as never,
  };
}

function element(shape: Shape, z2: number, theme: ChartTheme) {
  if (shape.kind === 'text') return textElement(shape, z2, theme);
  const style = {
    fill: shape.fill === undefined ? 'none' : inkColor(shape.fill, theme),
    ...(shape.stroke === undefined ? {} : { stroke: inkColor(shape.stroke, theme), lineWidth: shape.width ?? 1 }),
    opacity: shape.opacity ?? 1,
    lineJoin: 'bevel' as const,
  };
  switch (shape.kind) {
    case 'dots':
      return { type: 'dots', z2, shape: { points: shape.points, radius: shape.radius }, style };
    case 'lines':
      return { type: 'lines', z2, shape: { lines: { points: shape.points } }, style };
    case 'cells':
      return { type: 'cells', z2, shape: { cells: shape.cells }, style };
  }
}

/** About how wide a text is at the size of axis labels, pixels; never less than it is. */
export function labelWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += (letter.codePointAt(0) ?? 0) >= 0x2e80 ? 12.5 : 7;
  return width;
}

function fits({ text, most }: TextShape): boolean {
  return most === undefined || labelWidth(text) <= most;
}

function textElement(shape: TextShape & Paint, z2: number, theme: ChartTheme) {
  const weight = shape.strong === true ? 500 : 400;
  return {
    type: 'text',
    z2,
    x: shape.x,
    y: shape.y,
    style: {
      text: shape.text,
      align: shape.align,
      verticalAlign: 'middle',
      fill: inkColor(shape.fill ?? 'quiet', theme),
      font: `${weight} ${theme.fontSize}px ${shape.mono === true ? theme.monoFamily : theme.fontFamily}`,
      // Only where it is too long: the words' own width is what the background covers.
      ...(fits(shape) ? {} : { width: shape.most, overflow: 'truncate', ellipsis: '…' }),
      ...(shape.backed === true ? { backgroundColor: theme.panel, padding: [1, 2] } : {}),
    },
  };
}
