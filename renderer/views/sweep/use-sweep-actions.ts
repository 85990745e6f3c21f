/** What can be done with a sweep and its trials. Every failure ends as a toast, every success that cannot be seen too. */

import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import type { TrialRow } from '../../../electron/contract/sweeps.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { SearchSpace, TrialParams } from '../../../engine/spec/search-space.ts';
import { invoke } from '../../bridge/studio.ts';
import { fileName } from '../../charts/export/use-chart-export.ts';
import { useCompareRuns } from '../../composables/use-compare-runs.ts';
import { useSweepCommands } from '../../composables/use-sweep-commands.ts';
import type { Placing } from '../../race/wilson.ts';
import { saveSweepDraft, sweepDraftOf } from '../../sweep/sweep-draft.ts';
import { trialsCsv, trialsJson } from '../../sweep/trials-table.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { useSettingsStore } from '../../stores/settings.ts';
import { useSweepsStore } from '../../stores/sweeps.ts';
import { formatBytes } from '../../text/format.ts';
import type { SweepData } from './use-sweep-data.ts';

export type SweepControl = 'pause' | 'resume' | 'stop';

export interface SweepActions {
  /** Asked for and not yet seen to have happened. */
  readonly pending: Readonly<ShallowRef<SweepControl | 'promote' | null>>;
  readonly readOnlyReason: ComputedRef<string | null>;
  readonly control: (action: SweepControl) => Promise<void>;
  readonly setWorkers: (count: number) => Promise<void>;
  readonly rename: (name: string) => Promise<void>;
  readonly moveToTrash: () => Promise<void>;
  /** The form on the same search. */
  readonly duplicate: () => Promise<void>;
  readonly saveSpec: () => Promise<void>;
  readonly saveTable: (format: 'csv' | 'json', rows: readonly TrialRow[]) => Promise<void>;
  readonly openTrial: (number: number) => void;
  readonly compareTrials: (numbers: readonly number[]) => Promise<void>;
  /** The run form on a trial's settings. */
  readonly duplicateTrial: (number: number) => Promise<void>;
  readonly controlTrial: (number: number, action: 'stop' | 'retry') => Promise<void>;
  readonly exportWeights: (number: number) => Promise<void>;
  /** Retrains a trial with all rows and opens the test split; null: the best one. False when it was refused. */
  readonly promote: (number: number | null) => Promise<boolean>;
  readonly enqueue: (params: TrialParams) => Promise<void>;
  readonly reorder: (seen: readonly TrialParams[], order: readonly number[]) => Promise<void>;
  readonly editRanges: (round: number, space: SearchSpace) => Promise<void>;
}

