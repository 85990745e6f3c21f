/** Scores of the network on a split: confusion matrix, mistakes, samples. Asked for again as the run goes on, but never often. */

import { tryOnScopeDispose } from '@vueuse/core';
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { Evaluation } from '../../../electron/contract/evaluation.ts';
import { evaluatedWeights } from '../../../engine/spec/run-spec.ts';
import { invoke } from '../../bridge/studio.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { isOpened, noteOpened } from './evaluation/opened-tests.ts';
import type { RunData } from './use-run-data.ts';

export type EvaluationSplit = Evaluation['split'];

export interface RunEvaluation {
  readonly split: Readonly<ShallowRef<EvaluationSplit>>;
  readonly result: ComputedRef<Evaluation | null>;
  readonly failure: Readonly<ShallowRef<unknown>>;
  readonly loading: Readonly<ShallowRef<boolean>>;
  /** Splits the run has rows in. */
  readonly splits: ComputedRef<readonly EvaluationSplit[]>;
  /** True when there are only test rows to score and nobody has opened them yet. */
  readonly sealed: ComputedRef<boolean>;
  /** True once a person has opened the test split of this run. */
  readonly testOpened: ComputedRef<boolean>;
  /** True while a person is asked whether to open the test split. */
  readonly asking: ShallowRef<boolean>;
  /** Choosing a sealed test split asks first. */
  readonly choose: (split: EvaluationSplit) => void;
  /** Counts the look and shows the split. */
  readonly openTest: () => Promise<void>;
  /** Looks at the test split so far. */
  readonly openings: ComputedRef<number>;
  readonly refresh: () => Promise<void>;
}

/** Shortest pause between two readings of a live run; a slow one is followed by a pause of fifty times its length. */
const PAUSE_MS = 3000;
const PAUSE_FACTOR = 50;

/** @param wanted false while nobody looks at it */
export function useEvaluation(data: RunData, wanted: () => boolean = () => true): RunEvaluation {
  const chosen = shallowRef<EvaluationSplit | null>(null);
  const results = shallowRef<Partial<Record<EvaluationSplit, Evaluation>>>({});
  const failure = shallowRef<unknown>(null);
  const loading = shallowRef(false);
  const testOpened = computed(() => isOpened(data.id));
  const asking = shallowRef(false);
  const counted = shallowRef<number | null>(null);
  const notices = useNoticesStore();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  let earliest = 0;

  const splits = computed<EvaluationSplit[]>(() => {
    const sizes = data.detail.value?.splitSizes;
    const list: EvaluationSplit[] = [];
    if ((sizes?.validation ?? 0) > 0) list.push('validation');
    if ((sizes?.test ?? 0) > 0) list.push('test');
    return list;
  });
  const split = computed<EvaluationSplit>(
    () => chosen.value ?? (splits.value.includes('validation') ? 'validation' : 'test'),
  );
  const readable = computed(
    () =>
      wanted() &&
      splits.value.includes(split.value) &&
      (split.value !== 'test' || testOpened.value) &&
      data.lastStep.value > 0,
  );

  async function refresh(): Promise<void> {
    if (!readable.value) return;
    if (loading.value) {
      again = true;
      return;
    }
    loading.value = true;
    const asked = split.value;
    const started = performance.now();
    try {
      const value = await invoke('evaluation:read', { id: data.id, split: asked });
      results.value = { ...results.value, [asked]: value };
      failure.value = null;
    } catch (error) {
      failure.value = error;
    } finally {
      loading.value = false;
      earliest = performance.now() + Math.max(PAUSE_MS, PAUSE_FACTOR * (performance.now() - started));
    }
    if (again) {
      again = false;
      schedule();
    }
  }
  function schedule(): void {
    if (timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        void refresh();
      },
      Math.max(0, earliest - performance.now()),
    );
  }

  async function openTest(): Promise<void> {
    asking.value = false;
    const { summary } = data;
    const spec = data.detail.value?.spec;
    const best = summary.value?.bestStep ?? null;
    const scoresLast = spec === undefined || evaluatedWeights(spec) === 'last';
    const step = data.live.value || best === null || scoresLast ? data.lastStep.value : best;
    try {
      counted.value = await invoke('test:open', { id: data.id, step });
    } catch (error) {
      notices.problem(error);
      return;
    }
    noteOpened(data.id, step);
    chosen.value = 'test';
  }

  // New epoch, pause, end: the figures on the screen are old.
  watch(
    [readable, split, data.status, () => data.progress.value?.epoch ?? data.summary.value?.epochsDone ?? 0],
    ([can, nextSplit, nextStatus], [, previousSplit, previousStatus]) => {
      if (!can) return;
      if (nextSplit !== previousSplit || nextStatus !== previousStatus) void refresh();
      else schedule();
    },
  );
  watch(readable, (can) => can && void refresh(), { immediate: true });
  tryOnScopeDispose(() => clearTimeout(timer));

  return {
    split,
    result: computed(() => results.value[split.value] ?? null),
    failure,
    loading,
    splits,
    sealed: computed(() => splits.value.includes('test') && split.value === 'test' && !testOpened.value),
    testOpened,
    asking,
    choose: (next) => {
      if (next === 'test' && !testOpened.value) asking.value = true;
      else chosen.value = next;
    },
    openTest,
    openings: computed(() => counted.value ?? data.detail.value?.testOpenings ?? 0),
    refresh,
  };
}
