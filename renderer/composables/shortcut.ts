/** Keys as text ("Ctrl+Shift+Z", "N", "?") and whether a key press is one of them. No Vue here. */

/** What of a keyboard event decides. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode?: number;
}

/** Keys that write their own sign with Shift on some keyboards: Shift must not be asked of them. */
const SIGNS = /^[^a-z0-9 ]$/i;

/** True when `press` is `keys`. `Ctrl` is the command key on macOS. */
export function isShortcut(press: KeyPress, keys: string, mac: boolean): boolean {
  const parts = keys.split('+').map((part) => part.toLowerCase());
  const key = parts.at(-1) ?? '';
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name);
  const command = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  if (command !== wants('ctrl') || other || press.altKey !== wants('alt')) return false;
  if (!SIGNS.test(key) && press.shiftKey !== wants('shift')) return false;
  return press.key.toLowerCase() === (key === 'space' ? ' ' : key);
}

/** True while an input method builds a character: its keys are not ours. */
export function isComposing(press: KeyPress): boolean {
  return press.isComposing || press.keyCode === 229;
}

const TEXT_INPUTS = new Set(['text', 'search', 'number', 'password', 'email', 'url', 'tel', '']);

/** What an element with the focus does with keys by itself. */
export function keysTakenBy(element: Element | null): 'all' | 'activation' | 'none' {
  if (element === null) return 'none';
  const tag = element.tagName.toLowerCase();
  if (tag === 'textarea' || tag === 'select') return 'all';
  if (tag === 'input') return TEXT_INPUTS.has(element.getAttribute('type') ?? '') ? 'all' : 'activation';
  if (element.getAttribute('contenteditable') === 'true') return 'all';
  const role = element.getAttribute('role') ?? '';
  if (['menu', 'menuitem', 'listbox', 'option', 'combobox'].includes(role)) return 'all';
  if (tag === 'button' || tag === 'a' || ['slider', 'radio', 'checkbox', 'switch', 'tab', 'button'].includes(role)) {
    return 'activation';
  }
  return 'none';
}

/** Keys a focused button, slider or choice uses itself. */
const ACTIVATION = new Set([' ', 'Enter', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End']);

/** True when the element with the focus should have this key press. `everywhere` shortcuts only yield to composing. */
export function belongsToFocus(press: KeyPress, focused: Element | null, everywhere: boolean): boolean {
  if (isComposing(press)) return true;
  if (everywhere) return false;
  const taken = keysTakenBy(focused);
  return taken === 'all' || (taken === 'activation' && ACTIVATION.has(press.key));
}
