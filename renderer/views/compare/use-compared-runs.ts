/**
 * The points, histograms and settings of several runs. Short curves are held whole; long ones reduced, until a person
 * zooms into a stretch of them.
 */

import { useThrottleFn } from '@vueuse/core';
import { computed, shallowRef, watch, type ShallowRef } from 'vue';
import type { RunDetail } from '../../../electron/contract/runs.ts';
import type { HistogramFrame, HistogramKind } from '../../../engine/spec/histogram.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { MetricId, Split } from '../../../engine/spec/metric.ts';
import { LIVE_STATUSES } from '../../../engine/spec/run-status.ts';
import { Smoother, type Smoothing } from '../../charts/series/smooth.ts';
import { invoke } from '../../bridge/studio.ts';
import { SeriesBuffer, seriesKey, type SeriesKey } from '../../feed/series-buffer.ts';
import { useRunFeed } from '../../feed/use-run-feed.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { FrameStore, type FrameLayer } from '../run/frame-store.ts';

/** Points a long curve is drawn from before it is zoomed: several for every pixel of a wide screen. */
const OVERVIEW_POINTS = 6000;
/** Points a curve may have to be held whole when it shares the page with others. */
const WHOLE_POINTS = 1_500_000;
/** Frames of a tensor that are read at most: more than any panel draws. */
const MOST_STEPS = 160;
const SLOW_MS = 250;
/** Curves that come within this time are drawn together: a hundred drawings of all lanes would outlast the reading. */
const TOGETHER_MS = 100;

const CURVES = [
  ['loss', 'batch'],
  ['loss', 'train'],
  ['loss', 'validation'],
  ['accuracy', 'train'],
  ['accuracy', 'validation'],
] as const satisfies readonly (readonly [MetricId, Split])[];

export interface ComparedRunData {
  readonly id: RunId;
  readonly detail: Readonly<ShallowRef<RunDetail | null>>;
  /** False until its curves have been read. */
  readonly loaded: Readonly<ShallowRef<boolean>>;
  /** The buffer of a curve. Reading it makes the reader follow its changes. */
  readonly curve: (metric: MetricId, split: Split) => SeriesBuffer;
  /** Smoothed training loss, as long as the curve of the batches. */
  readonly smoothed: (smoothing: Smoothing) => ArrayLike<number>;
  readonly frames: (kind: HistogramKind, layer: number) => readonly HistogramFrame[];
  readonly layers: (kind: HistogramKind) => readonly FrameLayer[];
  readonly hasKind: (kind: HistogramKind) => boolean;
  readonly storedSteps: () => readonly number[];
}

export interface ComparedRuns {
  readonly phase: Readonly<ShallowRef<'loading' | 'ready' | 'error'>>;
  readonly failure: Readonly<ShallowRef<unknown>>;
  /** null for a run that is not part of the page. */
  readonly run: (id: RunId) => ComparedRunData | null;
  readonly wantKind: (kind: HistogramKind) => void;
  /** A curve as it was logged, whole. Throws a StudioFailure. */
  readonly readWhole: (id: RunId, metric: MetricId, split: Split) => Promise<SeriesBuffer>;
  readonly reload: () => Promise<void>;
}

class Entry implements ComparedRunData {
  readonly id: RunId;
  readonly detail = shallowRef<RunDetail | null>(null);
  readonly buffers = new Map<SeriesKey, { readonly buffer: SeriesBuffer; readonly version: ShallowRef<number> }>();
  readonly store = new FrameStore();
  readonly framesVersion = shallowRef(0);
  #smoother: Smoother | null = null;
  /** Counts up with each reading, so that a late answer does not undo a newer one. */
  reads = 0;
  readonly loaded = shallowRef(false);

  constructor(id: RunId) {
    this.id = id;
    for (const [metric, split] of CURVES) {
      this.buffers.set(seriesKey(metric, split), {
        buffer: new SeriesBuffer(metric, split),
        version: shallowRef(0),
      });
    }
  }

