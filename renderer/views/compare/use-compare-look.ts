/** The one step the whole page looks at, and the axis its charts share, though every run has steps of its own. */

import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { RunSummary } from '../../../electron/contract/runs.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { LIVE_STATUSES } from '../../../engine/spec/run-status.ts';
import type { ChartLink } from '../../charts/chart-link.ts';
import { liveEnd, type Range } from '../../charts/ticks.ts';
import { clockMarks, samplesPerStep, XScale } from '../../charts/x-axis.ts';
import { nearestStop, stopBeside } from '../../components/ui/step-positions.ts';
import { useRunsStore } from '../../stores/runs.ts';
import type { Lane } from './lanes-of.ts';
import type { ComparedRuns } from './use-compared-runs.ts';
import type { ViewSettings } from './view-settings.ts';

/** What one chart of the page shows of the axis. */
export interface ChartLook {
  readonly link: ChartLink;
  readonly range: ComputedRef<Range>;
  readonly zoomed: ComputedRef<boolean>;
}

export interface CompareLook {
  /** Step looked at, of the run the axis is labelled by: a stored frame where there are frames. */
  readonly step: ComputedRef<number>;
  readonly following: Readonly<ShallowRef<boolean>>;
  /** Steps with a stored histogram in any of the lanes. */
  readonly stops: ComputedRef<readonly number[]>;
  readonly last: ComputedRef<number>;
  /** The run that labels the axis: the one with the most steps. */
  readonly reference: ComputedRef<RunId | null>;
  readonly scaleOf: (id: RunId) => XScale;
  /** True when the range ends where the longest run ended. */
  readonly closed: ComputedRef<boolean>;
  readonly zoomed: ComputedRef<boolean>;
  /** Charts with the same key always move together; all do while they are linked. */
  readonly chart: (key: string) => ChartLook;
  /** Step of a run at the place looked at; with a chart's key, under the pointer in it. */
  readonly stepOf: (id: RunId, key?: string) => number;
  /** True while the pointer is in that chart, or in any chart that is linked with it. */
  readonly pointed: (key: string) => boolean;
  readonly lookAt: (step: number) => void;
  readonly move: (by: number) => void;
  readonly follow: () => void;
  readonly showAll: () => void;
}

