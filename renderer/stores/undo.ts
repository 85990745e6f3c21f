/** What can be taken back. Every entry knows both ways; both must be safe to repeat. */

import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { StudioFailure } from '../../electron/contract/outcome.ts';
import { useNoticesStore } from './notices.ts';

export interface UndoEntry {
  readonly undo: () => Promise<void>;
  readonly redo: () => Promise<void>;
}

const LIMIT = 100;

export const useUndoStore = defineStore('undo', () => {
  const past = shallowRef<readonly UndoEntry[]>([]);
  const future = shallowRef<readonly UndoEntry[]>([]);
  const canUndo = computed(() => past.value.length > 0);
  const canRedo = computed(() => future.value.length > 0);

  /** Remembers something that was just done. What had been undone before can no longer be redone. */
  function push(entry: UndoEntry): void {
    past.value = [...past.value, entry].slice(-LIMIT);
    future.value = [];
  }

  /** Whether the entry has moved on. One that failed stays where it was, unless what it is about is gone for good. */
  async function attempt(act: () => Promise<void>): Promise<'done' | 'kept' | 'gone'> {
    try {
      await act();
      return 'done';
    } catch (error) {
      useNoticesStore().problem(error);
      return error instanceof StudioFailure && error.error.code === 'not_found' ? 'gone' : 'kept';
    }
  }

  /** Takes back the last thing, or `entry` wherever it is in the list. */
  async function undo(entry: UndoEntry | undefined = past.value.at(-1)): Promise<void> {
    if (entry === undefined) return;
    const place = past.value.indexOf(entry);
    if (place < 0) return;
    // Out of the list while it is tried, so that a second undo takes the one before.
    past.value = past.value.toSpliced(place, 1);
    const outcome = await attempt(entry.undo);
    if (outcome === 'done') future.value = [...future.value, entry];
    else if (outcome === 'kept') past.value = past.value.toSpliced(place, 0, entry);
  }

  async function redo(): Promise<void> {
    const entry = future.value.at(-1);
    if (entry === undefined) return;
    future.value = future.value.slice(0, -1);
    const outcome = await attempt(entry.redo);
    if (outcome === 'done') past.value = [...past.value, entry];
    else if (outcome === 'kept') future.value = [...future.value, entry];
  }

  return { canUndo, canRedo, push, undo, redo };
});
