/** A panel as one picture: title, legend and its charts side by side, as PNG or SVG in the colours of the screen. */

import { dashPattern } from '../../text/run-slot.ts';
import type { ChartTheme } from '../chart-theme.ts';
import { renderCanvas, renderSvg, type ChartOption } from '../echarts.ts';
import type { Size } from '../plot.ts';

export interface FigurePart {
  readonly title: string;
  readonly size: Size;
  readonly option: ChartOption;
}

export interface Figure {
  readonly title: string;
  readonly subtitle: string;
  readonly legend: readonly { readonly slot: number; readonly name: string; readonly dash?: number }[];
  readonly parts: readonly FigurePart[];
}

/** Something to draw in a figure's head, laid out before it is known on what. */
type Mark =
  | { readonly kind: 'text'; readonly x: number; readonly y: number; readonly text: string; readonly strong: boolean }
  | {
      readonly kind: 'swatch';
      readonly x: number;
      readonly y: number;
      readonly slot: number;
      readonly dash: number;
    };

const INSET = 12;
const HEAD = 32;
const PART_HEAD = 20;
const SWATCH = 18;
const PNG_SCALE = 2;

interface Layout {
  readonly size: Size;
  readonly marks: readonly Mark[];
  readonly places: readonly { readonly x: number; readonly y: number; readonly part: FigurePart }[];
}

function layOut(figure: Figure, textWidth: (text: string, strong: boolean) => number): Layout {
  const marks: Mark[] = [{ kind: 'text', x: INSET, y: 20, text: figure.title, strong: true }];
  let x = INSET + textWidth(figure.title, true) + 12;
  if (figure.subtitle !== '') {
    marks.push({ kind: 'text', x, y: 20, text: figure.subtitle, strong: false });
    x += textWidth(figure.subtitle, false) + 12;
  }
  for (const { slot, name, dash = slot } of figure.legend) {
    marks.push({ kind: 'swatch', x, y: 16, slot, dash });
    marks.push({ kind: 'text', x: x + SWATCH + 6, y: 20, text: name, strong: false });
    x += SWATCH + 6 + textWidth(name, false) + 12;
  }
  const titled = figure.parts.some((part) => part.title !== '');
  const top = HEAD + (titled ? PART_HEAD : 0);
  let left = 0;
  const places = figure.parts.map((part) => {
    if (part.title !== '') marks.push({ kind: 'text', x: left + 40, y: HEAD + 12, text: part.title, strong: true });
    const place = { x: left, y: top, part };
    left += part.size.width;
    return place;
  });
  const tallest = Math.max(0, ...figure.parts.map((part) => part.size.height));
  return { size: { width: Math.max(left, x), height: top + tallest + 8 }, marks, places };
}

function font(theme: ChartTheme, strong: boolean): string {
  return `${strong ? 600 : 400} 12px ${theme.fontFamily}`;
}

function measure(theme: ChartTheme): (text: string, strong: boolean) => number {
  const context = document.createElement('canvas').getContext('2d');
  return (text, strong) => {
    if (context === null) return text.length * 7;
    context.font = font(theme, strong);
    return context.measureText(text).width;
  };
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function figureSvg(figure: Figure, theme: ChartTheme): Uint8Array<ArrayBuffer> {
  const { size, marks, places } = layOut(figure, measure(theme));
  const head = marks.map((mark) => {
    if (mark.kind === 'text') {
      const style = `font-family="${escape(theme.fontFamily)}" font-size="12" font-weight="${mark.strong ? 600 : 400}"`;
      return `<text x="${mark.x}" y="${mark.y}" ${style} fill="${mark.strong ? theme.text1 : theme.text2}">${escape(mark.text)}</text>`;
    }
    const dash = dashPattern(mark.dash).join(' ');
    const color = theme.runs[mark.slot - 1] ?? theme.text2;
    return `<path d="M${mark.x} ${mark.y}h${SWATCH}" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/>`;
  });
  const charts = places.map(({ x, y, part }) =>
    renderSvg(part.option, part.size).replace('<svg ', `<svg x="${x}" y="${y}" `),
  );
  const { width, height } = { width: Math.ceil(size.width), height: Math.ceil(size.height) };
  const text = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${theme.panel}"/>`,
    ...head,
    ...charts,
    '</svg>',
  ].join('\n');
  return new TextEncoder().encode(text);
}

export async function figurePng(figure: Figure, theme: ChartTheme): Promise<Uint8Array<ArrayBuffer>> {
  const { size, marks, places } = layOut(figure, measure(theme));
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(size.width * PNG_SCALE);
  canvas.height = Math.ceil(size.height * PNG_SCALE);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this window cannot draw pictures');
  context.scale(PNG_SCALE, PNG_SCALE);
  context.fillStyle = theme.panel;
  context.fillRect(0, 0, size.width, size.height);
  for (const mark of marks) {
    if (mark.kind === 'text') {
      context.font = font(theme, mark.strong);
      context.fillStyle = mark.strong ? theme.text1 : theme.text2;
      context.fillText(mark.text, mark.x, mark.y);
    } else {
      context.strokeStyle = theme.runs[mark.slot - 1] ?? theme.text2;
      context.lineWidth = 2;
      context.setLineDash([...dashPattern(mark.dash)]);
      context.beginPath();
      context.moveTo(mark.x, mark.y);
      context.lineTo(mark.x + SWATCH, mark.y);
      context.stroke();
    }
  }
  for (const { x, y, part } of places) {
    const picture = renderCanvas(part.option, part.size, PNG_SCALE);
    context.drawImage(picture, x, y, part.size.width, part.size.height);
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('the picture could not be made: it is too large');
  return new Uint8Array(await blob.arrayBuffer());
}
