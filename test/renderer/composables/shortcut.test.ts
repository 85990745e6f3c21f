// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { belongsToFocus, isShortcut, keysTakenBy, type KeyPress } from '../../../renderer/composables/shortcut.ts';
import { useShortcuts } from '../../../renderer/composables/use-shortcuts.ts';

function press(key: string, change: Partial<KeyPress> = {}): KeyPress {
  return { key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, isComposing: false, ...change };
}
function element(html: string): Element {
  const holder = document.createElement('div');
  holder.innerHTML = html;
  const { firstElementChild } = holder;
  if (firstElementChild === null) throw new Error('no element');
  return firstElementChild;
}

describe('matching keys', () => {
  it.each([
    ['N', press('n'), true],
    ['N', press('N', { shiftKey: true }), false],
    ['N', press('n', { ctrlKey: true }), false],
    ['Ctrl+K', press('k', { ctrlKey: true }), true],
    ['Ctrl+K', press('k'), false],
    ['Ctrl+K', press('k', { metaKey: true }), false],
    ['Ctrl+Z', press('Z', { ctrlKey: true, shiftKey: true }), false],
    ['Ctrl+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true }), true],
    ['?', press('?', { shiftKey: true }), true],
    ['/', press('/', { shiftKey: true }), true],
    ['Space', press(' '), true],
    ['Shift+ArrowDown', press('ArrowDown', { shiftKey: true }), true],
    ['ArrowDown', press('ArrowDown', { shiftKey: true }), false],
    ['F2', press('F2'), true],
    ['E', press('e', { altKey: true }), false],
  ])('%s, %o', (keys, event, expected) => expect(isShortcut(event, keys, false)).toBe(expected));

  it('takes the command key on macOS', () => {
    expect(isShortcut(press('k', { metaKey: true }), 'Ctrl+K', true)).toBe(true);
    expect(isShortcut(press('k', { ctrlKey: true }), 'Ctrl+K', true)).toBe(false);
  });
});

describe('what a focused element keeps', () => {
  it.each([
    ['<input type="text">', 'all'],
    ['<input>', 'all'],
    ['<textarea></textarea>', 'all'],
    ['<div contenteditable="true"></div>', 'all'],
    ['<input type="checkbox">', 'activation'],
    ['<button></button>', 'activation'],
    ['<div role="slider"></div>', 'activation'],
    ['<div role="menuitem"></div>', 'all'],
    ['<div tabindex="0"></div>', 'none'],
  ])('%s', (html, taken) => expect(keysTakenBy(element(html))).toBe(taken));

  it('a text field keeps every single key, but not the combinations for everywhere', () => {
    const field = element('<input>');
    expect(belongsToFocus(press('n'), field, false)).toBe(true);
    expect(belongsToFocus(press('z', { ctrlKey: true }), field, false)).toBe(true);
    expect(belongsToFocus(press('k', { ctrlKey: true }), field, true)).toBe(false);
  });
  it('a button keeps what presses or leaves it', () => {
    const button = element('<button></button>');
    expect(belongsToFocus(press(' '), button, false)).toBe(true);
    expect(belongsToFocus(press('n'), button, false)).toBe(false);
  });
  it('a character being composed is nobody else’s', () => {
    expect(belongsToFocus(press('n', { isComposing: true }), null, true)).toBe(true);
    expect(belongsToFocus(press('Process', { keyCode: 229 }), null, true)).toBe(true);
  });
});

describe('useShortcuts', () => {
  const scopes: { stop: () => void }[] = [];
  const use = (...lists: Parameters<typeof useShortcuts>): { stop: () => void } => {
    const scope = effectScope();
    scope.run(() => useShortcuts(...lists));
    scopes.push(scope);
    return scope;
  };
  const type = (key: string): boolean =>
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  afterEach(() => {
    scopes.splice(0).forEach((scope) => scope.stop());
    document.body.innerHTML = '';
  });

  it('asks the page before the frame, and the frame again when the page is gone', () => {
    const [frame, page] = [vi.fn(), vi.fn()];
    use([{ keys: 'D', run: frame }]);
    const scope = use([{ keys: 'D', run: page }]);
    expect(type('d')).toBe(false);
    expect([frame.mock.calls.length, page.mock.calls.length]).toEqual([0, 1]);
    scope.stop();
    type('d');
    expect([frame.mock.calls.length, page.mock.calls.length]).toEqual([1, 1]);
  });

  it('passes on while `when` says no, and leaves unknown keys alone', () => {
    const [frame, page] = [vi.fn(), vi.fn()];
    use([{ keys: 'D', run: frame }]);
    use([{ keys: 'D', run: page, when: () => false }]);
    type('d');
    expect([frame.mock.calls.length, page.mock.calls.length]).toEqual([1, 0]);
    expect(type('q')).toBe(true);
  });

  it('is silent while a dialog is open', () => {
    const run = vi.fn();
    use([{ keys: 'N', run }]);
    document.body.innerHTML = '<div role="alertdialog"></div>';
    type('n');
    expect(run).not.toHaveBeenCalled();
  });
});