export function useCompareLook(lanes: () => readonly Lane[], runs: ComparedRuns, view: ViewSettings): CompareLook {
  const store = useRunsStore();
  const chosen = shallowRef<number | null>(null);
  const following = shallowRef(true);
  /** By chart, or under '' for all; in steps of the reference, so that a stretch stays the same on every axis. */
  const zooms = shallowRef<ReadonlyMap<string, Range>>(new Map());
  const peeks = shallowRef<ReadonlyMap<string, number>>(new Map());

  const shownRuns = computed(() =>
    lanes()
      .filter((lane) => !lane.hidden)
      .flatMap((lane) => lane.runs),
  );
  const summary = (id: RunId): RunSummary | null => store.byId.get(id) ?? runs.run(id)?.detail.value?.summary ?? null;
  const lastOf = (id: RunId): number => Math.max(store.progress.get(id)?.step ?? 0, summary(id)?.stepsDone ?? 0);
  const liveOf = (id: RunId): boolean => LIVE_STATUSES.includes(summary(id)?.status ?? 'completed');

  const reference = computed(() => {
    let best: RunId | null = null;
    for (const id of shownRuns.value) {
      if (best === null || (summary(id)?.stepsPlanned ?? 0) > (summary(best)?.stepsPlanned ?? 0)) best = id;
    }
    return best;
  });

  const scales = new Map<string, XScale>();
  watch([view.unit], () => scales.clear(), { flush: 'sync' });
  function scaleOf(id: RunId): XScale {
    const unit = view.unit.value;
    const run = runs.run(id);
    const row = summary(id);
    const perEpoch = row?.stepsPerEpoch ?? 1;
    const detail = run?.detail.value ?? null;
    if (unit === 'time' || unit === 'wall') {
      const batch = run?.curve('loss', 'batch') ?? null;
      const clock = batch !== null && batch.length > 0 ? batch : (run?.curve('loss', 'train') ?? null);
      return new XScale(unit, perEpoch, clock, 1, clockMarks(detail));
    }
    const samples = samplesPerStep(detail, perEpoch);
    const key = `${unit} ${perEpoch} ${samples}`;
    const known = scales.get(key) ?? new XScale(unit, perEpoch, null, samples);
    scales.set(key, known);
    return known;
  }
  const scale = computed(() => (reference.value === null ? new XScale('step', 1, null) : scaleOf(reference.value)));

  const last = computed(() => (reference.value === null ? 0 : lastOf(reference.value)));
  const anyLive = computed(() => shownRuns.value.some(liveOf));
  const end = computed(() => {
    let most = 0;
    for (const id of shownRuns.value) {
      const own = scaleOf(id);
      const steps = lastOf(id);
      const planned = Math.max(1, summary(id)?.stepsPlanned ?? 1);
      if (!liveOf(id)) most = Math.max(most, own.fromStep(steps));
      else if (view.unit.value === 'time' || view.unit.value === 'wall') {
        most = Math.max(most, own.start + liveEnd(Math.max(1, own.fromStep(steps) - own.start), Infinity));
      } else most = Math.max(most, own.fromStep(liveEnd(steps, planned)));
    }
    return most > 0 ? most : 1;
  });

  /** Where the first of the lanes began; 0 unless the axis is the clock on the wall. */
  const start = computed(() => {
    if (view.unit.value !== 'wall') return 0;
    const begins = shownRuns.value.map((id) => scaleOf(id).start).filter((one) => one > 0);
    return begins.length === 0 ? 0 : Math.min(...begins);
  });
  const all = computed<Range>(() => ({ min: start.value, max: end.value }));
  const stops = computed(() => {
    const steps = new Set<number>();
    for (const lane of lanes()) {
      const [first] = lane.runs;
      if (lane.hidden || first === undefined) continue;
      for (const step of runs.run(first)?.storedSteps() ?? []) steps.add(step);
    }
    return [...steps].sort((a, b) => a - b);
  });
  const step = computed(() => {
    const wish = following.value || chosen.value === null ? last.value : chosen.value;
    return stops.value.length === 0 ? Math.min(wish, last.value) : nearestStop(stops.value, wish);
  });

  function lookAt(to: number): void {
    following.value = false;
    chosen.value = Math.max(0, Math.min(last.value, Math.round(to)));
  }
  function move(by: number): void {
    if (by === -Infinity) lookAt(0);
    else if (by === Infinity) lookAt(last.value);
    else lookAt(stopBeside(stops.value, step.value, by));
  }
  const group = (key: string): string => (view.linked.value ? '' : key);
  const charts = new Map<string, ChartLook>();
  // Separated, each chart keeps what it shows; joined, all show the stretch that holds what any of them showed.
  watch(
    view.linked,
    (linked) => {
      peeks.value = new Map();
      const shared = linked ? hull([...charts.keys()].map((key) => zooms.value.get(key))) : zooms.value.get('');
      if (shared === undefined) zooms.value = new Map();
      else zooms.value = new Map(linked ? [['', shared]] : [...charts.keys()].map((key) => [key, shared]));
    },
    { flush: 'sync' },
  );
  function chart(key: string): ChartLook {
    const known = charts.get(key);
    if (known !== undefined) return known;
    const range = computed<Range>(() => {
      const part = zooms.value.get(group(key));
      if (part === undefined) return all.value;
      return { min: scale.value.fromStep(part.min), max: scale.value.fromStep(part.max) };
    });
    const look: ChartLook = {
      range,
      zoomed: computed(() => zooms.value.has(group(key))),
      link: {
        // A cursor is drawn once a person has put it somewhere.
        cursor: computed(() => (following.value ? null : scale.value.fromStep(step.value))),
        peek: computed(() => {
          const at = peeks.value.get(group(key));
          return at === undefined ? null : scale.value.fromStep(at);
        }),
        pick: (x) => lookAt(scale.value.toStep(x)),
        point: (x) => {
          const next = new Map(peeks.value);
          if (x === null) next.delete(group(key));
          else next.set(group(key), scale.value.toStep(x));
          peeks.value = next;
        },
        all,
        range,
        zoom: (to) => {
          const next = new Map(zooms.value);
          const part =
            to === null ? null : { min: scale.value.toStep(Math.max(0, to.min)), max: scale.value.toStep(to.max) };
          if (part === null) next.delete(group(key));
          // Less than two steps would show nothing.
          else if (part.max - part.min >= 2) next.set(group(key), part);
          zooms.value = next;
        },
        move,
      },
    };
    charts.set(key, look);
    return look;
  }
  watch(view.unit, () => (peeks.value = new Map()));

  return {
    step,
    following,
    stops,
    last,
    reference,
    scaleOf,
    closed: computed(() => !anyLive.value),
    zoomed: computed(() => zooms.value.size > 0),
    chart,
    stepOf: (id, key) => {
      const at = (key === undefined ? undefined : peeks.value.get(group(key))) ?? step.value;
      if (id === reference.value || view.unit.value === 'step') return at;
      return scaleOf(id).toStep(scale.value.fromStep(at));
    },
    pointed: (key) => peeks.value.has(group(key)),
    lookAt,
    move,
    follow: () => {
      following.value = true;
      chosen.value = null;
    },
    showAll: () => (zooms.value = new Map()),
  };
}

/** The smallest stretch that holds all parts; undefined when there is none, or one of them is the whole axis. */
function hull(parts: readonly (Range | undefined)[]): Range | undefined {
  let found: Range | undefined;
  for (const part of parts) {
    if (part === undefined) return undefined;
    found = { min: Math.min(found?.min ?? Infinity, part.min), max: Math.max(found?.max ?? -Infinity, part.max) };
  }
  return found;
}
