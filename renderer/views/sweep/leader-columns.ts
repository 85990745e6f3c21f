/** The columns of the leaderboard: which fit, and how wide. Pure. */

export interface ParamColumn {
  readonly path: string;
  readonly name: string;
  /** Right-aligned figures. */
  readonly number: boolean;
}

export interface LeaderLayout {
  readonly params: readonly ParamColumn[];
  readonly epochs: boolean;
  readonly time: boolean;
  /** The value of `grid-template-columns`. */
  readonly template: string;
  /** Below this the table scrolls sideways, pixels. */
  readonly least: number;
}

const FIXED = { rank: 46, number: 44, score: 62, interval: 92, state: 26, spark: 70 } as const;
const NUMBER = 58;
const TEXT = 78;
const MOST = 92;
const LETTER = 6.3;
const PADDING = 14;
const EPOCHS = 58;
const TIME = 56;

/** @param room width of the table, pixels; 0 before it is measured */
export function leaderLayout(params: readonly ParamColumn[], room: number): LeaderLayout {
  const least = Object.values(FIXED).reduce((sum, width) => sum + width, 0);
  const paramWidths = params.map(({ name, number }) =>
    // The name as far as there is room for it, but always the figure.
    Math.min(MOST, Math.max(number ? NUMBER : TEXT, name.length * LETTER + PADDING)),
  );
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
  return { params, epochs, time, template: columns.join(' '), least: needed + more };
}
