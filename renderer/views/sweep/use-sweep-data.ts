/** Everything a sweep's page knows: read from the store once, kept up to date by the feed a few times a second. */

import { useThrottleFn } from '@vueuse/core';
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import {
  unpackSweep,
  type SweepDetail,
  type SweepSummary,
  type TrialReport,
  type TrialRow,
} from '../../../electron/contract/sweeps.ts';
import type { SweepId } from '../../../engine/spec/ids.ts';
import { invoke } from '../../bridge/studio.ts';
import { useRunFeed } from '../../feed/use-run-feed.ts';
import { useSweepsStore } from '../../stores/sweeps.ts';

/** Sorting thousands of rows for every frame of the feed would be felt. */
const FLUSH_MS = 250;

export interface SweepData {
  readonly id: SweepId;
  readonly detail: Readonly<ShallowRef<SweepDetail | null>>;
  readonly summary: ComputedRef<SweepSummary | null>;
  /** By number, every trial that has begun. */
  readonly trials: Readonly<ShallowRef<readonly TrialRow[]>>;
  /** What running trials have reached; others are not in it. */
  readonly reports: Readonly<ShallowRef<ReadonlyMap<number, TrialReport>>>;
  readonly state: Readonly<ShallowRef<'loading' | 'ready' | 'error'>>;
  readonly failure: Readonly<ShallowRef<unknown>>;
  /** Hears reports one by one, in order. */
  readonly onReports: (call: (reports: readonly TrialReport[]) => void) => void;
  readonly load: () => Promise<void>;
}

export function useSweepData(id: SweepId): SweepData {
  const store = useSweepsStore();
  const feed = useRunFeed();
  const detail = shallowRef<SweepDetail | null>(null);
  const trials = shallowRef<readonly TrialRow[]>([]);
  const reports = shallowRef<ReadonlyMap<number, TrialReport>>(new Map());
  const state = shallowRef<'loading' | 'ready' | 'error'>('loading');
  const failure = shallowRef<unknown>(null);
  const summary = computed(() => store.byId.get(id) ?? detail.value?.summary ?? null);

  /** Changed in place by every frame; shown now and then. */
  let rows: TrialRow[] = [];
  const reached = new Map<number, TrialReport>();
  const listeners: ((reports: readonly TrialReport[]) => void)[] = [];
  const flush = useThrottleFn(
    () => {
      trials.value = rows.filter((row) => row !== undefined);
      reports.value = new Map(reached);
    },
    FLUSH_MS,
    true,
  );

  /** Rows that frames bring while the sweep is read: they are newer than what is read. */
  let arrived: Map<number, TrialRow> | null = null;
  let loads = 0;

  async function load(): Promise<void> {
    const mine = ++loads;
    const meanwhile = new Map<number, TrialRow>();
    arrived = meanwhile;
    try {
      const read = unpackSweep(await invoke('sweep:get', { id }));
      // A later question is under way, and its answer is newer.
      if (mine !== loads) return;
      rows = [];
      for (const row of [...read.trials, ...meanwhile.values()]) rows[row.number] = row;
      for (const number of reached.keys()) if (rows[number]?.status !== 'running') reached.delete(number);
      detail.value = read;
      trials.value = rows.filter((row) => row !== undefined);
      reports.value = new Map(reached);
      state.value = 'ready';
      failure.value = null;
    } catch (error) {
      if (mine !== loads) return;
      failure.value = error;
      // Rows that are there stay: an old table is more use than none.
      if (detail.value === null) state.value = 'error';
    } finally {
      if (mine === loads) arrived = null;
    }
  }

  feed.watchSweep(id);
  feed.onFrame((frame) => {
    const own = frame.reports.filter((report) => report.sweep === id);
    for (const report of own) reached.set(report.trial, report);
    let changed = own.length > 0;
    for (const row of frame.trials) {
      if (row.sweep !== id) continue;
      rows[row.number] = row;
      arrived?.set(row.number, row);
      if (row.status !== 'running') reached.delete(row.number);
      changed = true;
    }
    if (own.length > 0) for (const listener of listeners) listener(own);
    if (changed && state.value === 'ready') void flush();
  });
  feed.onResync(() => void load());
  void load();

  // Suggestions, rounds and promotions are read with the sweep: anew when something that changes them has happened.
  const reload = useThrottleFn(() => void load(), 1000, true);
  watch(
    () => {
      const now = summary.value;
      if (now === null) return '';
      const byHand = trials.value.filter((row) => row.byHand).length;
      const ended = now.sampler === 'narrow' ? now.counts.completed + now.counts.pruned + now.counts.failed : 0;
      return `${now.status} ${byHand} ${ended} ${now.testOpenings}`;
    },
    (_, before) => {
      if (before !== '' && state.value === 'ready') void reload();
    },
  );

  return {
    id,
    detail,
    summary,
    trials,
    reports,
    state,
    failure,
    onReports: (call) => void listeners.push(call),
    load,
  };
}
