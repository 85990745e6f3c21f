/** What can be done with a race or comparison as a whole. Every failure ends as a toast. */

import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { StudioFailure } from '../../../electron/contract/outcome.ts';
import type { RunDetail, RunSummary } from '../../../electron/contract/runs.ts';
import { LIVE_STATUSES } from '../../../engine/spec/run-status.ts';
import { copyText } from '../../charts/export/clipboard.ts';
import { invoke } from '../../bridge/studio.ts';
import { givenRace, saveRace } from '../../race/race-draft.ts';
import { useComparisonsStore } from '../../stores/comparisons.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { useSettingsStore } from '../../stores/settings.ts';
import { useUndoStore } from '../../stores/undo.ts';
import type { Lane } from './lanes-of.ts';
import type { ComparedRuns } from './use-compared-runs.ts';
import type { ComparisonPage } from './use-comparison.ts';

/** Seeds of the one-click repetition. */
export const AGAIN_SEEDS = 5;

export interface CompareActions {
  readonly live: ComputedRef<readonly RunSummary[]>;
  readonly starting: Readonly<ShallowRef<boolean>>;
  readonly readOnlyReason: ComputedRef<string | null>;
  /** The same lanes with more seeds, at once; for a race that has seeds already the set-up opens. */
  readonly raceAgain: () => Promise<void>;
  /** The set-up of a new race of these lanes. */
  readonly setUp: (options: { readonly seeds: number; readonly extend: boolean }) => void;
  readonly stopAll: () => Promise<void>;
  readonly copy: (text: string, name: string) => void;
  /** Takes it from the list, with Undo. Its runs stay. */
  readonly remove: () => Promise<void>;
}

export function useCompareActions(page: ComparisonPage, runs: ComparedRuns): CompareActions {
  const { t } = useI18n();
  const router = useRouter();
  const store = useComparisonsStore();
  const rows = useRunsStore();
  const notices = useNoticesStore();
  const undo = useUndoStore();
  const settings = useSettingsStore();
  const starting = shallowRef(false);

  const live = computed(() =>
    page.runIds.value.flatMap((id) => {
      const row = rows.byId.get(id);
      return row !== undefined && LIVE_STATUSES.includes(row.status) ? [row] : [];
    }),
  );

  /** The lane's run with the smallest seed, which the others counted up from. */
  function firstOf(lane: Lane): RunDetail | null {
    const details = lane.runs.flatMap((id) => runs.run(id)?.detail.value ?? []);
    return details.sort((a, b) => a.spec.seed - b.spec.seed)[0] ?? null;
  }
  /** A comparison may hold two runs of one name; lanes may not. */
  function uniqueNames(lanes: readonly Lane[]): string[] {
    const counts = new Map<string, number>();
    return lanes.map(({ name, number }) => {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return lanes.some((other) => other.name === name && other.number !== number) ? `${name} #${number}` : name;
    });
  }
  /** Runs that were never meant to race get the first one's seeds: otherwise chance would be part of every difference. */
  function laneSpecs() {
    const names = uniqueNames(page.lanes.value);
    const lanes = page.lanes.value.flatMap((lane, i) => {
      const detail = firstOf(lane);
      return detail === null ? [] : [{ name: names[i] ?? lane.name, spec: detail.spec }];
    });
    const [first] = lanes;
    if (first === undefined || page.comparison.value?.kind === 'race') return lanes;
    const { seed, data } = first.spec;
    return lanes.map(({ name, spec }) => ({
      name,
      spec: { ...spec, seed, data: { ...spec.data, splitSeed: data.splitSeed } },
    }));
  }

  function setUp({ seeds, extend }: { readonly seeds: number; readonly extend: boolean }): void {
    const name = page.comparison.value?.name ?? '';
    const lanes = laneSpecs().map((lane) => ({ ...lane, done: extend }));
    const draft = givenRace(name, lanes, seeds);
    if (draft === null) return;
    saveRace({ ...draft, extends: extend ? page.id : null });
    void router.push({ name: 'race', query: extend ? { add: page.id } : {} });
  }

  async function raceAgain(): Promise<void> {
    const name = page.comparison.value?.name ?? '';
    if (page.seeds.value > 1 || page.comparison.value?.kind !== 'race') {
      setUp({ seeds: page.seeds.value, extend: false });
      return;
    }
    if (starting.value) return;
    starting.value = true;
    try {
      const title = t('compare.bar.againName', { name, n: AGAIN_SEEDS }).slice(0, 200);
      const race = await store.startRace({ name: title, lanes: laneSpecs(), seeds: AGAIN_SEEDS });
      await router.push({ name: 'comparison', params: { id: race.id } });
    } catch (error) {
      notices.problem(error);
    } finally {
      starting.value = false;
    }
  }

  async function stopAll(): Promise<void> {
    // Those that wait first: otherwise each stop would let the next one begin.
    const order = [...live.value].sort((a, b) => Number(b.status === 'queued') - Number(a.status === 'queued'));
    for (const { id } of order) {
      try {
        await invoke('run:control', { id, action: 'stop' });
      } catch (error) {
        // It has ended by itself in the meantime.
        if (!(error instanceof StudioFailure && error.error.code === 'conflict')) notices.problem(error);
      }
    }
  }

  async function remove(): Promise<void> {
    const comparison = page.comparison.value;
    if (comparison === null) return;
    try {
      await store.remove(comparison.id);
    } catch (error) {
      notices.problem(error);
      return;
    }
    const entry = { undo: () => store.restore(comparison), redo: () => store.remove(comparison.id) };
    undo.push(entry);
    notices.show(t('compare.removed', { name: comparison.name }), {
      action: { label: t('frame.undo'), keyCap: 'Ctrl Z', run: () => undo.undo(entry) },
    });
    await router.push({ name: 'compare' });
  }

  return {
    live,
    starting,
    readOnlyReason: computed(() => (settings.readOnly ? t('frame.bar.readOnly') : null)),
    raceAgain,
    setUp,
    stopAll,
    copy: (text, name) => {
      const done = copyText(text);
      notices.show(done ? t('run.card.copied', { name }) : t('run.copyFailed'), { kind: done ? 'success' : 'danger' });
    },
    remove,
  };
}
