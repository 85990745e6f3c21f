/** The one step the whole page looks at, and the axis all its charts share. */

import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { liveEnd, type Range } from '../../charts/ticks.ts';
import { clockMarks, samplesPerStep, XScale, type XUnit } from '../../charts/x-axis.ts';
import { nearestStop, stopBeside } from '../../components/ui/step-positions.ts';
import type { RunData } from './use-run-data.ts';

export interface Look {
  /** Step looked at: a stored frame where there are frames. */
  readonly step: ComputedRef<number>;
  /** True while it moves with the newest frame. */
  readonly following: Readonly<ShallowRef<boolean>>;
  readonly stops: ComputedRef<readonly number[]>;
  /** Step of the best epoch, null when there is none. */
  readonly bestStep: ComputedRef<number | null>;
  /** Where the pointer is, in steps; null when it is in no chart. */
  readonly peek: ShallowRef<number | null>;
  readonly unit: ShallowRef<XUnit>;
  readonly scale: ComputedRef<XScale>;
  /** Drawn range of x in the chosen unit. */
  readonly range: ComputedRef<Range>;
  /** The whole run in the chosen unit. */
  readonly all: ComputedRef<Range>;
  /** True when the range ends where the run ended. */
  readonly closed: ComputedRef<boolean>;
  /** True when a part of the run is drawn. */
  readonly zoomed: ComputedRef<boolean>;
  readonly lookAt: (step: number) => void;
  readonly move: (by: number) => void;
  readonly follow: () => void;
  /** Range in the chosen unit; null shows all. */
  readonly zoom: (range: Range | null) => void;
}

export function useLook(data: RunData): Look {
  const chosen = shallowRef<number | null>(null);
  const following = shallowRef(true);
  const peek = shallowRef<number | null>(null);
  const unit = shallowRef<XUnit>('step');
  /** In steps, so that it stays the same stretch of the run on every axis. */
  const zoomedTo = shallowRef<Range | null>(null);

  const stops = data.storedSteps;
  const bestStep = computed(() => data.summary.value?.bestStep ?? null);
  const step = computed(() => {
    const wish = following.value || chosen.value === null ? latest() : chosen.value;
    return stops.value.length === 0 ? Math.min(wish, data.lastStep.value) : nearestStop(stops.value, wish);
  });
  function latest(): number {
    // A run that is over is looked at where it was best: those are the weights its scores are from.
    return data.live.value ? data.lastStep.value : (bestStep.value ?? data.lastStep.value);
  }

  // The row of a live run is another one after every epoch: what is read off it must not redraw all charts each time.
  const stepsPerEpoch = computed(() => data.summary.value?.stepsPerEpoch ?? 1);
  const stepsPlanned = computed(() => Math.max(1, data.summary.value?.stepsPlanned ?? 1));
  const scale = computed(() => {
    const perEpoch = stepsPerEpoch.value;
    const detail = data.detail.value;
    if (unit.value !== 'time' && unit.value !== 'wall') {
      const rowsPerStep = unit.value === 'samples' ? samplesPerStep(detail, perEpoch) : 1;
      return new XScale(unit.value, perEpoch, null, rowsPerStep);
    }
    const batch = data.curve('loss', 'batch');
    const clock = batch.length > 0 ? batch : data.curve('loss', 'train');
    return new XScale(unit.value, perEpoch, clock, 1, clockMarks(detail));
  });
  const end = computed(() => {
    const last = data.lastStep.value;
    const planned = stepsPlanned.value;
    if (!data.live.value) {
      // The last point of a diverged run is the one that matters: leave room for its mark.
      const room = data.status.value === 'diverged' ? 1.1 : 1;
      const { start } = scale.value;
      const ran = (scale.value.fromStep(last) - start) * room;
      return start + Math.max(ran, scale.value.fromStep(1) - start, 1e-3);
    }
    if (unit.value === 'time' || unit.value === 'wall') {
      const { start } = scale.value;
      return start + liveEnd(Math.max(1, scale.value.fromStep(last) - start), Infinity);
    }
    return scale.value.fromStep(liveEnd(last, planned));
  });
  const all = computed<Range>(() => ({ min: scale.value.start, max: end.value }));
  const range = computed<Range>(() => {
    const part = zoomedTo.value;
    if (part === null) return all.value;
    return { min: scale.value.fromStep(part.min), max: scale.value.fromStep(part.max) };
  });

  // The range of a live run moves on; a zoomed one stays where it was put.
  watch(unit, () => (peek.value = null));

  function lookAt(to: number): void {
    following.value = false;
    chosen.value = Math.max(0, Math.min(data.lastStep.value, Math.round(to)));
  }

  return {
    step,
    following,
    stops,
    bestStep,
    peek,
    unit,
    scale,
    range,
    all,
    closed: computed(() => !data.live.value && zoomedTo.value === null && data.status.value !== 'diverged'),
    zoomed: computed(() => zoomedTo.value !== null),
    lookAt,
    move: (by) => lookAt(stopBeside(stops.value, step.value, by)),
    follow: () => {
      following.value = true;
      chosen.value = null;
    },
    zoom: (to) => {
      if (to === null) {
        zoomedTo.value = null;
        return;
      }
      const min = scale.value.toStep(Math.max(0, to.min));
      const max = scale.value.toStep(to.max);
      // Less than two steps would show nothing.
      if (max - min >= 2) zoomedTo.value = { min, max };
    },
  };
}