export function useSweepActions(data: SweepData, ranks: () => ReadonlyMap<number, Placing>): SweepActions {
  const { t } = useI18n();
  const router = useRouter();
  const store = useSweepsStore();
  const notices = useNoticesStore();
  const settings = useSettingsStore();
  const comparing = useCompareRuns();
  const commands = useSweepCommands();
  const pending = shallowRef<SweepActions['pending']['value']>(null);
  const { id } = data;
  // The answer to a button is the sweep's new state, not the end of the request.
  watch(
    () => data.summary.value?.status,
    () => (pending.value = null),
  );

  async function attempt(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      notices.problem(error);
      return false;
    }
  }
  async function control(action: SweepControl): Promise<void> {
    if (pending.value !== null) return;
    pending.value = action;
    if (!(await attempt(() => store.control(id, action)))) pending.value = null;
  }
  const rowOf = (number: number): TrialRow | undefined => data.trials.value.find((row) => row.number === number);
  const runOf = (number: number): RunId | null => rowOf(number)?.runs[0] ?? null;
  function withRun(number: number, act: (run: RunId) => void): void {
    const run = runOf(number);
    if (run === null) notices.show(t('sweep.noRun', { n: number }));
    else act(run);
  }
  const name = (): string => data.summary.value?.name ?? '';

  async function save(suggestedName: string, make: () => Uint8Array<ArrayBuffer>): Promise<void> {
    await attempt(async () => {
      const saved = await invoke('file:save', { suggestedName, bytes: make() });
      if (saved !== null) notices.show(t('run.saved', { file: fileName(saved.path) }), { kind: 'success' });
    });
  }
  /** The queue and the rounds are read with the sweep. */
  const thenRead = async (act: () => Promise<unknown>): Promise<void> => {
    await act();
    await data.load();
  };

  return {
    pending,
    readOnlyReason: computed(() => (settings.readOnly ? t('frame.bar.readOnly') : null)),
    control,
    setWorkers: async (count) => {
      await attempt(() => invoke('sweep:workers', { id, count }));
    },
    rename: (next) => commands.rename(id, next),
    moveToTrash: async () => {
      if (await commands.moveToTrash([id])) await router.push({ name: 'sweeps' });
    },
    duplicate: async () => {
      const spec = data.detail.value?.spec;
      if (spec === undefined) return;
      saveSweepDraft({ ...sweepDraftOf(spec), name: name() });
      await router.push({ name: 'new-sweep' });
    },
    saveSpec: async () => {
      const spec = data.detail.value?.spec;
      if (spec === undefined) return;
      await attempt(async () => {
        const saved = await invoke('spec:save', { spec, suggestedName: `${name()}.json` });
        if (saved !== null) notices.show(t('run.saved', { file: fileName(saved.path) }), { kind: 'success' });
      });
    },
    saveTable: async (format, rows) => {
      const detail = data.detail.value;
      const summary = data.summary.value;
      if (detail === null || summary === null) return;
      const { spec } = detail;
      await save(`${name()}.${format}`, () =>
        format === 'csv' ? trialsCsv(rows, spec, ranks()) : trialsJson(rows, { summary, spec }, ranks()),
      );
    },
    openTrial: (number) => withRun(number, (run) => void router.push({ name: 'run', params: { id: run } })),
    compareTrials: async (numbers) => {
      const runs = numbers.flatMap((number) => runOf(number) ?? []);
      const list = numbers.map((number) => `#${number}`).join(', ');
      await comparing.compare(runs, t('sweep.comparisonName', { name: name(), list }).slice(0, 200));
    },
    duplicateTrial: async (number) => {
      const run = runOf(number);
      if (run !== null) await router.push({ name: 'new-run', query: { from: run } });
    },
    controlTrial: async (number, action) => {
      await attempt(() => invoke('sweep:trial', { id, trial: number, action }));
    },
    exportWeights: async (number) => {
      const run = runOf(number);
      if (run === null) return;
      await attempt(async () => {
        const saved = await invoke('weights:export', { id: run, format: 'npz' });
        if (saved === null) return;
        const values = { file: fileName(saved.path), size: formatBytes(saved.sizeBytes), n: number };
        notices.show(t('sweep.weightsSaved', values), { kind: 'success' });
      });
    },
    promote: async (number) => {
      if (pending.value !== null) return false;
      pending.value = 'promote';
      const done = await attempt(async () => {
        const run = await invoke('sweep:promote', { id, trial: number });
        notices.show(t('sweep.promote.started'), {
          action: { label: t('frame.open'), run: () => void router.push({ name: 'run', params: { id: run } }) },
        });
        await data.load();
      });
      pending.value = null;
      return done;
    },
    // These three throw: what is wrong belongs beside the fields of their dialogs.
    enqueue: (params) => thenRead(() => invoke('sweep:enqueue', { id, params: { ...params } })),
    reorder: (seen, order) => thenRead(() => invoke('sweep:reorder', { id, seen: [...seen], order: [...order] })),
    editRanges: (round, space) => thenRead(() => invoke('sweep:ranges', { id, round, space: { ...space } })),
  };
}
