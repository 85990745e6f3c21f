/** The path of a sparkline. */

export interface SparkPath {
  readonly path: string;
  readonly endX: number;
  readonly endY: number;
}

/** Fits the finite values into the box; null when fewer than two are finite. Breaks the line at the others. */
export function sparkPath(values: ArrayLike<number>, width: number, height: number): SparkPath | null {
  let [low, high, finite] = [Infinity, -Infinity, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    finite++;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (finite < 2) return null;
  const span = high - low || 1;
  const x = (i: number): number => 1.5 + (i / (values.length - 1)) * (width - 4);
  const y = (value: number): number => height - 2 - ((value - low) / span) * (height - 4);
  let path = '';
  let [endX, endY, drawing] = [0, 0, false];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) {
      drawing = false;
      continue;
    }
    [endX, endY] = [round(x(i)), round(y(value))];
    path += `${drawing ? 'L' : 'M'}${endX} ${endY}`;
    drawing = true;
  }
  return { path, endX, endY };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
