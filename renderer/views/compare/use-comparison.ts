/** One race or comparison as its page holds it: its lanes, and what a person does to it. Every change saves itself. */

import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
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
  const comparison = shallowRef<Comparison | null>(store.list.find((one) => one.id === id) ?? null);
  const failure = shallowRef<unknown>(null);
  /** Changes are saved one after the other. */
  let saving: Promise<void> = Promise.resolve();

  const lanes = computed(() =>
    comparison.value === null ? [] : lanesOf(comparison.value, (run) => runs.byId.get(run)),
  );
  const runKey = computed(() => (comparison.value?.runs ?? []).map((run) => run.id).join());

  const runIds = computed(() => (runKey.value === '' ? [] : (runKey.value.split(',') as RunId[])));
  useKnownRuns(() => runIds.value);

  async function load(): Promise<void> {
    failure.value = null;
    try {
      comparison.value = await store.read(id);
    } catch (error) {
      failure.value = error;
    }
  }

  /** Shows the change at once; takes it back and says why when it could not be saved. */
  function change(next: ComparisonChange): Promise<void> {
    const before = comparison.value;
    if (before === null) return Promise.resolve();
    comparison.value = { ...before, ...defined(next) };
    saving = saving.then(async () => {
      try {
        await store.change(id, next);
      } catch (error) {
        notices.problem(error);
        await load();
      }
    });
    return saving;
  }
  function undoable(now: ComparisonChange, before: ComparisonChange): void {
    void change(now);
    undo.push({ undo: () => change(before), redo: () => change(now) });
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
      undoable({ name: next }, { name: before });
      await saving;
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
      undoable(now, { runs: plain(shown.runs), baseline });
    },
    add,
  };
}

/** The change without fields that are there but undefined. */
function defined(change: ComparisonChange): Partial<Pick<Comparison, 'name' | 'runs' | 'baseline'>> {
  return {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.runs === undefined ? {} : { runs: change.runs }),
    ...(change.baseline === undefined ? {} : { baseline: change.baseline }),
  };
}
