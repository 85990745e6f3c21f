/** What a chart over trials is made of, whatever it shows: axes, marks for trials, and where each trial is found. */

import type { AxesFrame, Shape } from '../../charts/options/shapes.ts';
import type { PlotBox } from '../../charts/plot.ts';
import type { TrialAxis } from './axis.ts';
import type { TrialTable } from './trial-table.ts';

/** A part of a chart where dragging brushes; null along an axis that cannot be. */
export interface BrushFrame {
  readonly box: PlotBox;
  readonly x: TrialAxis | null;
  readonly y: TrialAxis | null;
}

/** Where a trial is drawn, pixels. Lines are x, y for each point; NaN ends one. */
export type Mark =
  | { readonly kind: 'dot'; readonly x: number; readonly y: number }
  | { readonly kind: 'line'; readonly points: Float32Array }
  | { readonly kind: 'box'; readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** One flag for each row of the table; null for all rows. */
export type Mask = Uint8Array | null;

export interface TrialDrawing {
  readonly axes: readonly AxesFrame[];
  readonly brushes: readonly BrushFrame[];
  readonly below: readonly Shape[];
  readonly above: readonly Shape[];
  /** Marks of some trials; `faded` for those outside of a brush. */
  readonly trials: (which: Mask, faded: boolean) => Shape[];
  /** Of the row at this place; empty where it is not drawn. */
  readonly marks: (place: number) => readonly Mark[];
  /** Place of the row nearest to a pixel, null when none is near. */
  readonly nearest: (x: number, y: number, which: Mask) => number | null;
  /** Places from left to right, the way arrow keys walk. */
  readonly order: readonly number[];
}

/** How near the pointer must be, pixels. */
export const NEAR = 10;
/** Opacity of what is outside of a brush. */
const FADED = 0.1;

/** Points as they come, two numbers each. */
export class Points {
  #values = new Float32Array(256);
  #length = 0;

  push(x: number, y: number): void {
    if (this.#length + 2 > this.#values.length) {
      const grown = new Float32Array(2 * this.#values.length);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length] = x;
    this.#values[this.#length + 1] = y;
    this.#length += 2;
  }

  /** Ends a line. */
  lift(): void {
    this.push(Number.NaN, Number.NaN);
  }

  get length(): number {
    return this.#length / 2;
  }

  take(): Float32Array {
    return this.#values.slice(0, this.#length);
  }
}

/** One point for each row, pixels; NaN where a row has none. */
export interface Cloud {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Positions on two axes as pixels of a box. */
export function cloudOf(box: PlotBox, across: Float64Array, up: Float64Array): Cloud {
  return {
    x: Float32Array.from(across, (at) => box.x + at * box.width),
    y: Float32Array.from(up, (at) => box.y + (1 - at) * box.height),
  };
}

/** Radius that leaves many points apart, pixels. */
export function radiusFor(count: number): number {
  return count > 4000 ? 1.5 : count > 1000 ? 2 : count > 300 ? 2.5 : 3;
}

export interface DotStyle {
  readonly faded: boolean;
  /** Discs take the ramp's colour of their score. */
  readonly colored: boolean;
  /** Discs stand out from a coloured ground. */
  readonly outlined?: boolean;
}

/** Completed trials as discs, others as rings. */
export function dotShapes(
  { rows, levels }: TrialTable,
  clouds: readonly Cloud[],
  which: Mask,
  { faded, colored, outlined = false }: DotStyle,
): Shape[] {
  const radius = radiusFor(rows.length);
  const discs = Array.from({ length: colored ? 8 : 1 }, () => new Points());
  const rings = new Points();
  rows.forEach(({ status }, place) => {
    if (which !== null && which[place] === 0) return;
    for (const { x, y } of clouds) {
      const [left = Number.NaN, top = Number.NaN] = [x[place], y[place]];
      if (Number.isNaN(left) || Number.isNaN(top)) continue;
      if (status === 'completed') discs[colored ? (levels[place] ?? 0) : 0]?.push(left, top);
      else rings.push(left, top);
    }
  });
  const opacity = faded ? FADED * 1.5 : colored ? 0.9 : 0.8;
  const ringShape = {
    kind: 'dots' as const,
    points: rings.take(),
    radius: radius - 0.5,
    stroke: 'quiet' as const,
    width: 1.25,
    opacity,
  };
  return [
    ...(rings.length === 0 ? [] : [ringShape]),
    ...discs.flatMap((points, level) =>
      points.length === 0
        ? []
        : [
            {
              kind: 'dots' as const,
              points: points.take(),
              radius,
              fill: colored && !faded ? level : ('text' as const),
              ...(outlined ? { stroke: 'panel' as const, width: 1 } : {}),
              opacity,
            },
          ],
    ),
  ];
}

/** Lines a path: many enough to be quick, few enough that faint ones still add up where they cross. */
const LINES_A_PATH = 48;

/**
 * One line for each of the rows: the worst first, the best on top, coloured by the ramp; grey when they are faded.
 *
 * @param add puts a row's line; rows without a line add nothing
 */
export function lineShapes(
  { rows, levels }: TrialTable,
  which: Mask,
  { faded, width }: { readonly faded: boolean; readonly width: number },
  add: (points: Points, place: number) => void,
): Shape[] {
  const groups: number[][] = Array.from({ length: 8 }, () => []);
  rows.forEach((_, place) => {
    if (which !== null && which[place] === 0) return;
    groups[faded ? 0 : (levels[place] ?? 0)]?.push(place);
  });
  // Thousands of opaque lines would show the last ones only.
  const drawn = groups.reduce((sum, { length }) => sum + length, 0);
  const strength = Math.min(0.85, Math.max(0.05, 200 * drawn ** -0.88));
  return groups.flatMap((places, level) => {
    const shapes: Shape[] = [];
    for (let from = 0; from < places.length; from += LINES_A_PATH) {
      const points = new Points();
      for (const place of places.slice(from, from + LINES_A_PATH)) {
        add(points, place);
        points.lift();
      }
      const grey = level === 0;
      const opacity = faded ? FADED : grey ? Math.min(0.5, strength) : strength;
      shapes.push({
        kind: 'lines',
        points: points.take(),
        stroke: grey ? 'quiet' : level,
        width: faded ? 1 : width,
        opacity,
      });
    }
    return shapes;
  });
}

/** Pointing at dots. */
export function pointing(clouds: readonly Cloud[]): Pick<TrialDrawing, 'marks' | 'nearest' | 'order'> {
  const first = clouds[0]?.x ?? new Float32Array();
  const drawn = Array.from(first.keys()).filter((place) =>
    clouds.some(({ x, y }) => !Number.isNaN(x[place]) && !Number.isNaN(y[place])),
  );
  return {
    order: drawn.sort((a, b) => (first[a] ?? 0) - (first[b] ?? 0) || a - b),
    marks: (place) =>
      clouds.flatMap(({ x, y }) => {
        const [left = Number.NaN, top = Number.NaN] = [x[place], y[place]];
        return Number.isNaN(left) || Number.isNaN(top) ? [] : [{ kind: 'dot' as const, x: left, y: top }];
      }),
    nearest: (px, py, which) => {
      let [found, least]: [number | null, number] = [null, NEAR * NEAR];
      for (const { x, y } of clouds) {
        for (let place = 0; place < x.length; place++) {
          if (which !== null && which[place] === 0) continue;
          const distance = ((x[place] ?? 0) - px) ** 2 + ((y[place] ?? 0) - py) ** 2;
          if (distance <= least) [found, least] = [place, distance];
        }
      }
      return found;
    },
  };
}

/** Of a chart's plot: 40 px or more at the left for the labels of the y axis, 22 below for those of the x axis. */
export const PLOT_MARGINS = { left: 40, right: 14, top: 10, bottom: 22 };

/** Marks of picked trials as shapes, for pictures: on the screen they are apart from the chart. */
export function markShapes(marks: readonly Mark[]): Shape[] {
  const [dots, lines, boxes] = [new Points(), new Points(), new Points()];
  for (const mark of marks) {
    if (mark.kind === 'dot') dots.push(mark.x, mark.y);
    else if (mark.kind === 'box') {
      const [right, bottom] = [mark.x + mark.width, mark.y + mark.height];
      for (const [x, y] of [
        [mark.x, mark.y],
        [right, mark.y],
        [right, bottom],
        [mark.x, bottom],
        [mark.x, mark.y],
      ] as const) {
        boxes.push(x, y);
      }
      boxes.lift();
    } else {
      for (let i = 0; i < mark.points.length; i += 2) lines.push(mark.points[i] ?? 0, mark.points[i + 1] ?? 0);
      lines.lift();
    }
  }
  const accent = { stroke: 'accent', width: 2 } as const;
  return [
    ...(lines.length === 0 ? [] : [{ kind: 'lines' as const, points: lines.take(), ...accent, width: 2.5 }]),
    ...(boxes.length === 0 ? [] : [{ kind: 'lines' as const, points: boxes.take(), ...accent }]),
    ...(dots.length === 0 ? [] : [{ kind: 'dots' as const, points: dots.take(), radius: 5, ...accent }]),
  ];
}
