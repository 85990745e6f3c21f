/** Keyboard commands of a component, for as long as it lives. */

import { useEventListener } from '@vueuse/core';
import { onMac } from '../text/platform.ts';
import { belongsToFocus, isShortcut } from './shortcut.ts';

export interface Shortcut {
  /** "N", "Ctrl+K", "Shift+ArrowDown", "?". */
  readonly keys: string;
  readonly run: (event: KeyboardEvent) => void;
  /** Leaves the key to others while false. */
  readonly when?: () => boolean;
  /** Also while a text field has the focus; for combinations that mean nothing to it. */
  readonly everywhere?: boolean;
}

/** A dialog or menu that is open has the keyboard to itself. */
function overlayOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]') !== null;
}

/** Listens on the document; the first match wins and the key does nothing else. Later components go first. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  useEventListener(document, 'keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || overlayOpen()) return;
    for (const shortcut of shortcuts) {
      if (!isShortcut(event, shortcut.keys, onMac)) continue;
      if (belongsToFocus(event, document.activeElement, shortcut.everywhere ?? false)) return;
      if (shortcut.when?.() === false) continue;
      event.preventDefault();
      shortcut.run(event);
      return;
    }
  });
}
