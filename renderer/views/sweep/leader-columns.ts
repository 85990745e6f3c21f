/** The columns of the leaderboard: which fit, and how wide. Pure. */

import type { Distribution } from '../../../engine/spec/search-space.ts';

export interface ParamColumn {
  readonly path: string;
  readonly name: string;
  /** Figures and whole numbers stand at the right. */
  readonly kind: 'figure' | 'whole' | 'text';
}

export interface LeaderLayout {
  readonly params: readonly ParamColumn[];
  readonly epochs: boolean;
  /** Significant digits of the parameters there is room for; the tip has them all. */
  readonly digits: number;
  readonly time: boolean;
  /** The value of `grid-template-columns`. */
  readonly template: string;
  /** Below this the table scrolls sideways, pixels. */
  readonly least: number;
}

const FIXED = { rank: 44, number: 44, score: 58, interval: 80, state: 26, spark: 62 } as const;
const WIDTHS: Readonly<Record<ParamColumn['kind'], number>> = { figure: 54, whole: 48, text: 88 };
const EPOCHS = 58;
const TIME = 64;
/** Names the field writes short everywhere; the head's tip has the whole path. */
const SHORT: Readonly<Record<string, string>> = { weightDecay: 'wd', batchSize: 'batch' };

/** A parameter's column by its short name and how its values are spread. */
export function paramColumn(path: string, name: string, distribution: Distribution): ParamColumn {
  const { type } = distribution;
  const numbers = type === 'choice' ? distribution.values.filter((value) => typeof value === 'number') : [];
  const words = type === 'choice' && numbers.length < distribution.values.length;
  const whole = type === 'int' || type === 'log-int' || (type === 'choice' && numbers.every(Number.isInteger));
  return { path, name: SHORT[name] ?? name, kind: words ? 'text' : whole ? 'whole' : 'figure' };
}

/** @param room width of the table, pixels; 0 before it is measured */
export function leaderLayout(params: readonly ParamColumn[], room: number): LeaderLayout {
  const least = Object.values(FIXED).reduce((sum, width) => sum + width, 0);
  const paramWidths = params.map(({ kind }) => WIDTHS[kind]);
  const needed = least + paramWidths.reduce((sum, width) => sum + width, 0);
  const epochs = room >= needed + EPOCHS + 40;
  const time = room >= needed + EPOCHS + TIME + 40;
  const columns = [
    `${FIXED.rank}px`,
    `${FIXED.number}px`,
    `${FIXED.score}px`,
    `minmax(${FIXED.interval}px, 1.6fr)`,
    `${FIXED.state}px`,
    ...paramWidths.map((width) => `minmax(${width}px, 0.7fr)`),
    ...(epochs ? [`${EPOCHS}px`] : []),
    ...(time ? [`${TIME}px`] : []),
    `${FIXED.spark}px`,
  ];
  const more = (epochs ? EPOCHS : 0) + (time ? TIME : 0);
  return { params, epochs, digits: epochs ? 3 : 2, time, template: columns.join(' '), least: needed + more };
}
