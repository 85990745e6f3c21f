/** A report about a split: chosen, worked out in a worker, watched, given up, and kept for the next look. */

import { tryOnScopeDispose } from '@vueuse/core';
import { computed, onMounted, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import {
  REPORT_SPLITS,
  type EvaluationReport,
  type ReportSplit,
  type ReportWeights,
} from '../../../../electron/contract/evaluation.ts';
import type { CheckpointInfo } from '../../../../electron/contract/runs.ts';
import { evaluatedWeights } from '../../../../engine/spec/run-spec.ts';
import { invoke } from '../../../bridge/studio.ts';
import { failureOf } from '../../../text/failure.ts';
import { useNoticesStore } from '../../../stores/notices.ts';
import type { RunData } from '../use-run-data.ts';
import { isOpened, noteOpened } from './opened-tests.ts';

export interface WeightsOption {
  readonly weights: ReportWeights;
  readonly step: number;
  readonly epoch: number;
}

export type ReportPhase = 'none' | 'sealed' | 'loading' | 'cancelled' | 'error' | 'ready';

export interface RunReport {
  readonly split: ComputedRef<ReportSplit>;
  /** Splits the run has rows in, with their numbers. */
  readonly splits: ComputedRef<readonly { readonly split: ReportSplit; readonly rows: number }[]>;
  readonly weights: ComputedRef<WeightsOption | null>;
  readonly options: ComputedRef<readonly WeightsOption[]>;
  readonly phase: ComputedRef<ReportPhase>;
  /** null unless `ready`. */
  readonly report: ComputedRef<EvaluationReport | null>;
  readonly failure: Readonly<ShallowRef<unknown>>;
  /** Between 0 and 1, known while it is worked out. */
  readonly share: Readonly<ShallowRef<number>>;
  /** True while a person is asked whether to open the test split. */
  readonly asking: Readonly<ShallowRef<boolean>>;
  /** Looks at the test split so far. */
  readonly openings: ComputedRef<number>;
  readonly chooseSplit: (split: ReportSplit) => void;
  readonly chooseWeights: (weights: ReportWeights) => void;
  /** Works it out, again for a run that trains. */
  readonly evaluate: () => Promise<void>;
  readonly cancel: () => void;
  readonly askForTest: () => void;
  /** The answers to that. */
  readonly openTest: () => Promise<void>;
  readonly keepSealed: () => void;
}

const PROGRESS_MS = 200;
/** Reports kept, so that going back and forth between splits costs nothing. */
const MOST_KEPT = 6;

let tickets = 0;

export function useReport(data: RunData): RunReport {
  const notices = useNoticesStore();
  const chosenSplit = shallowRef<ReportSplit | null>(null);
  const chosenWeights = shallowRef<ReportWeights | null>(null);
  const checkpoints = shallowRef<readonly CheckpointInfo[]>([]);
  const kept = shallowRef<ReadonlyMap<string, EvaluationReport>>(new Map());
  /** Key of what is on show, being worked out, or failed. */
  const shown = shallowRef('');
  const running = shallowRef<string | null>(null);
  const cancelled = shallowRef(false);
  const failure = shallowRef<unknown>(null);
  const share = shallowRef(0);
  const asking = shallowRef(false);
  const counted = shallowRef<number | null>(null);
  let left = false;

  const splits = computed(() => {
    const sizes = data.detail.value?.splitSizes;
    return REPORT_SPLITS.map((split) => ({ split, rows: sizes?.[split] ?? 0 })).filter(({ rows }) => rows > 0);
  });
  const split = computed<ReportSplit>(
    () => chosenSplit.value ?? (splits.value.some((one) => one.split === 'validation') ? 'validation' : 'train'),
  );
  const options = computed<WeightsOption[]>(() => {
    const summary = data.summary.value;
    if (summary === null || data.lastStep.value === 0) return [];
    const perEpoch = Math.max(1, summary.stepsPerEpoch);
    const best = summary.bestStep;
    const list: WeightsOption[] = [];
    if (data.live.value) {
      list.push({ weights: 'live', step: data.lastStep.value, epoch: Math.floor(data.lastStep.value / perEpoch) });
    }
    if (best !== null && summary.bestEpoch !== null) {
      list.push({ weights: 'best', step: best, epoch: summary.bestEpoch });
    }
    const last = checkpoints.value.at(-1);
    if (!data.live.value && last !== undefined) list.push({ weights: 'last', step: last.step, epoch: last.epoch });
    const others = checkpoints.value.filter(
      (one) => one.step > 0 && one.step !== best && (data.live.value || one !== last),
    );
    return [...list, ...others.map(({ step, epoch }) => ({ weights: step, step, epoch })).reverse()];
  });
  const weights = computed<WeightsOption | null>(() => {
    const spec = data.detail.value?.spec;
    const usual = data.live.value ? 'live' : spec === undefined ? 'best' : evaluatedWeights(spec);
    const find = (wanted: ReportWeights | null) => options.value.find((one) => one.weights === wanted);
    return find(chosenWeights.value) ?? find(usual) ?? options.value[0] ?? null;
  });

  const sealed = computed(
    () => split.value === 'test' && weights.value !== null && !isOpened(data.id, weights.value.step),
  );
  const report = computed(() => (phase.value === 'ready' ? (kept.value.get(shown.value) ?? null) : null));
  const phase = computed<ReportPhase>(() => {
    if (weights.value === null || splits.value.length === 0) return 'none';
    if (running.value !== null) return 'loading';
    if (kept.value.has(shown.value)) return 'ready';
    if (sealed.value) return 'sealed';
    if (cancelled.value) return 'cancelled';
    return failure.value === null ? 'loading' : 'error';
  });

  function keep(key: string, value: EvaluationReport): void {
    const entries = [...kept.value].filter(([other]) => other !== key);
    kept.value = new Map([...entries, [key, value] as const].slice(-MOST_KEPT));
  }

  async function evaluate(): Promise<void> {
    // The page may have been left while its checkpoints were read.
    if (left) return;
    const chosen = weights.value;
    giveUp();
    cancelled.value = false;
    failure.value = null;
    if (chosen === null) return;
    const key = `${split.value} ${chosen.step}`;
    shown.value = key;
    if (kept.value.has(key) || sealed.value) return;
    const ticket = `report-${++tickets}`;
    running.value = ticket;
    share.value = 0;
    const stop = watchProgress(ticket);
    try {
      const request = { id: data.id, split: split.value, weights: chosen.weights, ticket };
      const value = await invoke('evaluation:report', request);
      keep(key, value);
    } catch (error) {
      if (running.value === ticket) failure.value = error;
      if (running.value === ticket && failureOf(error).code === 'cancelled') cancelled.value = true;
    } finally {
      stop();
      if (running.value === ticket) running.value = null;
    }
  }

  function watchProgress(ticket: string): () => void {
    const timer = setInterval(() => {
      invoke('evaluation:progress', { ticket }).then(
        (progress) => {
          if (progress !== null && running.value === ticket) share.value = progress.share;
        },
        (error: unknown) => notices.problem(error),
      );
    }, PROGRESS_MS);
    return () => clearInterval(timer);
  }

  /** What is worked out is no longer wanted. */
  function giveUp(): void {
    const ticket = running.value;
    running.value = null;
    if (ticket !== null) invoke('evaluation:cancel', { ticket }).catch((error: unknown) => notices.problem(error));
  }

  async function openTest(): Promise<void> {
    asking.value = false;
    const step = weights.value?.step;
    if (step === undefined) return;
    try {
      counted.value = await invoke('test:open', { id: data.id, step });
    } catch (error) {
      notices.problem(error);
      return;
    }
    noteOpened(data.id, step);
    chosenSplit.value = 'test';
    await evaluate();
  }

  async function readCheckpoints(): Promise<void> {
    try {
      checkpoints.value = await invoke('checkpoint:list', { id: data.id });
    } catch (error) {
      notices.problem(error);
    }
  }

  // A run that goes on, or ends, has other weights to offer.
  watch(
    [data.live, () => data.detail.value?.checkpoint?.step ?? null],
    () => void readCheckpoints().then(() => evaluate()),
  );
  onMounted(() => void readCheckpoints().then(() => evaluate()));
  tryOnScopeDispose(() => {
    left = true;
    giveUp();
  });

  return {
    split,
    splits,
    weights,
    options,
    phase,
    report,
    failure,
    share,
    asking,
    openings: computed(() => counted.value ?? data.detail.value?.testOpenings ?? 0),
    chooseSplit: (next) => {
      const step = weights.value?.step;
      if (next === 'test' && step !== undefined && !isOpened(data.id, step)) {
        asking.value = true;
        return;
      }
      chosenSplit.value = next;
      void evaluate();
    },
    chooseWeights: (next) => {
      chosenWeights.value = next;
      void evaluate();
    },
    evaluate,
    cancel: () => {
      if (running.value === null) return;
      giveUp();
      cancelled.value = true;
    },
    askForTest: () => void (asking.value = true),
    openTest,
    keepSealed: () => void (asking.value = false),
  };
}
