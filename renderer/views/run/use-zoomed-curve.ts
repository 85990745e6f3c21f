/** Full detail of the stretch a person has zoomed into, for a curve too long to be held whole. */

import { refDebounced } from '@vueuse/core';
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue';
import type { MetricId, Split } from '../../../engine/spec/metric.ts';
import { invoke } from '../../bridge/studio.ts';
import { SeriesBuffer } from '../../feed/series-buffer.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import type { Look } from './use-look.ts';
import type { RunData } from './use-run-data.ts';

/** A wider stretch is reduced by the store, which keeps each bucket's lowest and highest point. */
const MOST_POINTS = 1_000_000;
const SETTLE_MS = 120;

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The stretch, once it is read; null while the whole curve is drawn, or held.
 *
 * @param before steps an average needs from before the stretch
 */
export function useZoomedCurve(
  data: RunData,
  look: Look,
  [metric, split]: readonly [MetricId, Split],
  before: () => number,
): ComputedRef<SeriesBuffer | null> {
  const notices = useNoticesStore();
  const wish = computed<Stretch | null>(() => {
    if (!look.zoomed.value || data.curve(metric, split).complete) return null;
    const { min, max } = look.range.value;
    const scale = look.scale.value;
    return { from: Math.max(0, Math.floor(scale.toStep(min)) - before()), to: Math.ceil(scale.toStep(max)) };
  });
  const settled = refDebounced(wish, SETTLE_MS);
  const held = shallowRef<{ readonly stretch: Stretch; readonly buffer: SeriesBuffer } | null>(null);
  let reads = 0;
  watch(settled, async (stretch) => {
    const read = ++reads;
    if (stretch === null) {
      held.value = null;
      return;
    }
    try {
      const curve = await invoke('curve:read', { id: data.id, metric, split, maxPoints: MOST_POINTS, steps: stretch });
      if (read !== reads) return;
      const buffer = new SeriesBuffer(metric, split);
      buffer.replace(curve);
      held.value = { stretch, buffer };
    } catch (error) {
      notices.problem(error);
    }
  });
  onScopeDispose(() => reads++);

  return computed(() => {
    const now = wish.value;
    const have = held.value;
    if (now === null || have === null) return null;
    return have.stretch.from <= now.from && have.stretch.to >= now.to ? have.buffer : null;
  });
}
