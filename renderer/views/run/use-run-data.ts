/**
 * Everything a run's page knows: details, whole curves and histogram frames, read once from the store and kept
 * up to date by the feed. Points stay in plain buffers; what is reactive are the version counts beside them.
 */

import { useThrottleFn } from '@vueuse/core';
import { computed, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { RunDetail, RunProgress, RunSummary } from '../../../electron/contract/runs.ts';
import type { HealthMeasure, HealthSamples } from '../../../engine/spec/health.ts';
import type { HistogramFrame, HistogramKind } from '../../../engine/spec/histogram.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { MetricId, Split } from '../../../engine/spec/metric.ts';
import { LIVE_STATUSES, type RunStatus } from '../../../engine/spec/run-status.ts';
import { invoke } from '../../bridge/studio.ts';
import type { DistributionFrame } from '../../charts/options/ridgeline.ts';
import { SeriesBuffer, seriesKey, type SeriesKey } from '../../feed/series-buffer.ts';
import { useRunFeed } from '../../feed/use-run-feed.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { FrameStore, type FrameLayer } from './frame-store.ts';
import { HealthStore, type HealthCurve } from './health-store.ts';

/** Curves a page shows. */
const CURVES: readonly (readonly [MetricId, Split])[] = [
  ['loss', 'batch'],
  ['loss', 'train'],
  ['loss', 'validation'],
  ['accuracy', 'train'],
  ['accuracy', 'validation'],
  ['learning-rate', 'batch'],
];
/** The first read of a long curve is a reduced one, so that there is a picture at once; the whole follows. */
const FIRST_POINTS = 20_000;
/** Longer curves stay reduced on the screen; an export still reads them whole. */
const MOST_POINTS = 3_000_000;
/** Most histogram steps that are read. */
const MOST_STEPS = 400;
/** Most samples of health that are read. */
const MOST_SAMPLES = 50_000;
/** Curves, histograms and the ends of axes follow a live run at this pace, all in one drawing; counters follow every frame. */
const PACE_MS = 500;

export interface RunData {
  readonly id: RunId;
  readonly phase: Readonly<ShallowRef<'loading' | 'ready' | 'error'>>;
  /** What was thrown when the run could not be read. */
  readonly failure: Readonly<ShallowRef<unknown>>;
  readonly detail: Readonly<ShallowRef<RunDetail | null>>;
  readonly summary: ComputedRef<RunSummary | null>;
  /** null when the run is not live. */
  readonly progress: ComputedRef<RunProgress | null>;
  readonly status: ComputedRef<RunStatus>;
  readonly live: ComputedRef<boolean>;
  /** Steps done so far, a few times a second. */
  readonly lastStep: Readonly<Ref<number>>;
  /** The buffer of a curve. Reading it makes the reader follow its changes. */
  readonly curve: (metric: MetricId, split: Split) => SeriesBuffer;
  /** The same buffer without following it. */
  readonly buffer: (metric: MetricId, split: Split) => SeriesBuffer;
  /** Histogram frames, followed the same way; asks the store for a kind that was not asked for yet. */
  readonly frames: (kind: HistogramKind, layer: number) => readonly HistogramFrame[];
  /** The same as charts draw them. */
  readonly drawnFrames: (kind: HistogramKind, layer: number) => readonly DistributionFrame[];
  readonly layers: (kind: HistogramKind) => readonly FrameLayer[];
  readonly wantKind: (kind: HistogramKind) => void;
  /** Whether a kind has been read. */
  readonly hasKind: (kind: HistogramKind) => boolean;
  /** Samples of the layers' health, followed like a curve; none until `wantHealth` was called. */
  readonly health: () => HealthSamples;
  readonly healthCurve: (row: number, measure: HealthMeasure, rows: number) => HealthCurve;
  readonly wantHealth: () => void;
  /** Whether they have been read. */
  readonly hasHealth: () => boolean;
  readonly storedSteps: ComputedRef<readonly number[]>;
  /** Makes sure that a curve is held whole, for an export. Throws a StudioFailure. */
  readonly readWhole: (metric: MetricId, split: Split) => Promise<SeriesBuffer>;
  readonly reload: () => Promise<void>;
  /** Reads the details again, not the curves. */
  readonly refresh: () => Promise<void>;
}

export function useRunData(id: RunId): RunData {
  const runs = useRunsStore();
  const notices = useNoticesStore();
  const feed = useRunFeed();
  const phase = shallowRef<'loading' | 'ready' | 'error'>('loading');
  const failure = shallowRef<unknown>(null);
  const detail = shallowRef<RunDetail | null>(null);
  const buffers = new Map<SeriesKey, { buffer: SeriesBuffer; version: ShallowRef<number> }>();
  const store = new FrameStore();
  const framesVersion = shallowRef(0);
  const wanted = new Set<HistogramKind>();
  const healthStore = new HealthStore();
  const healthVersion = shallowRef(0);
  const healthRead = shallowRef(false);
  let healthWanted = false;
  /** Versions of what has grown and is not drawn yet. */
  const grown = new Set<ShallowRef<number>>();
  const show = useThrottleFn(showGrown, PACE_MS, true);
  let reads = 0;

  for (const [metric, split] of CURVES) {
    buffers.set(seriesKey(metric, split), { buffer: new SeriesBuffer(metric, split), version: shallowRef(0) });
  }

  const summary = computed(() => runs.byId.get(id) ?? detail.value?.summary ?? null);
  const status = computed<RunStatus>(() => summary.value?.status ?? 'queued');
  const live = computed(() => LIVE_STATUSES.includes(status.value));
  const progress = computed(() => (live.value ? (runs.progress.get(id) ?? null) : null));

  const newest = computed(() => Math.max(progress.value?.step ?? 0, summary.value?.stepsDone ?? 0, 0));
  const lastStep = shallowRef(newest.value);
  watch(newest, () => void show());

  const complain = (error: unknown): void => void notices.problem(error);

  function showGrown(): void {
    lastStep.value = newest.value;
    for (const version of grown) version.value++;
    grown.clear();
  }
  function entryOf(metric: MetricId, split: Split) {
    const entry = buffers.get(seriesKey(metric, split));
    if (entry === undefined) throw new RangeError(`the run page does not read the curve ${metric}/${split}`);
    return entry;
  }
  function curve(metric: MetricId, split: Split): SeriesBuffer {
    const entry = entryOf(metric, split);
    // Reading the version is what makes the caller follow the buffer.
    void entry.version.value;
    return entry.buffer;
  }

  function followed(): FrameStore {
    void framesVersion.value;
    return store;
  }

  async function readCurve(metric: MetricId, split: Split, read: number): Promise<void> {
    const entry = entryOf(metric, split);
    const first = await invoke('curve:read', { id, metric, split, maxPoints: FIRST_POINTS });
    if (read !== reads) return;
    entry.buffer.replace(first);
    entry.version.value++;
    if (first.total <= first.steps.length || first.total > MOST_POINTS) return;
    const whole = await invoke('curve:read', { id, metric, split, maxPoints: null });
    if (read !== reads) return;
    entry.buffer.replace(whole);
    entry.version.value++;
  }

  async function readWhole(metric: MetricId, split: Split): Promise<SeriesBuffer> {
    const entry = entryOf(metric, split);
    if (!entry.buffer.complete) {
      entry.buffer.replace(await invoke('curve:read', { id, metric, split, maxPoints: null }));
      entry.version.value++;
    }
    return entry.buffer;
  }

  async function readKind(kind: HistogramKind, read: number): Promise<void> {
    const frames = await invoke('histogram:read', { id, kind, maxSteps: MOST_STEPS });
    if (read !== reads) return;
    store.replace(kind, frames);
    framesVersion.value++;
  }

  async function readHealth(read: number): Promise<void> {
    const samples = await invoke('health:read', { id, maxSamples: MOST_SAMPLES });
    if (read !== reads) return;
    healthStore.replace(samples);
    healthRead.value = true;
    healthVersion.value++;
  }

  function followedHealth(): HealthStore {
    void healthVersion.value;
    return healthStore;
  }

  /** Reads everything again: at the start, after lost frames, and when the run ended or went on. */
  async function reload(fresh = false): Promise<void> {
    reads++;
    const read = reads;
    if (fresh) {
      for (const entry of buffers.values()) entry.buffer.clear();
      store.clear();
      healthStore.clear();
    }
    try {
      const loaded = await invoke('run:get', { id });
      if (read !== reads) return;
      detail.value = loaded;
      await Promise.all([
        ...CURVES.map(([metric, split]) => readCurve(metric, split, read)),
        ...[...wanted].map((kind) => readKind(kind, read)),
        ...(healthWanted ? [readHealth(read)] : []),
      ]);
      if (read !== reads) return;
      phase.value = 'ready';
      failure.value = null;
    } catch (error) {
      if (read !== reads) return;
      // What is on the screen stays; only a page that never had anything is replaced by its error.
      if (phase.value === 'ready') notices.problem(error);
      else {
        failure.value = error;
        phase.value = 'error';
      }
    }
  }

  async function refresh(): Promise<void> {
    const read = reads;
    const loaded = await invoke('run:get', { id });
    if (read === reads) detail.value = loaded;
  }

  function wantKind(kind: HistogramKind): void {
    if (wanted.has(kind)) return;
    wanted.add(kind);
    if (phase.value === 'ready') readKind(kind, reads).catch(complain);
  }

  function wantHealth(): void {
    if (healthWanted) return;
    healthWanted = true;
    if (phase.value === 'ready') readHealth(reads).catch(complain);
  }

  feed.watchRun(id);
  feed.onResync(() => void reload());
  feed.onFrame((frame) => {
    for (const chunk of frame.chunks) {
      if (chunk.runId !== id) continue;
      const entry = buffers.get(seriesKey(chunk.metric, chunk.split));
      if (entry === undefined) continue;
      entry.buffer.append(chunk);
      grown.add(entry.version);
    }
    for (const chunk of frame.health) {
      if (chunk.runId !== id || !healthWanted) continue;
      healthStore.append(chunk);
      grown.add(healthVersion);
    }
    const verified = frame.notices.some((notice) => notice.kind === 'run-verified' && notice.id === id);
    if (verified) refresh().catch(complain);
    for (const histogram of frame.histograms) {
      if (histogram.runId !== id || !wanted.has(histogram.kind)) continue;
      store.add(histogram);
      grown.add(framesVersion);
    }
    if (grown.size > 0) void show();
  });

  // Where its clock was started again is known once that is saved.
  watch(status, (now, before) => {
    if (now === 'running' && before === 'paused') globalThis.setTimeout(() => void refresh().catch(complain), 500);
  });
  // A run that goes on starts from its last checkpoint: points after it are void. One that ended has final figures.
  watch(live, (now, before) => {
    if (phase.value === 'ready' && now !== before) void reload(now);
  });

  return {
    id,
    phase,
    failure,
    detail,
    summary,
    progress,
    status,
    live,
    lastStep,
    curve,
    buffer: (metric, split) => entryOf(metric, split).buffer,
    frames: (kind, layer) => followed().frames(kind, layer),
    drawnFrames: (kind, layer) => followed().drawn(kind, layer),
    layers: (kind) => followed().layers(kind),
    wantKind,
    hasKind: (kind) => followed().has(kind),
    health: () => followedHealth().samples,
    healthCurve: (row, measure, rows) => followedHealth().curve(row, measure, rows),
    wantHealth,
    hasHealth: () => healthRead.value,
    storedSteps: computed(() => followed().steps()),
    readWhole,
    reload: () => reload(),
    refresh,
  };
}