  entry(metric: MetricId, split: Split) {
    const found = this.buffers.get(seriesKey(metric, split));
    if (found === undefined) throw new RangeError(`comparisons do not read the curve ${metric}/${split}`);
    return found;
  }
  curve(metric: MetricId, split: Split): SeriesBuffer {
    const { buffer, version } = this.entry(metric, split);
    void version.value;
    return buffer;
  }
  smoothed(smoothing: Smoothing): ArrayLike<number> {
    const buffer = this.curve('loss', 'batch');
    if (this.#smoother === null || this.#smoother.smoothing !== smoothing)
      this.#smoother = new Smoother(buffer, smoothing);
    return this.#smoother.values();
  }
  frames(kind: HistogramKind, layer: number): readonly HistogramFrame[] {
    return this.#followed().frames(kind, layer);
  }
  layers(kind: HistogramKind): readonly FrameLayer[] {
    return this.#followed().layers(kind);
  }
  hasKind(kind: HistogramKind): boolean {
    return this.#followed().has(kind);
  }
  storedSteps(): readonly number[] {
    return this.#followed().steps();
  }
  #followed(): FrameStore {
    void this.framesVersion.value;
    return this.store;
  }
}

export function useComparedRuns(ids: () => readonly RunId[]): ComparedRuns {
  const runs = useRunsStore();
  const notices = useNoticesStore();
  const feed = useRunFeed();
  const phase = shallowRef<'loading' | 'ready' | 'error'>('loading');
  const failure = shallowRef<unknown>(null);
  const entries = new Map<RunId, Entry>();
  /** Counts up when runs come or go. */
  const members = shallowRef(0);
  const watching = new Map<RunId, () => void>();
  const wanted = new Set<HistogramKind>();

  const unseen = new Set<ShallowRef<number>>();
  const showRead = useThrottleFn(
    () => {
      for (const version of unseen) version.value++;
      unseen.clear();
    },
    TOGETHER_MS,
    true,
  );

  async function readCurve(entry: Entry, metric: MetricId, split: Split, read: number): Promise<void> {
    const { buffer, version } = entry.entry(metric, split);
    const take = async (maxPoints: number | null): Promise<boolean> => {
      const curve = await invoke('curve:read', { id: entry.id, metric, split, maxPoints });
      if (read !== entry.reads) return true;
      buffer.replace(curve);
      unseen.add(version);
      void showRead();
      return curve.total <= curve.steps.length || curve.total > WHOLE_POINTS / Math.max(1, entries.size);
    };
    if (!(await take(OVERVIEW_POINTS))) await take(null);
  }
  async function readKind(entry: Entry, kind: HistogramKind, read: number): Promise<void> {
    const frames = await invoke('histogram:read', { id: entry.id, kind, maxSteps: MOST_STEPS });
    if (read !== entry.reads) return;
    entry.store.replace(kind, frames);
    unseen.add(entry.framesVersion);
    void showRead();
  }
  async function readDetail(entry: Entry, read: number): Promise<void> {
    const detail = await invoke('run:get', { id: entry.id });
    if (read === entry.reads) entry.detail.value = detail;
  }
  /** `fresh`: the run began again, what was held is void. `known`: its settings have just been read. */
  async function readAll(entry: Entry, { fresh = false, known = false } = {}): Promise<void> {
    const read = ++entry.reads;
    if (fresh) {
      for (const { buffer, version } of entry.buffers.values()) {
        buffer.clear();
        version.value++;
      }
      entry.store.clear();
    }
    await Promise.all([
      ...(known ? [] : [readDetail(entry, read)]),
      ...CURVES.map(([metric, split]) => readCurve(entry, metric, split, read)),
      ...[...wanted].map((kind) => readKind(entry, kind, read)),
    ]);
    entry.loaded.value = true;
  }

  async function reload(): Promise<void> {
    const list = [...entries.values()];
    try {
      // Settings first: the page stands while curves come in one by one.
      await Promise.all(list.map((entry) => readDetail(entry, entry.reads)));
      phase.value = 'ready';
      await Promise.all(list.map((entry) => readAll(entry, { known: true })));
      failure.value = null;
    } catch (error) {
      if (phase.value === 'ready') notices.problem(error);
      else {
        failure.value = error;
        phase.value = 'error';
      }
    }
  }
  function again(entry: Entry, fresh: boolean): void {
    readAll(entry, { fresh }).catch((error: unknown) => notices.problem(error));
  }

  watch(
    () => ids(),
    (next, before) => {
      const kept = new Set(next);
      for (const id of before ?? []) {
        if (kept.has(id)) continue;
        entries.delete(id);
        watching.get(id)?.();
        watching.delete(id);
      }
      const added = next.filter((id) => !entries.has(id)).map((id) => new Entry(id));
      for (const entry of added) {
        entries.set(entry.id, entry);
        watching.set(entry.id, feed.watchRun(entry.id));
      }
      members.value++;
      if (phase.value === 'ready') for (const entry of added) again(entry, false);
      else if (next.length > 0) void reload();
    },
    { immediate: true },
  );

  // A run that begins has fingerprints to tell, one that goes on starts from its checkpoint, one that ended is final.
  const statuses = computed(() => ids().map((id) => [id, runs.byId.get(id)?.status] as const));
  watch(statuses, (now, before) => {
    const old = new Map(before);
    for (const [id, status] of now) {
      const previous = old.get(id);
      const entry = entries.get(id);
      if (entry === undefined || !entry.loaded.value || status === previous || status === undefined) continue;
      const live = LIVE_STATUSES.includes(status);
      const wasLive = previous !== undefined && LIVE_STATUSES.includes(previous);
      if (live !== wasLive) again(entry, live);
      else if (previous === 'queued') askDetail(entry);
    }
  });
  const askDetail = (entry: Entry): void => {
    readDetail(entry, entry.reads).catch((error: unknown) => notices.problem(error));
  };
  const askMissing = useThrottleFn(() => {
    for (const entry of entries.values()) {
      if (entry.loaded.value && entry.detail.value?.fingerprints === null && runs.progress.has(entry.id))
        askDetail(entry);
    }
  }, 4 * SLOW_MS);
  const bumpFrames = useThrottleFn(
    () => {
      for (const entry of entries.values()) entry.framesVersion.value++;
    },
    SLOW_MS,
    true,
  );

  feed.onResync(() => void reload());
  feed.onFrame((frame) => {
    for (const chunk of frame.chunks) {
      const found = entries.get(chunk.runId)?.buffers.get(seriesKey(chunk.metric, chunk.split));
      if (found === undefined) continue;
      found.buffer.append(chunk);
      found.version.value++;
    }
    let added = false;
    for (const histogram of frame.histograms) {
      if (!wanted.has(histogram.kind)) continue;
      entries.get(histogram.runId)?.store.add(histogram);
      added = true;
    }
    if (added) void bumpFrames();
    if (frame.progress.length > 0) void askMissing();
  });

  return {
    phase,
    failure,
    run: (id) => {
      void members.value;
      return entries.get(id) ?? null;
    },
    wantKind: (kind) => {
      if (wanted.has(kind)) return;
      wanted.add(kind);
      for (const entry of entries.values()) {
        // A reading that has not begun takes the kind along.
        if (entry.reads > 0) readKind(entry, kind, entry.reads).catch((error: unknown) => notices.problem(error));
      }
    },
    readWhole: async (id, metric, split) => {
      const held = entries.get(id)?.entry(metric, split).buffer;
      if (held?.complete === true) return held;
      const whole = new SeriesBuffer(metric, split);
      whole.replace(await invoke('curve:read', { id, metric, split, maxPoints: null }));
      return whole;
    },
    reload,
  };
}
