/** Importance of the parameters, worked out anew on a worker as trials complete. */

import { tryOnScopeDispose, watchThrottled } from '@vueuse/core';
import { shallowRef, type ShallowRef } from 'vue';
import type { SweepSpec } from '../../../../engine/spec/sweep-spec.ts';
import { FEWEST_TRIALS, type ImportanceResult } from '../../../../engine/sweep/analysis/fanova.ts';
import { featuresOf } from '../../../../engine/sweep/analysis/features.ts';
import { allowOwnScripts } from '../../../bridge/trusted-types.ts';
import { importanceScores } from '../../../sweep/analysis/importance-scores.ts';
import type { ImportanceAnswer, ImportanceRequest } from '../../../sweep/analysis/importance.worker.ts';
import type { TrialTable } from '../../../sweep/analysis/trial-table.ts';

/** Not more often than this while trials complete, milliseconds. */
const THROTTLE_MS = 2000;

export interface UseImportanceReturn {
  /** null before the first answer. */
  readonly result: Readonly<ShallowRef<ImportanceResult | null>>;
  readonly problem: Readonly<ShallowRef<string | null>>;
}

export function useImportance(table: () => TrialTable, spec: () => SweepSpec): UseImportanceReturn {
  const result = shallowRef<ImportanceResult | null>(null);
  const problem = shallowRef<string | null>(null);
  let worker: Worker | null = null;
  let asked = 0;
  let restsOn = '';

  function start(): Worker {
    allowOwnScripts();
    const made = new Worker(new URL('../../../sweep/analysis/importance.worker.ts', import.meta.url), {
      type: 'module',
    });
    made.addEventListener('message', ({ data }: MessageEvent<ImportanceAnswer>) => {
      if (data.id === asked) result.value = data.result;
    });
    made.addEventListener('error', (event) => {
      problem.value = event.message || 'the worker did not start';
    });
    return made;
  }

  function ask(): void {
    const now = table();
    const scores = importanceScores(now);
    const known = scores.filter(Number.isFinite);
    const fingerprint = `${known.length} ${known.reduce((sum, score) => sum + score, 0)}`;
    if (fingerprint === restsOn) return;
    restsOn = fingerprint;
    asked++;
    if (known.length < FEWEST_TRIALS) {
      result.value = { ok: false, reason: 'too-few', trials: known.length };
      return;
    }
    worker ??= start();
    const features = featuresOf(spec().space, now.rows);
    worker.postMessage({ id: asked, features, scores, seed: spec().seed } satisfies ImportanceRequest);
  }

  watchThrottled(table, ask, { throttle: THROTTLE_MS, trailing: true, leading: true, immediate: true });
  tryOnScopeDispose(() => worker?.terminate());
  return { result, problem };
}
