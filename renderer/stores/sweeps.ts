/** All sweeps as rows. Their trials never come here: a sweep's page reads its own. */

import { defineStore } from 'pinia';
import { computed, shallowRef, triggerRef } from 'vue';
import type { FeedFrame } from '../../electron/contract/feed.ts';
import type { SweepSummary } from '../../electron/contract/sweeps.ts';
import type { SweepId } from '../../engine/spec/ids.ts';
import { LIVE_SWEEP_STATUSES } from '../../engine/spec/sweep-status.ts';
import { invoke } from '../bridge/studio.ts';

export const useSweepsStore = defineStore('sweeps', () => {
  const byId = shallowRef(new Map<SweepId, SweepSummary>());
  const state = shallowRef<'loading' | 'ready' | 'error'>('loading');
  const failure = shallowRef<unknown>(null);
  /** The sweep on the screen: whoever looks at it sees it end. */
  const shown = shallowRef<SweepId | null>(null);

  /** Newest first. */
  const sorted = computed(() => [...byId.value.values()].sort((a, b) => b.number - a.number));
  const listed = computed(() => sorted.value.filter((row) => row.deletedAt === null));
  const trash = computed(() => sorted.value.filter((row) => row.deletedAt !== null));
  /** Those with a process behind them, the oldest first. */
  const live = computed(() => listed.value.filter((row) => LIVE_SWEEP_STATUSES.includes(row.status)).toReversed());

  async function load(): Promise<void> {
    try {
      const [kept, deleted] = await Promise.all([
        invoke('sweep:list', { trash: false }),
        invoke('sweep:list', { trash: true }),
      ]);
      byId.value = new Map([...kept, ...deleted].map((row) => [row.id, row]));
      state.value = 'ready';
      failure.value = null;
    } catch (error) {
      failure.value = error;
      // What is there stays: an old list is more use than none.
      if (byId.value.size === 0) state.value = 'error';
    }
  }

  function applyFrame(frame: Pick<FeedFrame, 'sweeps' | 'purgedSweeps'>): void {
    if (frame.sweeps.length === 0 && frame.purgedSweeps.length === 0) return;
    for (const row of frame.sweeps) byId.value.set(row.id, row);
    for (const id of frame.purgedSweeps) byId.value.delete(id);
    triggerRef(byId);
  }

  /**
   * Starts a sweep and returns its id; `workers` null: as many trials at once as the app trains. Throws a StudioFailure,
   * with `issues` when the spec is wrong.
   */
  async function start(spec: unknown, workers: number | null): Promise<SweepId> {
    const { id } = await invoke('sweep:start', workers === null ? { spec } : { spec, workers });
    return id;
  }

  async function control(id: SweepId, action: 'pause' | 'resume' | 'stop'): Promise<void> {
    await invoke('sweep:control', { id, action });
  }

  async function rename(id: SweepId, name: string): Promise<void> {
    byId.value.set(id, await invoke('sweep:rename', { id, name }));
    triggerRef(byId);
  }

  function patch(ids: readonly SweepId[], change: Partial<SweepSummary>): void {
    for (const id of ids) {
      const row = byId.value.get(id);
      if (row !== undefined) byId.value.set(id, { ...row, ...change });
    }
    triggerRef(byId);
  }

  async function moveToTrash(ids: readonly SweepId[]): Promise<void> {
    await invoke('sweep:delete', { ids: [...ids] });
    patch(ids, { deletedAt: Date.now() });
  }

  async function restore(ids: readonly SweepId[]): Promise<void> {
    await invoke('sweep:restore', { ids: [...ids] });
    patch(ids, { deletedAt: null });
  }

  /** Deletes for good, with all runs, and returns the bytes it freed. */
  async function purge(ids: readonly SweepId[]): Promise<number> {
    const { freedBytes } = await invoke('sweep:purge', { ids: [...ids] });
    for (const id of ids) byId.value.delete(id);
    triggerRef(byId);
    return freedBytes;
  }

  return {
    byId,
    listed,
    trash,
    live,
    state,
    failure,
    shown,
    load,
    applyFrame,
    start,
    control,
    rename,
    moveToTrash,
    restore,
    purge,
  };
});
