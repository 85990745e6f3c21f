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

interface TrustedTypes {
  readonly defaultPolicy: unknown;
  createPolicy(name: string, rules: { createHTML: (html: string) => string | null }): unknown;
}

/**
 * The drawing library empties its element with `innerHTML = ''`, which the content security policy allows from a
 * policy only. Ours lets the empty text through and refuses every other.
 */
function allowEmptyHtml(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined || trustedTypes.defaultPolicy !== null) return;
  trustedTypes.createPolicy('default', { createHTML: (html) => (html === '' ? html : null) });
}
allowEmptyHtml();

/** A chart drawn on a canvas inside `element`. The caller disposes of it. */
export function createChart(element: HTMLElement): ChartInstance {
  return init(element, null, { renderer: 'canvas' });
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
