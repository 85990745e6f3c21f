/** Curves of all trials, read when they are looked at and again as trials train. */

import { failureOf } from '../../../text/failure.ts';
import { watchThrottled } from '@vueuse/core';
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { invoke } from '../../../bridge/studio.ts';
import type { Curves } from '../../../sweep/analysis/curves.ts';
import { useSweepContext } from '../../../sweep/sweep-context.ts';

/** Not more often than this while trials train, milliseconds. */
const THROTTLE_MS = 2000;
/** Points of all curves together that are read and drawn. */
const MOST_POINTS = 200_000;
const POINTS = { least: 16, most: 400 };

export interface UseTrialCurvesReturn {
  /** null before they are read. */
  readonly curves: Readonly<ShallowRef<Curves | null>>;
  /** Whether long curves were thinned: their ends and extremes are kept. */
  readonly reduced: ComputedRef<boolean>;
  readonly problem: Readonly<ShallowRef<string | null>>;
}

export function useTrialCurves(): UseTrialCurvesReturn {
  const { id, trials } = useSweepContext();
  const curves = shallowRef<Curves | null>(null);
  const problem = shallowRef<string | null>(null);
  const maxPoints = shallowRef(POINTS.most);
  let asked = 0;

  async function read(): Promise<void> {
    const request = ++asked;
    const share = Math.floor(MOST_POINTS / Math.max(1, trials.value.length));
    const points = Math.min(POINTS.most, Math.max(POINTS.least, share));
    try {
      const found = await invoke('sweep:curves', { id, trials: null, maxPoints: points });
      if (request !== asked) return;
      maxPoints.value = points;
      curves.value = found;
      problem.value = null;
    } catch (error) {
      if (request === asked) problem.value = failureOf(error).detail;
    }
  }
  watchThrottled(trials, () => void read(), { throttle: THROTTLE_MS, trailing: true, leading: true, immediate: true });
  const reduced = computed(() => {
    const { offsets } = curves.value ?? { offsets: new Int32Array() };
    return offsets.some((offset, i) => i > 0 && offset - (offsets[i - 1] ?? 0) >= maxPoints.value);
  });
  return { curves, reduced, problem };
}
