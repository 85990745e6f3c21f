import { describe, expect, it } from 'vitest';
import type { TrialRow } from '../../../electron/contract/sweeps.ts';
import type { TrialParams } from '../../../engine/spec/search-space.ts';
import { createSelection, SCORE_AXIS, valueOnAxis, withinBrush } from '../../../renderer/sweep/selection.ts';

const trial = (number: number, params: TrialParams, score: number | null): TrialRow =>
  ({ number, params, score }) as unknown as TrialRow;

describe('brushes', () => {
  it('hold both ends of a stretch', () => {
    const brush = { kind: 'range', from: 0.001, to: 0.01 } as const;
    expect([0.001, 0.005, 0.01].map((value) => withinBrush(brush, value))).toEqual([true, true, true]);
    expect([0.0009, 0.0101, 'adam', undefined].map((value) => withinBrush(brush, value))).toEqual(
      Array.from({ length: 4 }, () => false),
    );
  });

  it('hold values of a choice, any JSON', () => {
    const brush = { kind: 'values', values: ['he', { normal: 0.01 }] } as const;
    expect(withinBrush(brush, { normal: 0.01 })).toBe(true);
    expect(withinBrush(brush, { normal: 0.1 })).toBe(false);
  });

  it('must all be met; a trial without a value is outside', () => {
    const selection = createSelection();
    const rows = [
      trial(0, { lr: 0.1, type: 'adam' }, 0.9),
      trial(1, { lr: 0.1, type: 'sgd' }, 0.5),
      trial(2, { type: 'adam' }, 0.9),
      trial(3, { lr: 0.1, type: 'adam' }, null),
    ];
    const inside = (): number[] => rows.filter(selection.inBrush.value).map((row) => row.number);
    expect(inside()).toEqual([0, 1, 2, 3]);
    selection.brush('lr', { kind: 'range', from: 0.01, to: 1 });
    expect(inside()).toEqual([0, 1, 3]);
    selection.brush('type', { kind: 'values', values: ['adam'] });
    selection.brush(SCORE_AXIS, { kind: 'range', from: 0.8, to: 1 });
    expect(inside()).toEqual([0]);
    selection.brush('lr', null);
    expect(inside()).toEqual([0, 2]);
    selection.clearBrushes();
    expect(inside()).toEqual([0, 1, 2, 3]);
  });
});

it('adds and takes away single trials', () => {
  const selection = createSelection();
  selection.select([1, 2]);
  selection.toggle(2);
  selection.toggle(3);
  expect([...selection.selected.value]).toEqual([1, 3]);
});

it('reads the score beside the parameters', () => {
  expect(valueOnAxis(trial(0, { lr: 1 }, 0.5), SCORE_AXIS)).toBe(0.5);
  expect(valueOnAxis(trial(0, { lr: 1 }, null), SCORE_AXIS)).toBeUndefined();
  expect(valueOnAxis(trial(0, { lr: 1 }, 0.5), 'lr')).toBe(1);
});
