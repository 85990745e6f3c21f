/** A confusion matrix as a picture, for exports. On the screen it is a table, so that it can be read and pressed. */

import type { ChartTheme } from '../chart-theme.ts';
import type { ChartOption } from '../echarts.ts';

export interface ConfusionPictureCell {
  readonly text: string;
  readonly tone: 'none' | 'right' | 'few' | 'many';
}

export interface ConfusionPicture {
  readonly classes: readonly string[];
  /** Rows are true classes, columns predicted ones. */
  readonly rows: readonly (readonly ConfusionPictureCell[])[];
  readonly trueLabel: string;
  readonly predictedLabel: string;
}

/** Colours of a cell: paper and ink. */
function toneColours(tone: ConfusionPictureCell['tone'], theme: ChartTheme): { fill: string; ink: string } {
  if (tone === 'right') return { fill: theme.ramp[6] ?? theme.text1, ink: theme.panel };
  if (tone === 'many') return { fill: theme.danger, ink: theme.panel };
  return { fill: tone === 'few' ? theme.dangerSoft : theme.inset, ink: theme.text1 };
}

export function confusionOption(picture: ConfusionPicture, theme: ChartTheme): ChartOption {
  const n = picture.classes.length;
  const longest = Math.max(...picture.classes.map((name) => [...name].length));
  const font = `${theme.fontSize}px ${theme.fontFamily}`;
  const label = { color: theme.label, fontSize: theme.fontSize, fontFamily: theme.fontFamily, interval: 0 };
  const axis = {
    type: 'category' as const,
    data: [...picture.classes],
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: false },
    nameLocation: 'middle' as const,
    nameTextStyle: label,
  };
  const left = 28 + longest * 7;
  return {
    animation: false,
    textStyle: { fontFamily: theme.fontFamily, fontSize: theme.fontSize },
    grid: { left, right: 12, top: longest > 3 ? 28 + longest * 5 : 40, bottom: 8, outerBoundsMode: 'none' },
    xAxis: {
      ...axis,
      position: 'top',
      name: picture.predictedLabel,
      nameGap: longest > 3 ? 12 + longest * 5 : 24,
      axisLabel: { ...label, rotate: longest > 3 ? 45 : 0 },
    },
    yAxis: { ...axis, inverse: true, name: picture.trueLabel, nameGap: left - 18, axisLabel: label },
    series: [
      {
        id: 'cells',
        type: 'custom',
        silent: true,
        animation: false,
        data: picture.rows.flatMap((row, truth) => row.map((_, predicted) => [predicted, truth])),
        renderItem: (params) => {
          const box = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
          const predicted = params.dataIndex % n;
          const truth = Math.floor(params.dataIndex / n);
          const cell = picture.rows[truth]?.[predicted];
          if (cell === undefined) return null as never;
          const { fill, ink } = toneColours(cell.tone, theme);
          const width = box.width / n;
          const height = box.height / n;
          const x = box.x + predicted * width;
          const y = box.y + truth * height;
          const shape = { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, r: 2 };
          const style = { text: cell.text, fill: ink, font, align: 'center', verticalAlign: 'middle' };
          return {
            type: 'group',
            children: [
              { type: 'rect', shape, style: { fill } },
              { type: 'text', x: x + width / 2, y: y + height / 2, style },
            ],
          } as never;
        },
      },
    ],
  };
}
