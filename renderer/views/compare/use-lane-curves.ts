/** Each lane's curve as charts draw it: one run smoothed over its raw line, several seeds as a mean with a band. */

import { refDebounced } from '@vueuse/core';
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { RunId } from '../../../engine/spec/ids.ts';
import { LIVE_STATUSES } from '../../../engine/spec/run-status.ts';
import type { MetricId, Split } from '../../../engine/spec/metric.ts';
import type { LaneCurve } from '../../charts/options/lanes.ts';
import { Smoother, smoothingReach } from '../../charts/series/smooth.ts';
import { interpolate, type XScale } from '../../charts/x-axis.ts';
import { invoke } from '../../bridge/studio.ts';
import { SeriesBuffer } from '../../feed/series-buffer.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { bandCurve, type BandCurve, type SeedCurve } from '../../race/bands.ts';
import type { Lane } from './lanes-of.ts';
import type { ComparedRunData, ComparedRuns } from './use-compared-runs.ts';
import type { CompareLook } from './use-compare-look.ts';
import type { ViewSettings } from './view-settings.ts';

/** More raw lines than this over each other are a grey cloud; then only the highlighted lane shows its own. */
export const MOST_RAW = 8;
/** Points of a zoomed stretch. */
const STRETCH_POINTS = 6000;
/** Points a reduced curve is brought to before seeds are averaged. */
const GRID_POINTS = 3000;

export interface CurveKind {
  readonly metric: MetricId;
  readonly split: Split;
  /** Of the training loss only. */
  readonly smoothed: boolean;
}

export interface LaneCurves {
  /** null while the lane has no point. */
  readonly curve: (
    lane: Lane,
    kind: CurveKind,
    options: { readonly key: string; readonly lanes: number },
  ) => LaneCurve | null;
  /** The lane's value at a step of its first run, null before its first point. */
  readonly valueAt: (lane: Lane, kind: CurveKind, step: number) => number | null;
}

export function useLaneCurves(
  runs: ComparedRuns,
  look: CompareLook,
  view: ViewSettings,
  smoothing: () => number,
  highlight: () => string | null,
): LaneCurves {
  const store = useRunsStore();
  const stretches = useStretches(runs, look, smoothing);
  const bands = new Map<string, { readonly key: string; readonly band: BandCurve }>();
  const isDiverged = (id: RunId): boolean => store.byId.get(id)?.status === 'diverged';

  function seedCurve(run: ComparedRunData, kind: CurveKind): SeedCurve {
    const buffer = run.curve(kind.metric, kind.split);
    const values = kind.smoothed ? run.smoothed(smoothing()) : buffer.values;
    return { steps: buffer.steps, values, elapsedMs: buffer.elapsedMs };
  }
  /** A seed joins the mean when it has ended: otherwise the mean would waver behind each one that trains. */
  function endedSeeds(lane: Lane): readonly RunId[] {
    const ended = lane.runs.filter((id) => !LIVE_STATUSES.includes(store.byId.get(id)?.status ?? 'completed'));
    return ended.length > 0 ? ended : lane.runs;
  }
  /** Averaged anew only when one of the seeds has new points. */
  function bandOf(lane: Lane, kind: CurveKind): BandCurve {
    const seeds = endedSeeds(lane).flatMap((id) => runs.run(id) ?? []);
    const buffers = seeds.map((run) => run.curve(kind.metric, kind.split));
    const beta = kind.smoothed ? smoothing() : 0;
    const key = [beta, view.band.value, ...seeds.map((run, i) => `${run.id} ${buffers[i]?.version ?? 0}`)].join();
    const name = `${lane.id} ${kind.metric}/${kind.split}`;
    const known = bands.get(name);
    if (known?.key === key) return known.band;
    const whole = buffers.every((buffer) => buffer.complete);
    const curves = seeds.map((run) => seedCurve(run, kind)).filter((curve) => curve.steps.length > 0);
    const band = bandCurve(whole ? curves : onOneGrid(curves), view.band.value);
    bands.set(name, { key, band });
    return band;
  }

  function curve(
    lane: Lane,
    kind: CurveKind,
    { key, lanes }: { readonly key: string; readonly lanes: number },
  ): LaneCurve | null {
    const [first] = lane.runs;
    const run = first === undefined ? null : runs.run(first);
    if (first === undefined || run === null) return null;
    const common = {
      id: lane.id,
      name: lane.name,
      slot: lane.slot.colour,
      dash: lane.slot.dash,
      diverged: lane.runs.some(isDiverged),
    };
    if (lane.runs.length > 1) {
      const band = bandOf(lane, kind);
      if (band.steps.length === 0) return null;
      const points = { steps: band.steps, elapsedMs: band.elapsedMs, length: band.steps.length };
      const scale = look.scaleOf(first);
      return { ...common, points, values: band.mean, raw: null, band: { low: band.low, high: band.high }, scale };
    }
    const whole = run.curve(kind.metric, kind.split);
    const stretch = kind.smoothed && !whole.complete ? stretches(first, key) : null;
    const buffer = stretch?.buffer ?? whole;
    if (buffer.length === 0) return null;
    const scale: XScale = look.scaleOf(first);
    const smooth = kind.smoothed && smoothing() > 0;
    const values = !smooth ? buffer.values : (stretch?.smoother.values() ?? run.smoothed(smoothing()));
    const showRaw = smooth && (lanes <= MOST_RAW || highlight() === lane.id);
    return { ...common, points: buffer, values, raw: showRaw ? buffer.values : null, band: null, scale };
  }

  return {
    curve,
    valueAt: (lane, kind, step) => {
      const [first] = lane.runs;
      const run = first === undefined ? null : runs.run(first);
      if (run === null) return null;
      if (lane.runs.length > 1) {
        const band = bandOf(lane, kind);
        const index = band.steps.findLastIndex((one) => one <= step);
        return index < 0 ? null : (band.mean[index] ?? null);
      }
      const buffer = run.curve(kind.metric, kind.split);
      const index = buffer.indexAt(step);
      if (index < 0) return null;
      return (kind.smoothed ? run.smoothed(smoothing())[index] : buffer.values[index]) ?? null;
    },
  };
}

