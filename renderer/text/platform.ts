/** Which modifier key commands use here, for showing and matching keys. */

/** True on macOS, where `Ctrl` in a shortcut means the command key. */
export const onMac = /mac/i.test(globalThis.navigator?.platform ?? '');

const MAC_SYMBOLS: Readonly<Record<string, string>> = { Ctrl: '⌘', Shift: '⇧', Alt: '⌥', Del: '⌫' };

/** "Ctrl K" as it is, "⌘K" on macOS. */
export function keyText(keys: string, mac: boolean = onMac): string {
  if (!mac) return keys;
  return keys
    .split(' ')
    .map((key) => MAC_SYMBOLS[key] ?? key)
    .join('');
}
