/** What can be taken back. Every entry knows both ways; both must be safe to repeat. */

import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
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

  async function attempt(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      useNoticesStore().problem(error);
      return false;
    }
  }

  /** Takes back the last thing, or `entry` wherever it is in the list. */
  async function undo(entry: UndoEntry | undefined = past.value.at(-1)): Promise<void> {
    if (entry === undefined || !past.value.includes(entry)) return;
    past.value = past.value.filter((one) => one !== entry);
    if (await attempt(entry.undo)) future.value = [...future.value, entry];
  }

  async function redo(): Promise<void> {
    const entry = future.value.at(-1);
    if (entry === undefined) return;
    future.value = future.value.slice(0, -1);
    if (await attempt(entry.redo)) past.value = [...past.value, entry];
  }

  return { canUndo, canRedo, push, undo, redo };
});
