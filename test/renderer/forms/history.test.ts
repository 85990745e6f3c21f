// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { createHistory, typedField } from '../../../renderer/forms/history.ts';

describe('createHistory', () => {
  it('goes back and forth through the changes', () => {
    const history = createHistory('a');
    history.note('b', 'units', 0);
    history.note('c', 'lr', 10);
    expect([history.undo(), history.undo(), history.undo()]).toEqual(['b', 'a', null]);
    expect([history.redo(), history.redo(), history.redo()]).toEqual(['b', 'c', null]);
  });

  it('takes fast typing in one field as one change', () => {
    const history = createHistory('1');
    history.note('12', 'units', 0);
    history.note('128', 'units', 300);
    expect(history.undo()).toBe('1');
  });

  it('keeps slow changes, and changes of two fields, apart', () => {
    const history = createHistory('1');
    history.note('2', 'units', 0);
    history.note('3', 'units', 5000);
    history.note('4', 'lr', 5100);
    expect([history.undo(), history.undo(), history.undo()]).toEqual(['3', '2', '1']);
  });

  it('forgets what could be redone once something new is done', () => {
    const history = createHistory('a');
    history.note('b', '', 0);
    history.undo();
    history.note('c', '', 5000);
    expect(history.canRedo).toBe(false);
    expect(history.undo()).toBe('a');
  });

  it('keeps clicks apart however fast they follow, also right after an undo', () => {
    const history = createHistory('a');
    history.note('b', '', 0);
    history.note('c', '', 10);
    expect(history.undo()).toBe('b');
    history.note('d', '', 20);
    expect([history.undo(), history.undo(), history.undo()]).toEqual(['b', 'a', null]);
  });
});

describe('typedField', () => {
  it.each([
    ['<input type="text" id="f">', 'f'],
    ['<textarea id="f"></textarea>', 'f'],
    ['<input type="checkbox" id="f">', ''],
    ['<button id="f"></button>', ''],
  ])('is what keys go to: %s', (html, field) => {
    document.body.innerHTML = html;
    document.getElementById('f')?.focus();
    expect(typedField()).toBe(field);
  });
});
