/** Which worker trained which trial and when, read when it is looked at and again as trials train. */

import { failureOf } from '../../../text/failure.ts';
import { watchThrottled } from '@vueuse/core';
import { shallowRef, type ShallowRef } from 'vue';
import { unpackRows } from '../../../../electron/contract/packed-rows.ts';
import { invoke } from '../../../bridge/studio.ts';
import type { Span } from '../../../sweep/analysis/timeline.ts';
import { useSweepContext } from '../../../sweep/sweep-context.ts';

/** Not more often than this while trials train, milliseconds. */
const THROTTLE_MS = 2000;

export interface UseTimelineReturn {
  /** null before they are read. */
  readonly spans: Readonly<ShallowRef<readonly Span[] | null>>;
  /** When they were read, UTC milliseconds: where spans that go on end. */
  readonly readAt: Readonly<ShallowRef<number>>;
  readonly problem: Readonly<ShallowRef<string | null>>;
}

export function useTimeline(): UseTimelineReturn {
  const { id, trials } = useSweepContext();
  const spans = shallowRef<readonly Span[] | null>(null);
  const problem = shallowRef<string | null>(null);
  const readAt = shallowRef(Date.now());
  let asked = 0;

  async function read(): Promise<void> {
    const request = ++asked;
    try {
      const found = unpackRows(await invoke('sweep:timeline', { id }));
      if (request !== asked) return;
      readAt.value = Date.now();
      spans.value = found;
      problem.value = null;
    } catch (error) {
      if (request === asked) problem.value = failureOf(error).detail;
    }
  }
  watchThrottled(trials, () => void read(), { throttle: THROTTLE_MS, trailing: true, leading: true, immediate: true });
  return { spans, readAt, problem };
}
