/** All runs as rows, and the live figures of those that train. Points and histograms never come here. */

import { defineStore } from 'pinia';
import { computed, shallowRef, triggerRef } from 'vue';
import type { FeedFrame, SystemLoad } from '../../electron/contract/feed.ts';
import { unpackRows } from '../../electron/contract/packed-rows.ts';
import { StudioFailure } from '../../electron/contract/outcome.ts';
import type { RunMarks, RunProgress, RunSummary } from '../../electron/contract/runs.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import { LIVE_STATUSES } from '../../engine/spec/run-status.ts';
import type { RunSpecInput } from '../../engine/spec/run-spec.ts';
import { invoke } from '../bridge/studio.ts';

export const useRunsStore = defineStore('runs', () => {
  // One map changed in place: ten thousand rows are not copied ten times a second.
  const byId = shallowRef(new Map<RunId, RunSummary>());
  const progress = shallowRef<ReadonlyMap<RunId, RunProgress>>(new Map());
  const system = shallowRef<SystemLoad | null>(null);
  const state = shallowRef<'loading' | 'ready' | 'error'>('loading');
  const failure = shallowRef<unknown>(null);

  /** Every run that is not in the trash, the archived ones too. Trials are found in their sweeps. */
  const own = computed(() => [...byId.value.values()].filter((row) => row.trial === undefined));
  const rows = computed(() => own.value.filter((row) => row.deletedAt === null));
  const listed = computed(() => rows.value.filter((row) => row.archivedAt === null));
  const archived = computed(() => rows.value.filter((row) => row.archivedAt !== null));
  const trash = computed(() => own.value.filter((row) => row.deletedAt !== null));
  /** Queued, running and paused runs, the oldest first. */
  const live = computed(() =>
    rows.value.filter((row) => LIVE_STATUSES.includes(row.status)).sort((a, b) => a.number - b.number),
  );

  /** Reads every row from the store: at the start, and again when the feed has lost frames. */
  async function load(): Promise<void> {
    try {
      const [kept, deleted] = await Promise.all([
        invoke('run:list', { trash: false }),
        invoke('run:list', { trash: true }),
      ]);
      const rows = [...unpackRows(kept), ...unpackRows(deleted)];
      // Trials are not listed: those that are known stay.
      const trials = [...byId.value.values()].filter((row) => row.trial !== undefined);
      byId.value = new Map([...trials, ...rows].map((row) => [row.id, row]));
      state.value = 'ready';
      failure.value = null;
    } catch (error) {
      failure.value = error;
      // Rows that are there stay: an old table is more use than none.
      if (byId.value.size === 0) state.value = 'error';
    }
  }

  function applyFrame(frame: FeedFrame): void {
    if (frame.system !== null) system.value = frame.system;
    if (frame.runs.length > 0 || frame.purged.length > 0) {
      for (const row of frame.runs) byId.value.set(row.id, row);
      for (const id of frame.purged) byId.value.delete(id);
      triggerRef(byId);
    }
    const ended = frame.runs.some((row) => progress.value.has(row.id) && !LIVE_STATUSES.includes(row.status));
    if (frame.progress.length > 0 || ended) {
      const next = new Map(progress.value);
      for (const one of frame.progress) next.set(one.id, one);
      for (const id of next.keys()) {
        const row = byId.value.get(id);
        if (row !== undefined && !LIVE_STATUSES.includes(row.status)) next.delete(id);
      }
      progress.value = next;
    }
  }

  /** Reads rows that are not listed: trials of sweeps that somebody compares. Those deleted for good stay unknown. */
  async function know(ids: readonly RunId[]): Promise<void> {
    for (const id of ids) {
      if (byId.value.has(id)) continue;
      try {
        const { summary } = await invoke('run:get', { id });
        byId.value.set(id, summary);
      } catch (error) {
        if (!(error instanceof StudioFailure) || error.error.code !== 'not_found') throw error;
      }
    }
    triggerRef(byId);
  }

  function patch(ids: readonly RunId[], change: Partial<RunSummary>): void {
    for (const id of ids) {
      const row = byId.value.get(id);
      if (row !== undefined) byId.value.set(id, { ...row, ...change });
    }
    triggerRef(byId);
  }

  /** Starts a run and returns its id. Throws a StudioFailure, with `issues` when the spec is wrong. */
  async function start(spec: RunSpecInput): Promise<RunId> {
    return invoke('run:start', { spec });
  }

  async function rename(id: RunId, name: string): Promise<void> {
    const row = await invoke('run:rename', { id, name });
    byId.value.set(id, row);
    triggerRef(byId);
  }

  /** Stars, archives, tags, or writes notes; what `marks` leaves out stays. */
  async function mark(ids: readonly RunId[], marks: RunMarks): Promise<void> {
    for (const row of await invoke('run:mark', { ids: [...ids], marks })) byId.value.set(row.id, row);
    triggerRef(byId);
  }

  async function moveToTrash(ids: readonly RunId[]): Promise<void> {
    await invoke('run:delete', { ids: [...ids] });
    patch(ids, { deletedAt: Date.now() });
  }

  async function restore(ids: readonly RunId[]): Promise<void> {
    await invoke('run:restore', { ids: [...ids] });
    patch(ids, { deletedAt: null });
  }

  /** Deletes for good; returns the bytes freed. */
  async function purge(ids: readonly RunId[]): Promise<number> {
    const { freedBytes } = await invoke('run:purge', { ids: [...ids] });
    for (const id of ids) byId.value.delete(id);
    triggerRef(byId);
    return freedBytes;
  }

  return {
    byId,
    rows,
    listed,
    archived,
    trash,
    live,
    progress,
    system,
    state,
    failure,
    load,
    know,
    applyFrame,
    start,
    rename,
    mark,
    moveToTrash,
    restore,
    purge,
  };
});
