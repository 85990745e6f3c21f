/** Races and comparisons: which runs belong together. Their points and settings never come here. */

import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import {
  MAX_COMPARED,
  type Comparison,
  type ComparisonChange,
  type ComparisonId,
  type Race,
} from '../../electron/contract/comparisons.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import { invoke } from '../bridge/studio.ts';

export const useComparisonsStore = defineStore('comparisons', () => {
  /** Newest first. */
  const list = shallowRef<readonly Comparison[]>([]);
  const state = shallowRef<'loading' | 'ready' | 'error'>('loading');
  const failure = shallowRef<unknown>(null);
  /** Runs on the screen: whoever looks at them sees them end. */
  const shown = shallowRef<ReadonlySet<RunId>>(new Set());

  /** Races whose runs are being started: the first lanes may end before the race is known. */
  const starting = shallowRef(0);

  const races = computed(() => list.value.filter((one) => one.kind === 'race'));

  async function load(): Promise<void> {
    try {
      list.value = await invoke('comparison:list');
      state.value = 'ready';
      failure.value = null;
    } catch (error) {
      failure.value = error;
      // What is there stays: an old list is more use than none.
      if (list.value.length === 0) state.value = 'error';
    }
  }

  function put(comparison: Comparison): Comparison {
    const others = list.value.filter((one) => one.id !== comparison.id);
    list.value = [comparison, ...others].sort((a, b) => b.createdAt - a.createdAt);
    return comparison;
  }

  /** Reads one again. Throws a StudioFailure (`not_found`). */
  async function read(id: ComparisonId): Promise<Comparison> {
    return put(await invoke('comparison:get', { id }));
  }

  /** Starts every lane with every seed. Throws a StudioFailure whose issues begin with the lane. */
  async function startRace(race: Race): Promise<Comparison> {
    starting.value++;
    try {
      return put(await invoke('race:start', race));
    } finally {
      starting.value--;
    }
  }

  /**
   * The comparison of exactly these runs: the one there is, or a new one of that name. Throws a RangeError when there are
   * too many or too few.
   */
  async function compare(runs: readonly RunId[], name: string): Promise<Comparison> {
    const wanted = new Set(runs);
    if (wanted.size < 2 || wanted.size > MAX_COMPARED) {
      throw new RangeError(`2 to ${MAX_COMPARED} runs can be compared, got ${wanted.size}`);
    }
    const known = list.value.find(
      (one) => one.runs.length === wanted.size && one.runs.every((run) => wanted.has(run.id)),
    );
    return known ?? put(await invoke('comparison:create', { name, runs: [...wanted] }));
  }

  /** Changes are saved one after the other. */
  let saving: Promise<unknown> = Promise.resolve();
  const waiting = new Map<ComparisonId, number>();

  /** Shows the change at once and saves it. Takes it back and throws a StudioFailure when it could not be saved. */
  function change(id: ComparisonId, next: ComparisonChange): Promise<void> {
    const shown = list.value.find((one) => one.id === id);
    if (shown !== undefined) put({ ...shown, ...defined(next) });
    waiting.set(id, (waiting.get(id) ?? 0) + 1);
    const done = saving.then(() => save(id, next));
    saving = done.catch(() => undefined); // whoever asked is told; the next change is saved all the same
    return done;
  }
  async function save(id: ComparisonId, next: ComparisonChange): Promise<void> {
    waiting.set(id, (waiting.get(id) ?? 1) - 1);
    try {
      const saved = await invoke('comparison:change', { id, change: next });
      // A later change shows already, and its answer holds this one.
      if ((waiting.get(id) ?? 0) === 0) put(saved);
    } catch (error) {
      await read(id).catch(() => undefined); // the first failure is the one to tell
      throw error;
    }
  }

  /** Takes it from the list; its runs stay. */
  async function remove(id: ComparisonId): Promise<void> {
    await invoke('comparison:delete', { id });
    list.value = list.value.filter((one) => one.id !== id);
  }

  async function restore(comparison: Comparison): Promise<void> {
    put(await invoke('comparison:restore', copyOf(comparison)));
  }

  /** The newest race a run is a lane of. */
  function raceOf(id: RunId): Comparison | null {
    return races.value.find((race) => race.runs.some((run) => run.id === id)) ?? null;
  }

  return {
    list,
    state,
    failure,
    shown,
    starting,
    races,
    load,
    read,
    startRace,
    compare,
    change,
    remove,
    restore,
    raceOf,
  };
});

/** The change without fields that are there but undefined. */
function defined(change: ComparisonChange): Partial<Pick<Comparison, 'name' | 'runs' | 'baseline'>> {
  return {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.runs === undefined ? {} : { runs: change.runs }),
    ...(change.baseline === undefined ? {} : { baseline: change.baseline }),
  };
}

/** Arrays that may be written to, as the wire's schema has them. */
function copyOf(comparison: Comparison) {
  return { ...comparison, runs: comparison.runs.map((run) => ({ ...run })) };
}
