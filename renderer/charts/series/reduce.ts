/** Thins a curve to the columns of a drawing without losing what stands out: each column keeps first, lowest, highest and last. */

export interface ReduceRequest {
  /** Rising; multiplied by `xScale` to give x. */
  readonly xs: ArrayLike<number>;
  readonly xScale: number;
  readonly ys: ArrayLike<number>;
  /** Range of x that is drawn. One neighbour on either side is kept so that lines run out of the picture. */
  readonly from: number;
  readonly to: number;
  /** Columns, usually the width of the plot in pixels. */
  readonly columns: number;
  /** On a log axis, points at or below 0 cannot be drawn: they are left out, marked and counted. */
  readonly positiveOnly: boolean;
}

/** A stretch of points that could not be drawn, at the first of them. */
export interface Gap {
  readonly kind: 'not-finite' | 'not-positive';
  readonly x: number;
  /** Index of the first point in the source. */
  readonly index: number;
  readonly count: number;
  /** Last drawable value before it, null when there was none. */
  readonly lastValue: number | null;
}

export interface ReducedCurve {
  /** x, y, x, y …; y is NaN where the line breaks. */
  readonly points: Float64Array;
  /** Index in the source of each point; −1 for a break. */
  readonly indices: Int32Array;
  readonly gaps: readonly Gap[];
  /** Lowest and highest drawable value in range; null when there is none. */
  readonly low: number | null;
  readonly high: number | null;
  /** Points in range, drawable or not. */
  readonly inRange: number;
}

/** Works in one pass; a curve of at most 4 points a column is kept whole. */
export function reduceCurve(request: ReduceRequest): ReducedCurve {
  const { xs, xScale, from, to } = request;
  const length = Math.min(xs.length, request.ys.length);
  const begin = firstAtLeast(xs, length, from / xScale);
  const end = firstAbove(xs, length, to / xScale);
  const pen = new Pen(request, Math.max(0, begin - 1), Math.min(length, end + 1));
  return pen.draw(begin, end);
}

interface OpenGap extends Omit<Gap, 'count'> {
  count: number;
}

class Pen {
  readonly #request: ReduceRequest;
  readonly #first: number;
  readonly #last: number;
  readonly #points: Float64Array;
  readonly #indices: Int32Array;
  readonly #gaps: OpenGap[] = [];
  #count = 0;
  #low = Infinity;
  #high = -Infinity;

  constructor(request: ReduceRequest, first: number, last: number) {
    this.#request = request;
    this.#first = first;
    this.#last = last;
    const room = Math.min(last - first, 5 * request.columns + 8) + 1;
    this.#points = new Float64Array(2 * room);
    this.#indices = new Int32Array(room);
  }

  draw(begin: number, end: number): ReducedCurve {
    const whole = end - begin <= 4 * this.#request.columns;
    this.#put(this.#first, begin);
    if (whole) this.#put(begin, end);
    else this.#columns(begin, end);
    this.#put(end, this.#last);
    this.#range(begin, end);
    const some = this.#low <= this.#high;
    return {
      points: this.#points.subarray(0, 2 * this.#count),
      indices: this.#indices.subarray(0, this.#count),
      gaps: this.#gaps,
      low: some ? this.#low : null,
      high: some ? this.#high : null,
      inRange: end - begin,
    };
  }

  #drawable(value: number): boolean {
    return Number.isFinite(value) && (value > 0 || !this.#request.positiveOnly);
  }

  #emit(index: number, value: number): void {
    this.#points[2 * this.#count] = (this.#request.xs[index] ?? 0) * this.#request.xScale;
    this.#points[2 * this.#count + 1] = value;
    this.#indices[this.#count] = Number.isNaN(value) ? -1 : index;
    this.#count++;
  }

  #break(index: number): void {
    if (this.#count > 0 && Number.isNaN(this.#points[2 * this.#count - 1] ?? 0)) return;
    this.#emit(index, Number.NaN);
  }

  #put(begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      const value = this.#request.ys[i] ?? Number.NaN;
      if (this.#drawable(value)) this.#emit(i, value);
      else this.#break(i);
    }
  }

  #columns(begin: number, end: number): void {
    const { xs, ys, xScale, from, to, columns } = this.#request;
    const perUnit = columns / (to - from);
    let i = begin;
    while (i < end) {
      const column = Math.floor(((xs[i] ?? 0) * xScale - from) * perUnit);
      const limit = from + (column + 1) / perUnit;
      let first = -1;
      let last = -1;
      let lowest = -1;
      let highest = -1;
      const start = i;
      do {
        const value = ys[i] ?? Number.NaN;
        if (this.#drawable(value)) {
          if (first < 0) first = lowest = highest = i;
          if (value < (ys[lowest] ?? 0)) lowest = i;
          if (value > (ys[highest] ?? 0)) highest = i;
          last = i;
        }
        i++;
      } while (i < end && (xs[i] ?? 0) * xScale < limit);
      if (first < 0) {
        this.#break(start);
        continue;
      }
      let previous = -1;
      for (const index of [first, Math.min(lowest, highest), Math.max(lowest, highest), last]) {
        if (index !== previous) this.#emit(index, ys[index] ?? Number.NaN);
        previous = index;
      }
    }
  }

  /** Extent and gaps of what is in range. */
  #range(begin: number, end: number): void {
    const { xs, ys, xScale, positiveOnly } = this.#request;
    let lastValue: number | null = null;
    let open = null as OpenGap | null;
    for (let i = begin; i < end; i++) {
      const value = ys[i] ?? Number.NaN;
      const finite = Number.isFinite(value);
      if (finite && (value > 0 || !positiveOnly)) {
        if (value < this.#low) this.#low = value;
        if (value > this.#high) this.#high = value;
        lastValue = value;
        open = null;
        continue;
      }
      const kind = finite ? 'not-positive' : 'not-finite';
      if (open?.kind === kind) {
        open.count++;
      } else {
        open = { kind, x: (xs[i] ?? 0) * xScale, index: i, count: 1, lastValue };
        this.#gaps.push(open);
      }
    }
  }
}

function firstAtLeast(xs: ArrayLike<number>, length: number, x: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstAbove(xs: ArrayLike<number>, length: number, x: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Joins gaps nearer than `distance` in x, so that a run of a thousand bad points is one marker with its count. */
export function joinGaps(gaps: readonly Gap[], distance: number): Gap[] {
  const joined: Gap[] = [];
  const latest = new Map<Gap['kind'], number>();
  for (const gap of gaps) {
    const at = latest.get(gap.kind);
    const previous = at === undefined ? undefined : joined[at];
    if (at !== undefined && previous !== undefined && gap.x - previous.x < distance) {
      joined[at] = { ...previous, count: previous.count + gap.count };
    } else {
      latest.set(gap.kind, joined.length);
      joined.push(gap);
    }
  }
  return joined;
}
