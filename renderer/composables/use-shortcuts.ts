/** Keyboard commands of a component, for as long as it lives. */

import { tryOnScopeDispose } from '@vueuse/core';
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

/** The frame's list first, then the page's: later ones are asked first. */
const layers: (readonly Shortcut[])[] = [];

/** A dialog or menu that is open has the keyboard to itself. */
function overlayOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]') !== null;
}

function onKeydown(event: KeyboardEvent): void {
  if (event.defaultPrevented || overlayOpen()) return;
  for (const shortcut of layers.toReversed().flat()) {
    if (!isShortcut(event, shortcut.keys, onMac)) continue;
    if (belongsToFocus(event, document.activeElement, shortcut.everywhere ?? false)) return;
    if (shortcut.when?.() === false) continue;
    event.preventDefault();
    shortcut.run(event);
    return;
  }
}

/** Adds commands until the component's scope ends. A page's commands win over the frame's for the same key. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  if (layers.length === 0) document.addEventListener('keydown', onKeydown);
  layers.push(shortcuts);
  tryOnScopeDispose(() => {
    layers.splice(layers.indexOf(shortcuts), 1);
    if (layers.length === 0) document.removeEventListener('keydown', onKeydown);
  });
}
