/**
 * ECharts with only the parts in use: lines, points and custom shapes on a grid. Drawn on a canvas; exports as SVG
 * use the SVG renderer without a document. No tooltip component: values go to legends, so nothing writes HTML.
 */

import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import type { CustomSeriesOption, LineSeriesOption, ScatterSeriesOption } from 'echarts/charts';
import { GridComponent, type GridComponentOption } from 'echarts/components';
import { graphic, init, use } from 'echarts/core';
import type { ComposeOption, EChartsType } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import { allowOwnScripts } from '../bridge/trusted-types.ts';
import type { Size } from './plot.ts';

use([LineChart, ScatterChart, CustomChart, GridComponent, CanvasRenderer, SVGRenderer]);

/** The part of ECharts' option we use. */
export type ChartOption = ComposeOption<
  LineSeriesOption | ScatterSeriesOption | CustomSeriesOption | GridComponentOption
>;
export type ChartInstance = EChartsType;

/** A shape of many rectangles of one colour: x, y, width, height for each, pixels. One path in place of thousands of elements. */
interface CellsShape {
  readonly cells: Float32Array;
}
graphic.registerShape(
  'cells',
  graphic.extendShape({
    type: 'cells',
    shape: { cells: new Float32Array() },
    buildPath(path, shape) {
      const { cells } = shape as unknown as CellsShape;
      for (let i = 0; i < cells.length; i += 4) {
        path.rect(cells[i] ?? 0, cells[i + 1] ?? 0, cells[i + 2] ?? 0, cells[i + 3] ?? 0);
      }
    },
  }) as never,
);

/** A shape of many discs of one size: x, y for each, pixels. */
interface DotsShape {
  readonly points: Float32Array;
  readonly radius: number;
}
graphic.registerShape(
  'dots',
  graphic.extendShape({
    type: 'dots',
    shape: { points: new Float32Array(), radius: 0 },
    buildPath(path, shape) {
      const { points, radius } = shape as unknown as DotsShape;
      for (let i = 0; i < points.length; i += 2) {
        const [x, y] = [points[i] ?? 0, points[i + 1] ?? 0];
        path.moveTo(x + radius, y);
        path.arc(x, y, radius, 0, 2 * Math.PI);
      }
    },
  }) as never,
);

/** A shape of many lines. They are in an object of their own, because the library copies arrays of a shape, number by number. */
interface LinesShape {
  readonly lines: {
    /** x, y for each point, pixels; a NaN among them ends a line. */
    readonly points: Float32Array;
    /** Every line is drawn as two, so far below each other, pixels. @default 0 */
    readonly apart?: number;
  };
}
interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}
function drawLines(pen: Pen, points: Float32Array, down: number): void {
  let drawing = false;
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i] ?? Number.NaN;
    const y = (points[i + 1] ?? Number.NaN) + down;
    if (Number.isNaN(x) || Number.isNaN(y)) drawing = false;
    else if (drawing) pen.lineTo(x, y);
    else {
      pen.moveTo(x, y);
      drawing = true;
    }
  }
}
graphic.registerShape(
  'lines',
  graphic.extendShape({
    type: 'lines',
    shape: { lines: { points: new Float32Array() } },
    buildPath(path, shape) {
      const { points, apart = 0 } = (shape as unknown as LinesShape).lines;
      drawLines(path, points, -apart / 2);
      if (apart > 0) drawLines(path, points, apart / 2);
    },
  }) as never,
);

allowOwnScripts();

/** A chart drawn on a canvas inside `element`. The caller disposes of it. */
export function createChart(element: HTMLElement): ChartInstance {
  const chart = init(element, null, { renderer: 'canvas' });
  // Nothing is animated, and an option is drawn when it is set: without this each drawing keeps every chart looking at
  // ten more frames of the screen, and a live page at all of them.
  chart.getZr().setSleepAfterStill(1);
  return chart;
}

/** The chart as SVG text, drawn without a document. */
export function renderSvg(option: ChartOption, size: Size): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: size.width, height: size.height });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** The chart on a canvas of its own, `scale` device pixels a pixel. */
export function renderCanvas(option: ChartOption, size: Size, scale: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const chart = init(canvas, null, { renderer: 'canvas', devicePixelRatio: scale, ...size });
  try {
    chart.setOption(option);
    const picture = chart.renderToCanvas({ pixelRatio: scale });
    const copy = document.createElement('canvas');
    copy.width = picture.width;
    copy.height = picture.height;
    copy.getContext('2d')?.drawImage(picture, 0, 0);
    return copy;
  } finally {
    chart.dispose();
  }
}
