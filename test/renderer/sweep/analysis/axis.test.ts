/** Axes of the analysis charts, positions worked out by hand. */

import { describe, expect, it } from 'vitest';
import {
  brushOf,
  brushText,
  parameterAxis,
  rampEnds,
  scoreAxis,
  stretchOf,
} from '../../../../renderer/sweep/analysis/axis.ts';
import { withinBrush } from '../../../../renderer/sweep/selection.ts';
import { ACCURACY, LOSS } from './rows.ts';

const lr = parameterAxis('optimizer.lr', 'lr', { type: 'log-uniform', min: 1e-6, max: 1e-2 }, []);
const units = parameterAxis('units', 'units', { type: 'int', min: 20, max: 120, step: 10 }, []);
const type = parameterAxis('optimizer.type', 'optimizer', { type: 'choice', values: ['sgd', 'adam', { a: 1 }] }, []);

describe('parameterAxis', () => {
  it('places logarithmic ranges by their logarithm', () => {
    expect(lr.at(1e-4)).toBeCloseTo(0.5, 12);
    expect(lr.valueAt(0.25)).toBeCloseTo(1e-5, 17);
    expect(lr.ticks.map(({ label }) => label)).toEqual(['1e−6', '1e−5', '1e−4', '0.001', '0.01']);
  });
  it('places whole numbers by their value and choices in the middle of their cells', () => {
    expect(units.at(70)).toBe(0.5);
    expect(type.at('adam')).toBe(0.5);
    expect(type.at({ a: 1 })).toBeCloseTo(5 / 6, 12);
    expect(type.ticks.map(({ label }) => label)).toEqual(['sgd', 'adam', '{"a":1}']);
  });
  it('has no place for what is missing or no value of the choice', () => {
    expect([lr.at(undefined), lr.at('x'), type.at('rmsprop'), type.at(undefined)]).toEqual([NaN, NaN, NaN, NaN]);
  });
  it('widens for a suggestion by hand beyond the range', () => {
    const wide = parameterAxis('p', 'p', { type: 'uniform', min: 0, max: 1 }, [0.5, 2, undefined]);
    expect(wide.at(2)).toBe(1);
    expect(wide.at(0.5)).toBe(0.25);
  });
});

describe('scoreAxis', () => {
  it('holds all scores of an accuracy, within 0 and 1, the unit at the top', () => {
    const axis = scoreAxis(ACCURACY, 'accuracy', Float64Array.of(0.1, 0.4, 0.7, 0.98, NaN));
    expect([axis.valueAt(0), axis.valueAt(1)]).toEqual([0, 1]);
    expect(axis.ticks.at(-1)?.label).toBe('100%');
  });
  // Quartiles 0.92 and 0.96: nothing below 0.92 − 3 · 0.04 = 0.8 stretches the axis.
  it('does not stretch for a score far on the bad side, which then stands at the end', () => {
    const axis = scoreAxis(ACCURACY, 'accuracy', Float64Array.of(0.1, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.92, 0.96));
    expect(axis.valueAt(0)).toBeCloseTo(0.8, 10);
    expect(axis.at(0.1)).toBe(0);
  });
  it('is logarithmic for losses over more than a factor of 20, and never above 0 only by chance', () => {
    expect(scoreAxis(LOSS, 'loss', Float64Array.of(0.05, 0.5, 5)).log).toBe(true);
    expect(scoreAxis(LOSS, 'loss', Float64Array.of(0.05, 0.5)).log).toBe(false);
    expect(scoreAxis(LOSS, 'loss', Float64Array.of(0, 0.5, 50)).log).toBe(false);
  });
  it('leaves the far good end alone', () => {
    const axis = scoreAxis(LOSS, 'loss', Float64Array.of(1, 2, 2.1, 2.2, 2.3, 2.4, 2.5));
    expect(axis.valueAt(0)).toBeLessThanOrEqual(1);
  });
  it('stands without scores, with one and with equal ones', () => {
    for (const scores of [[], [0.5], [0.5, 0.5]]) {
      const axis = scoreAxis(ACCURACY, 'accuracy', Float64Array.from(scores));
      expect(axis.valueAt(1)).toBeGreaterThan(axis.valueAt(0));
    }
  });
  it('names the worst end of the ramp first', () => {
    const axis = scoreAxis(LOSS, 'loss', Float64Array.of(0, 1));
    expect(rampEnds(axis, 'minimize')).toEqual({ low: '1.0000', high: '0.0000' });
    expect(rampEnds(axis, 'maximize')).toEqual({ low: '0.0000', high: '1.0000' });
  });
});

describe('brushes', () => {
  it('hold a stretch of values, whichever end was first', () => {
    const brush = brushOf(lr, 0.75, 0.5);
    expect(brush).toEqual({
      kind: 'range',
      from: expect.closeTo(1e-4, 15) as number,
      to: expect.closeTo(1e-3, 15) as number,
    });
    expect(stretchOf(lr, brush!).min).toBeCloseTo(0.5, 12);
    expect(brushText(lr, brush!)).toBe('1e−4 … 0.001');
  });
  it('hold what lies beyond an end they reach', () => {
    const brush = brushOf(lr, 0.5, 1.2)!;
    expect(withinBrush(brush, 0.5)).toBe(true);
    expect(stretchOf(lr, brush)).toEqual({ min: expect.closeTo(0.5, 12) as number, max: 1 });
    expect(brushText(lr, brush)).toBe('≥ 1e−4');
  });
  it('hold the values of a choice they touch', () => {
    const brush = brushOf(type, 0.4, 0.7)!;
    expect(brush).toEqual({ kind: 'values', values: ['adam', { a: 1 }] });
    expect(stretchOf(type, brush)).toEqual({
      min: expect.closeTo(1 / 3, 12) as number,
      max: expect.closeTo(1, 12) as number,
    });
  });
  it('are none when they hold everything', () => {
    expect(brushOf(lr, 0, 1)).toBeNull();
    expect(brushOf(type, 0, 1)).toBeNull();
  });
});
