/** The small panels of the runs page: tags, project, colour, notes, columns. Which is open, for which runs, and beside what. */

import { shallowRef, type ShallowRef } from 'vue';
import type { RunId } from '../../../engine/spec/ids.ts';

export type RunPanel = 'tags' | 'project' | 'color' | 'notes' | 'columns';

export interface OpenPanel {
  readonly panel: RunPanel;
  readonly anchor: DOMRect;
  /** Kept from when it was opened: a tag can take a row out of the list. */
  readonly ids: readonly RunId[];
}

export interface UseRunPanelsReturn {
  readonly panel: ShallowRef<OpenPanel | null>;
  readonly open: (panel: RunPanel, ids: readonly RunId[]) => void;
  readonly close: () => void;
}

const placeOf = (selector: string): DOMRect | null => document.querySelector(selector)?.getBoundingClientRect() ?? null;

/** Beside the button that opens it, else beside the first run's name, else at the top of the list. */
function anchorOf(panel: RunPanel, ids: readonly RunId[]): DOMRect {
  const [first] = ids;
  const button = { tags: 'selection-tag', project: null, color: null, columns: 'runs-columns', notes: null }[panel];
  const at =
    (button === null ? null : placeOf(`[data-testid="${button}"]`)) ??
    (first === undefined ? null : placeOf(`#run-row-${first} [data-testid="run-row-name"]`)) ??
    placeOf('[data-testid="runs-count"]');
  return at ?? new DOMRect(globalThis.innerWidth / 2, globalThis.innerHeight / 3, 0, 0);
}

export function useRunPanels(): UseRunPanelsReturn {
  const panel = shallowRef<OpenPanel | null>(null);
  return {
    panel,
    open: (which, ids) => {
      panel.value = { panel: which, ids, anchor: anchorOf(which, ids) };
    },
    close: () => {
      panel.value = null;
    },
  };
}