/** Reduced curves have no steps in common: all are read off at the same steps, between their points in proportion. */
export function onOneGrid(curves: readonly SeedCurve[]): SeedCurve[] {
  const last = (curve: SeedCurve): number => curve.steps[curve.steps.length - 1] ?? 0;
  const end = Math.max(1, ...curves.map(last));
  const stride = Math.max(1, Math.ceil(end / GRID_POINTS));
  return curves.map((curve) => {
    const steps = Int32Array.from({ length: Math.floor(last(curve) / stride) + 1 }, (_, i) => i * stride);
    return {
      steps,
      values: Float64Array.from(steps, (step) => interpolate(curve.steps, curve.values, step)),
      elapsedMs: Float64Array.from(steps, (step) => interpolate(curve.steps, curve.elapsedMs, step)),
    };
  });
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly buffer: SeriesBuffer;
  readonly smoother: Smoother;
}

/** Full detail of what a person zoomed into, for training curves too long to be held whole. */
function useStretches(
  runs: ComparedRuns,
  look: CompareLook,
  smoothing: () => number,
): (id: RunId, key: string) => Stretch | null {
  const notices = useNoticesStore();
  const held = shallowRef<ReadonlyMap<RunId, Stretch>>(new Map());
  const asked = shallowRef<ReadonlyMap<string, { readonly id: RunId; readonly key: string }>>(new Map());
  /** Who wants which steps; reads a moment after the last change, so that dragging does not ask for every frame. */
  const wishes = computed(() =>
    [...asked.value.values()].flatMap(({ id, key }) => {
      const chart = look.chart(key);
      const buffer = runs.run(id)?.curve('loss', 'batch');
      if (!chart.zoomed.value || buffer === undefined || buffer.complete) return [];
      const scale = look.scaleOf(id);
      const { min, max } = chart.range.value;
      // The average at the left edge needs the points before it.
      const before = smoothingReach(smoothing());
      return [{ id, from: Math.floor(scale.toStep(min)) - before, to: Math.ceil(scale.toStep(max)) }];
    }),
  );
  const settled = refDebounced(wishes, 120);
  let reads = 0;
  watch(settled, async (list) => {
    const read = ++reads;
    try {
      const found = await Promise.all(
        list.map(async ({ id, from, to }) => {
          const known = held.value.get(id);
          if (known?.from === from && known.to === to && known.smoother.smoothing === smoothing())
            return [id, known] as const;
          const steps = { from, to };
          const curve = await invoke('curve:read', {
            id,
            metric: 'loss',
            split: 'batch',
            maxPoints: STRETCH_POINTS,
            steps,
          });
          const buffer = new SeriesBuffer('loss', 'batch');
          buffer.replace(curve);
          return [id, { from, to, buffer, smoother: new Smoother(buffer, smoothing()) }] as const;
        }),
      );
      if (read === reads) held.value = new Map(found);
    } catch (error) {
      notices.problem(error);
    }
  });
  onScopeDispose(() => reads++);

  return (id, key) => {
    const chart = look.chart(key);
    if (!chart.zoomed.value) return null;
    const name = `${id} ${key}`;
    if (!asked.value.has(name)) {
      // Asked for while drawing: noted for the next turn, so that a drawing never changes what it reads.
      queueMicrotask(() => {
        asked.value = new Map(asked.value).set(name, { id, key });
      });
    }
    const stretch = held.value.get(id);
    if (stretch === undefined) return null;
    const scale = look.scaleOf(id);
    const { min, max } = chart.range.value;
    const covers = stretch.from <= scale.toStep(min) + 1 && stretch.to >= scale.toStep(max) - 1;
    return covers && stretch.smoother.smoothing === smoothing() ? stretch : null;
  };
}
