/** Which test splits were opened since the window was loaded, and with which weights: another look is asked for again. */

import { shallowReactive } from 'vue';
import type { RunId } from '../../../../engine/spec/ids.ts';

const opened = shallowReactive(new Map<RunId, Set<number>>());

/** @param step of the weights that were scored */
export function noteOpened(id: RunId, step: number): void {
  opened.set(id, new Set([...(opened.get(id) ?? []), step]));
}

/** With the weights of that step; of any step when none is given. */
export function isOpened(id: RunId, step?: number): boolean {
  const steps = opened.get(id);
  return steps !== undefined && (step === undefined || steps.has(step));
}
