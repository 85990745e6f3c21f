/** One race or comparison as its page holds it: its lanes, and what a person does to it. Every change saves itself. */

import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type {
  ComparedRun,
  Comparison,
  ComparisonChange,
  ComparisonId,
} from '../../../electron/contract/comparisons.ts';
import { MAX_COMPARED } from '../../../electron/contract/comparisons.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { useKnownRuns } from '../../composables/use-known-runs.ts';
import { useComparisonsStore } from '../../stores/comparisons.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { useUndoStore } from '../../stores/undo.ts';
import { lanesOf, withFlag, type Lane } from './lanes-of.ts';

export interface ComparisonPage {
  readonly id: ComparisonId;
  readonly comparison: Readonly<ShallowRef<Comparison | null>>;
  readonly failure: Readonly<ShallowRef<unknown>>;
  readonly lanes: ComputedRef<readonly Lane[]>;
  readonly visible: ComputedRef<readonly Lane[]>;
  /** Most seeds of any lane. */
  readonly seeds: ComputedRef<number>;
  readonly runIds: ComputedRef<readonly RunId[]>;
  readonly load: () => Promise<void>;
  readonly rename: (name: string) => Promise<void>;
  /** Shows or hides a lane; with `only` shows it alone, or all again. */
  readonly toggle: (lane: Lane, only?: boolean) => void;
  readonly togglePin: (lane: Lane) => void;
  readonly toggleBaseline: (lane: Lane) => void;
  readonly leave: (lane: Lane) => void;
  /** Appends runs that are not there yet; in a race with their lane. */
  readonly add: (runs: readonly { readonly id: RunId; readonly lane: string | null }[]) => Promise<void>;
}

export function useComparison(id: ComparisonId): ComparisonPage {
  const store = useComparisonsStore();
  const runs = useRunsStore();
  const notices = useNoticesStore();
  const undo = useUndoStore();
  const comparison = shallowRef<Comparison | null>(null);
  const failure = shallowRef<unknown>(null);

  watch(
    () => store.list.find((one) => one.id === id),
    (kept) => {
      // Once removed it stays here until the page is left.
      if (kept !== undefined) comparison.value = kept;
    },
    { immediate: true, flush: 'sync' },
  );

  const lanes = computed(() =>
    comparison.value === null ? [] : lanesOf(comparison.value, (run) => runs.byId.get(run)),
  );
  const runKey = computed(() => (comparison.value?.runs ?? []).map((run) => run.id).join());

  const runIds = computed(() => (runKey.value === '' ? [] : (runKey.value.split(',') as RunId[])));
  useKnownRuns(() => runIds.value);

  async function load(): Promise<void> {
    failure.value = null;
    try {
      await store.read(id);
    } catch (error) {
      failure.value = error;
    }
  }

  /** Shows the change at once; it is taken back, and the reason told, when it could not be saved. */
  async function change(next: ComparisonChange): Promise<void> {
    try {
      await store.change(id, next);
    } catch (error) {
      notices.problem(error);
    }
  }
  /** Through the store, not through this page: it may be closed, and another one open, when it is undone. */
  function undoable(now: ComparisonChange, before: ComparisonChange): Promise<void> {
    undo.push({ undo: () => store.change(id, before), redo: () => store.change(id, now) });
    return change(now);
  }
  function plain(list: readonly ComparedRun[]): ComparedRun[] {
    return list.map((run) => ({ ...run }));
  }

  function toggle(lane: Lane, only = false): void {
    const shown = comparison.value;
    if (shown === null) return;
    const alone = lanes.value.every((other) => (other.id === lane.id) !== other.hidden);
    const next = withFlag(shown, lanes.value, (other) => {
      if (only) return { hidden: alone ? false : other.id !== lane.id };
      return { hidden: other.id === lane.id ? !other.hidden : other.hidden };
    });
    void change({ runs: next });
  }

  async function add(more: readonly { readonly id: RunId; readonly lane: string | null }[]): Promise<void> {
    const shown = comparison.value;
    if (shown === null) return;
    const known = new Set(shown.runs.map((run) => run.id));
    const fresh = more.filter((run) => !known.has(run.id));
    const room = shown.kind === 'race' ? fresh.length : Math.max(0, MAX_COMPARED - shown.runs.length);
    const added = fresh.slice(0, room).map((run) => ({ ...run, hidden: false, pinned: false }));
    if (added.length > 0) await change({ runs: [...plain(shown.runs), ...added] });
  }

  return {
    id,
    comparison,
    failure,
    lanes,
    visible: computed(() => lanes.value.filter((lane) => !lane.hidden)),
    seeds: computed(() => Math.max(1, ...lanes.value.map((lane) => lane.runs.length))),
    runIds,
    load,
    rename: async (name) => {
      const before = comparison.value?.name ?? '';
      const next = name.trim();
      if (next === '' || next === before) return;
      await undoable({ name: next }, { name: before });
    },
    toggle,
    togglePin: (lane) => {
      const shown = comparison.value;
      if (shown === null) return;
      const runsNow = withFlag(shown, lanes.value, (other) => ({
        pinned: other.id === lane.id ? !other.pinned : other.pinned,
      }));
      void change({ runs: runsNow });
    },
    toggleBaseline: (lane) => {
      void change({ baseline: comparison.value?.baseline === lane.id ? null : lane.id });
    },
    leave: (lane) => {
      const shown = comparison.value;
      if (shown === null || lanes.value.length < 2) return;
      const gone = new Set(lane.runs);
      const rest = plain(shown.runs).filter((run) => !gone.has(run.id));
      const { baseline } = shown;
      const now = { runs: rest, baseline: baseline !== null && gone.has(baseline) ? null : baseline };
      void undoable(now, { runs: plain(shown.runs), baseline });
    },
    add,
  };
}
