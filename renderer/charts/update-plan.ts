/** How a chart's next option relates to the one it shows. Compares structure only and never walks data. */

import type { ChartOption } from './echarts.ts';

export interface UpdatePlan {
  /** Start from nothing: the axes are of another kind. */
  readonly notMerge: boolean;
  /** Drop what the next option does not name: a line was hidden, or one came. */
  readonly replaceMerge: readonly 'series'[];
}

export function planUpdate(previous: ChartOption | null, next: ChartOption): UpdatePlan {
  if (previous === null || axes(previous) !== axes(next)) return { notMerge: true, replaceMerge: [] };
  return { notMerge: false, replaceMerge: series(previous) === series(next) ? [] : ['series'] };
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function axes(option: ChartOption): string {
  const types = (axis: unknown): string =>
    list(axis)
      .map((a) => (a as { type?: string }).type ?? '')
      .join();
  return `${types(option.xAxis)}|${types(option.yAxis)}`;
}

function series(option: ChartOption): string {
  return list(option.series)
    .map((s) => `${(s as { id?: string }).id ?? ''}:${(s as { type?: string }).type ?? ''}`)
    .join();
}
