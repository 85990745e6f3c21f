/** Histogram frames of one run in plain maps: by kind, by layer, rising in step. Bounded, whatever the run's length. */

import type { HistogramFrame, HistogramKind } from '../../../engine/spec/histogram.ts';
import { coarser, cropped, steadyBins } from '../../charts/bins.ts';
import type { DistributionFrame } from '../../charts/options/ridgeline.ts';

export interface FrameLayer {
  /** Position in the expanded layer list. */
  readonly layer: number;
  readonly name: string;
}

/** More frames than this for one tensor, and every second one of the older half goes. */
const MOST_FRAMES = 800;
/** More bins than this on a chart would be noise; those of a small tensor are fewer from the start. */
const MOST_BINS = 96;

/** Frames as charts draw them, and which of the stored ones they were made of. */
interface Drawn {
  readonly frames: DistributionFrame[];
  readonly last: HistogramFrame | undefined;
}

export class FrameStore {
  readonly #kinds = new Map<HistogramKind, Map<number, HistogramFrame[]>>();
  readonly #drawn = new WeakMap<readonly HistogramFrame[], Drawn>();

  /** Forgets a kind and takes frames as the store gave them. */
  replace(kind: HistogramKind, frames: readonly HistogramFrame[]): void {
    this.#kinds.set(kind, new Map());
    for (const frame of frames) this.add(frame);
  }

  /** Adds one frame; a frame of a step already held takes its place. */
  add(frame: HistogramFrame): void {
    const layers = this.#kinds.get(frame.kind) ?? new Map<number, HistogramFrame[]>();
    this.#kinds.set(frame.kind, layers);
    const list = layers.get(frame.layer) ?? [];
    layers.set(frame.layer, list);
    const last = list.at(-1);
    if (last === undefined || frame.step > last.step) {
      list.push(frame);
    } else {
      const at = list.findIndex((other) => other.step >= frame.step);
      list.splice(at, list[at]?.step === frame.step ? 1 : 0, frame);
    }
    if (list.length > MOST_FRAMES) layers.set(frame.layer, thin(list));
  }

  has(kind: HistogramKind): boolean {
    return this.#kinds.has(kind);
  }

  clear(): void {
    this.#kinds.clear();
  }

  layers(kind: HistogramKind): FrameLayer[] {
    const layers = this.#kinds.get(kind) ?? new Map<number, HistogramFrame[]>();
    return [...layers]
      .map(([layer, frames]) => ({ layer, name: frames[0]?.layerName ?? String(layer) }))
      .sort((a, b) => a.layer - b.layer);
  }

  /** Rising in step. A view of the store: do not keep it. */
  frames(kind: HistogramKind, layer: number): readonly HistogramFrame[] {
    return this.#kinds.get(kind)?.get(layer) ?? [];
  }

  /** The frames as charts draw them: the stretch of bins that any of them uses, in bins that can be told apart. */
  drawn(kind: HistogramKind, layer: number): readonly DistributionFrame[] {
    const frames = this.frames(kind, layer);
    const known = this.#drawn.get(frames);
    if (known !== undefined && known.frames.length === frames.length && known.last === frames.at(-1)) {
      return known.frames;
    }
    const bins = steadyBins(frames);
    const most = Math.min(MOST_BINS, frames[0]?.counts.length ?? MOST_BINS);
    const drawn = frames.map((frame) => coarser(cropped(frame, bins), most));
    this.#drawn.set(frames, { frames: drawn, last: frames.at(-1) });
    return drawn;
  }

  /** Steps with a stored frame of any kind, rising. */
  steps(): number[] {
    const steps = new Set<number>();
    for (const layers of this.#kinds.values()) {
      const [frames] = layers.values();
      for (const frame of frames ?? []) steps.add(frame.step);
    }
    return [...steps].sort((a, b) => a - b);
  }
}

/** The first frame and the newer half stay. */
function thin(frames: readonly HistogramFrame[]): HistogramFrame[] {
  const half = frames.length >> 1;
  return frames.filter((_, i) => i >= half || i % 2 === 0);
}

/** The frame at a step, or the last one before it; the first one when there is none before. */
export function frameAt(frames: readonly HistogramFrame[], step: number): HistogramFrame | null {
  return frames.findLast((frame) => frame.step <= step) ?? frames[0] ?? null;
}
