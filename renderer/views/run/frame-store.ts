/** Histogram frames of one run in plain maps: by kind, by layer, rising in step. Bounded, whatever the run's length. */

import type { HistogramFrame, HistogramKind } from '../../../engine/spec/histogram.ts';

export interface FrameLayer {
  /** Position in the expanded layer list. */
  readonly layer: number;
  readonly name: string;
}

/** More frames than this for one tensor, and every second one of the older half goes. */
const MOST_FRAMES = 800;

export class FrameStore {
  readonly #kinds = new Map<HistogramKind, Map<number, HistogramFrame[]>>();

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
