/** Distributions counted in other bins: on those of another run, as far as they hold anything, in fewer. */

import type { HistogramFrame } from '../../engine/spec/histogram.ts';
import type { DistributionFrame } from './options/ridgeline.ts';

/** Edges from the lowest to the highest of all frames, as many bins as the finest has. null without frames. */
export function commonEdges(frames: readonly HistogramFrame[]): Float32Array | null {
  const [first] = frames;
  if (first === undefined) return null;
  if (frames.every((frame) => sameEdges(frame.edges, first.edges))) return first.edges;
  let low = Infinity;
  let high = -Infinity;
  let bins = 1;
  for (const { edges } of frames) {
    low = Math.min(low, edges[0] ?? 0);
    high = Math.max(high, edges[edges.length - 1] ?? 0);
    bins = Math.max(bins, edges.length - 1);
  }
  return Float32Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
}

function sameEdges(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((edge, i) => edge === b[i]);
}

/**
 * The frame counted in other bins. The values of a bin are taken to be spread evenly over it, so counts become shares of
 * counts; their sum stays. Frames that have these edges already are returned as they are.
 */
export function rebin(frame: HistogramFrame, edges: Float32Array): DistributionFrame {
  if (sameEdges(frame.edges, edges)) return frame;
  const counts = new Float64Array(edges.length - 1);
  frame.counts.forEach((count, i) => {
    if (count === 0) return;
    const from = frame.edges[i] ?? 0;
    const to = frame.edges[i + 1] ?? from;
    for (let k = binOf(edges, from); k < counts.length && (edges[k] ?? 0) < to; k++) {
      const overlap = Math.min(to, edges[k + 1] ?? to) - Math.max(from, edges[k] ?? from);
      if (overlap > 0) counts[k] = (counts[k] ?? 0) + (count * overlap) / (to - from);
    }
  });
  return { ...frame, edges, counts };
}

/** Share of a frame's values a bin needs in order to be worth showing. */
const WORTH = 0.001;

/**
 * The stretch of bins, as [first, after the last), that holds what any of the frames has, tails of less than a
 * thousandth a bin left out. Bins are chosen for what a tensor may become, so most of them can be empty. Edges around 0
 * stay so. All frames have the same edges.
 */
export function occupiedBins(frames: readonly DistributionFrame[]): readonly [number, number] {
  const bins = frames[0]?.counts.length ?? 0;
  let first = bins;
  let last = -1;
  for (const { counts } of frames) {
    let total = 0;
    for (const count of counts) total += count;
    counts.forEach((count, i) => {
      if (count <= total * WORTH) return;
      if (i < first) first = i;
      if (i > last) last = i;
    });
  }
  if (last < first) return [0, bins];
  const margin = 2;
  const from = Math.max(0, first - margin);
  const to = Math.min(bins, last + 1 + margin);
  const edges = frames[0]?.edges;
  const middle = edges !== undefined && Math.abs((edges[0] ?? 0) + (edges[bins] ?? 1)) < 1e-6 * Math.abs(edges[0] ?? 0);
  if (!middle) return [from, to];
  const cut = Math.min(from, bins - to);
  return [cut, bins - cut];
}

/** A stretch of a frame's bins; what lies outside of it is counted below and above. */
export function cropped(frame: DistributionFrame, [from, to]: readonly [number, number]): DistributionFrame {
  if (from === 0 && to === frame.counts.length) return frame;
  const sum = (counts: Iterable<number>): number => {
    let total = 0;
    for (const count of counts) total += count;
    return Math.round(total);
  };
  return {
    ...frame,
    edges: frame.edges.subarray(from, to + 1),
    counts: frame.counts.subarray(from, to),
    below: frame.below + sum(frame.counts.subarray(0, from)),
    above: frame.above + sum(frame.counts.subarray(to)),
  };
}

/**
 * The occupied stretch rounded up to one of a few widths, so that the axis of a run that still trains hardly ever moves:
 * around 0 to 1, 3/4, 1/2, 3/8 and so on of all bins, elsewhere to sixteenths.
 */
export function steadyBins(frames: readonly DistributionFrame[]): readonly [number, number] {
  const bins = frames[0]?.counts.length ?? 0;
  const [from, to] = occupiedBins(frames);
  if (bins % 2 === 0 && from > 0 && from === bins - to) {
    let half = bins / 2;
    for (let next = half; Number.isInteger(next) && next >= bins / 2 - from; next = narrower(next, bins)) half = next;
    return [bins / 2 - half, bins / 2 + half];
  }
  const part = bins / 16;
  if (!Number.isInteger(part)) return [from, to];
  return [Math.floor(from / part) * part, Math.ceil(to / part) * part];
}

/** The next width of 1, 3/4, 1/2, 3/8, 1/4 … of half of all bins. */
function narrower(half: number, bins: number): number {
  const isPower = Number.isInteger(Math.log2(bins / 2 / half));
  return isPower ? (half * 3) / 4 : (half * 2) / 3;
}

/** At most `most` bins, by joining neighbours where they come out even. */
export function coarser(frame: DistributionFrame, most: number): DistributionFrame {
  const bins = frame.counts.length;
  let together = Math.ceil(bins / most);
  while (together > 1 && bins % together !== 0) together--;
  if (together <= 1) return frame;
  const counts = new Float64Array(bins / together);
  frame.counts.forEach((count, i) => {
    const at = Math.floor(i / together);
    counts[at] = (counts[at] ?? 0) + count;
  });
  return { ...frame, edges: frame.edges.filter((_, i) => i % together === 0), counts };
}

/** The last bin that begins at or below a value; 0 when none does. */
function binOf(edges: Float32Array, value: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) <= value) low = middle;
    else high = middle;
  }
  return low;
}
