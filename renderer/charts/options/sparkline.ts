/** A curve the size of a word, as SVG path data. */

export interface SparklineDrawing {
  readonly path: string;
  readonly end: { readonly x: number; readonly y: number };
}

/** null with fewer than two finite values. Values that are not finite break the line. */
export function sparkline(values: ArrayLike<number>, width: number, height: number): SparklineDrawing | null {
  let low = Infinity;
  let high = -Infinity;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    count++;
  }
  if (count < 2) return null;
  let path = '';
  let end = { x: 0, y: 0 };
  let pen = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      pen = false;
      continue;
    }
    const x = 1.5 + (i / (values.length - 1)) * (width - 4);
    const y = height - 2 - ((value - low) / (high - low || 1)) * (height - 4);
    end = { x: round(x), y: round(y) };
    path += `${pen ? 'L' : 'M'}${end.x} ${end.y}`;
    pen = true;
  }
  return { path, end };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
