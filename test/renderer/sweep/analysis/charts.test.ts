/** What the analysis charts draw of a handful of trials, pixels worked out by hand. */

import { describe, expect, it } from 'vitest';
import type { SearchSpace } from '../../../../engine/spec/search-space.ts';
import { bandwidthFor, surfaceOf } from '../../../../renderer/sweep/analysis/contour.ts';
import { curvesDrawing } from '../../../../renderer/sweep/analysis/curves.ts';
import type { Mark, TrialDrawing } from '../../../../renderer/sweep/analysis/drawing.ts';
import { historyDrawing } from '../../../../renderer/sweep/analysis/history.ts';
import { importanceBars, importanceShapes } from '../../../../renderer/sweep/analysis/importance-chart.ts';
import { importanceScores } from '../../../../renderer/sweep/analysis/importance-scores.ts';
import { parallelDrawing } from '../../../../renderer/sweep/analysis/parallel.ts';
import { scatterDrawing, slicesDrawing, ticksThatFit } from '../../../../renderer/sweep/analysis/scatter.ts';
import { timelineDrawing, workTime } from '../../../../renderer/sweep/analysis/timeline.ts';
import { bestSoFar, topThreshold } from '../../../../renderer/sweep/analysis/trial-table.ts';
import { ACCURACY, LOSS, row, tableOf } from './rows.ts';

const UNIT = { type: 'uniform', min: 0, max: 1 } as const;
const SPACE: SearchSpace = {
  type: { type: 'choice', values: ['a', 'b'] },
  x: { ...UNIT, when: { path: 'type', in: ['a'] } },
};
const TRIALS = [
  row(0, { params: { type: 'a', x: 0 }, score: 0 }),
  row(1, { params: { type: 'a', x: 1 }, score: 1 }),
  row(2, { params: { type: 'b' }, score: 0.5, status: 'pruned' }),
  row(3, { params: { type: 'b' }, score: null, status: 'failed' }),
];
const table = tableOf(SPACE, TRIALS);
// The plot is 400 × 200 with these margins: 40 at the left, 14 right, 10 above, 22 below.
const SIZE = { width: 454, height: 232 };
const dots = (drawing: TrialDrawing, place: number): number[][] =>
  drawing.marks(place).map((mark) => (mark.kind === 'dot' ? [mark.x, mark.y] : []));
const line = (marks: readonly Mark[]): number[] => (marks[0]?.kind === 'line' ? [...marks[0].points] : []);
const kinds = (drawing: TrialDrawing): string[] => drawing.trials(null, false).map(({ kind }) => kind);

describe('trial table', () => {
  it('gives the worst score level 2 of the ramp, the best 7, none to trials without one', () => {
    expect([...table.levels]).toEqual([2, 7, 5, 0]);
    const losses = tableOf(SPACE, [row(0, { score: 1 }), row(1, { score: 0 })], LOSS);
    expect([...losses.levels]).toEqual([2, 7]);
  });
  it('keeps the steps of the best score among completed trials, by number', () => {
    const rows = [
      row(2, { score: 0.9, status: 'pruned' }),
      row(1, { score: 0.6 }),
      row(0, { score: 0.5 }),
      row(3, { score: 0.6 }),
      row(4, { score: 0.8 }),
    ];
    expect(bestSoFar(ACCURACY, rows)).toEqual([
      { trial: 0, score: 0.5 },
      { trial: 1, score: 0.6 },
      { trial: 4, score: 0.8 },
    ]);
    expect(bestSoFar(LOSS, rows)).toEqual([{ trial: 0, score: 0.5 }]);
  });
  it('finds the score at the end of the best part', () => {
    const scores = Float64Array.of(0.1, 0.9, NaN, 0.5, 0.7);
    expect(topThreshold(ACCURACY, scores, 0.5)).toBe(0.7);
    expect(topThreshold(LOSS, scores, 0.25)).toBe(0.1);
    expect(topThreshold(ACCURACY, Float64Array.of(NaN), 0.5)).toBeNull();
  });
});

describe('history', () => {
  const drawing = historyDrawing(table, ACCURACY, 5, SIZE);
  it('places trials by number and score, those without one at the worse end', () => {
    expect([0, 1, 2, 3].map((place) => dots(drawing, place))).toEqual([
      [[40, 210]],
      [[140, 10]],
      [[240, 110]],
      [[340, 210]],
    ]);
    const losses = historyDrawing(tableOf(SPACE, TRIALS, LOSS), LOSS, 5, SIZE);
    expect(dots(losses, 3)).toEqual([[340, 10]]);
  });
  it('draws the best so far as steps up to the last trial that has ended', () => {
    const [best] = drawing.above;
    expect(best?.kind === 'lines' ? [...best.points] : []).toEqual([40, 210, 140, 210, 140, 10, 340, 10]);
  });
  it('marks completed, pruned and failed trials apart', () => {
    const shapes = drawing.trials(null, false);
    expect(shapes.map(({ kind, fill, stroke }) => [kind, fill ?? stroke])).toEqual([
      ['dots', 'quiet'],
      ['dots', 'text'],
      ['lines', 'danger'],
    ]);
    expect(drawing.trials(Uint8Array.of(0, 0, 0, 1), false).map(({ kind }) => kind)).toEqual(['lines']);
  });
  it('finds the trial under the pointer, of those within the brush', () => {
    expect(drawing.nearest(143, 14, null)).toBe(1);
    expect(drawing.nearest(143, 14, Uint8Array.of(1, 0, 1, 1))).toBeNull();
    expect(drawing.nearest(180, 60, null)).toBeNull();
  });
  it('stands with no trial and with one', () => {
    expect(kinds(historyDrawing(tableOf(SPACE, []), ACCURACY, 0, SIZE))).toEqual([]);
    expect(kinds(historyDrawing(tableOf(SPACE, [row(0)]), ACCURACY, 1, SIZE))).toEqual(['dots']);
  });
});

describe('parallel coordinates', () => {
  // Axes at 40, 225 and 410; 30 px above them and 12 + 18 below: 160 high when the window is 220.
  const drawing = parallelDrawing(table, { width: 454, height: 220 });
  it('draws a trial from axis to axis, below an axis whose parameter it does not have', () => {
    expect(line(drawing.marks(1))).toEqual([40, 150, 225, 30, 410, 30]);
    expect(line(drawing.marks(2))).toEqual([40, 70, 225, 204, 410, 110]);
    expect(line(drawing.marks(3))).toEqual([40, 70, 225, 204, 410, 204]);
  });
  it('finds the nearest line between two axes', () => {
    // Half-way from 225 to 410: trial 1 is at 30, trial 2 at (204 + 110) / 2.
    expect(drawing.nearest(317.5, 155, null)).toBe(2);
    expect(drawing.nearest(317.5, 33, null)).toBe(1);
    expect(drawing.nearest(317.5, 80, null)).toBeNull();
  });
  it('draws the best last and on top, and what is outside of a brush in grey', () => {
    expect(drawing.trials(null, false).map(({ stroke }) => stroke)).toEqual(['quiet', 2, 5, 7]);
    expect(drawing.trials(null, true)).toMatchObject([{ stroke: 'quiet', opacity: 0.1 }]);
  });
  it('brushes along each axis', () => {
    expect(drawing.brushes.map(({ x, y }) => [x, y?.id])).toEqual([
      [null, 'type'],
      [null, 'x'],
      [null, 'score'],
    ]);
  });
  it('stands with one parameter', () => {
    const one = parallelDrawing(tableOf({ x: UNIT }, [row(0, { params: { x: 0.5 } })]), { width: 454, height: 202 });
    expect(line(one.marks(0))).toHaveLength(4);
  });
});

describe('slices and scatter', () => {
  it('leave a trial out of the slice of a parameter it does not have', () => {
    const drawing = slicesDrawing(table, SIZE);
    expect(dots(drawing, 0)).toHaveLength(2);
    expect(dots(drawing, 2)).toHaveLength(1);
    expect(dots(drawing, 3)).toHaveLength(0);
  });
  it('colour a scatter by the score, unless it is an axis', () => {
    const [type, x, score] = table.axes;
    const fills = (drawing: TrialDrawing): unknown[] => drawing.trials(null, false).map(({ fill }) => fill);
    expect(fills(scatterDrawing(table, type!, x!, SIZE))).toEqual([2, 7]);
    expect(fills(scatterDrawing(table, x!, score!, SIZE))).toEqual(['text']);
    expect(fills(scatterDrawing(table, score!, x!, SIZE))).toEqual(['text']);
  });
  it('keeps the labels that have room', () => {
    const ticks = [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, label: '12' }));
    expect(ticksThatFit(ticks, 200, 10)).toHaveLength(5);
    expect(ticksThatFit(ticks, 60, 10).map(({ value }) => value)).toEqual([0, 0.5, 1]);
    // Half of a label is 7 px: without slack the ends do not fit.
    expect(ticksThatFit(ticks, 200, 0)).toHaveLength(3);
  });
});

describe('contour', () => {
  const space: SearchSpace = { x: UNIT, y: UNIT };
  it('is the mean of the trials near by and blank where there is none', () => {
    const rows = [
      row(0, { params: { x: 0.2, y: 0.2 }, score: 0.2 }),
      row(1, { params: { x: 0.2, y: 0.2 }, score: 0.8 }),
    ];
    const two = tableOf(space, rows);
    const { values, columns, bandwidth } = surfaceOf(two, two.parameters[0]!, two.parameters[1]!);
    expect(bandwidth).toBe(0.15);
    const at = (x: number, y: number): number => values[Math.floor(y * 48) * columns + Math.floor(x * 48)] ?? 0;
    // Both scores have the same weight everywhere: (0.2 + 0.8) / 2, which is in the middle of the axis from 0.2 to 0.8.
    expect(at(0.2, 0.2)).toBeCloseTo(0.5, 10);
    expect(at(0.9, 0.9)).toBeNaN();
  });
  it('weighs by distance: a trial one bandwidth away counts e^(−1/2)', () => {
    const rows = [
      row(0, { params: { x: 0.26, y: 0.51 }, score: 0 }),
      row(1, { params: { x: 0.51, y: 0.51 }, score: 1 }),
    ];
    const far = tableOf(space, rows);
    const { values, columns } = surfaceOf(far, far.parameters[0]!, far.parameters[1]!);
    // Cells 12 and 24 of 48 are 0.25 apart; the weight is exp(−(0.25 / 0.15)² / 2).
    const weight = Math.exp(-((0.25 / 0.15) ** 2) / 2);
    expect(values[24 * columns + 24]).toBeCloseTo(1 / (1 + weight), 10);
    expect(values[24 * columns + 12]).toBeCloseTo(weight / (1 + weight), 10);
  });
  it('does not mix the values of a choice, and leaves pruned trials out', () => {
    const mixed = tableOf({ type: SPACE.type!, x: UNIT }, [
      row(0, { params: { type: 'a', x: 0.5 }, score: 0 }),
      row(1, { params: { type: 'b', x: 0.5 }, score: 1 }),
      row(2, { params: { type: 'b', x: 0.5 }, score: 0, status: 'pruned' }),
    ]);
    const { values, columns } = surfaceOf(mixed, mixed.parameters[0]!, mixed.parameters[1]!);
    expect(columns).toBe(2);
    expect([values[24 * 2], values[24 * 2 + 1]]).toEqual([0, 1]);
  });
  it('looks closer the more trials there are', () => {
    expect(bandwidthFor(64)).toBeCloseTo(0.5 / Math.sqrt(12), 10);
    expect(bandwidthFor(1e9)).toBe(0.04);
  });
});

describe('curves', () => {
  const curves = {
    trials: Int32Array.of(0, 2, 9),
    offsets: Int32Array.of(0, 3, 5, 6),
    epochs: Int32Array.of(1, 2, 3, 1, 2, 1),
    values: Float64Array.of(0, 0.5, 1, 0, 0.5, 0.3),
  };
  const drawing = curvesDrawing(table, curves, ACCURACY, SIZE);
  it('draws each trial over its epochs, and nothing for trials that are not in the table', () => {
    expect(line(drawing.marks(0))).toEqual([40, 210, 240, 110, 440, 10]);
    expect(line(drawing.marks(2))).toEqual([40, 210, 240, 110]);
    expect(drawing.marks(1)).toEqual([]);
    expect(drawing.order).toEqual([0, 2]);
  });
  it('ends pruned trials in a ring', () => {
    const ring = drawing.trials(null, false).find(({ kind }) => kind === 'dots');
    expect(ring?.kind === 'dots' ? [...ring.points] : []).toEqual([240, 110]);
    expect(drawing.trials(Uint8Array.of(1, 1, 0, 1), false).some(({ kind }) => kind === 'dots')).toBe(false);
  });
});

describe('timeline', () => {
  it('leaves nights out of the clock: 10 min, 8 h asleep, 10 min', () => {
    const minute = 60_000;
    const time = workTime([
      { from: 0, to: 10 * minute },
      { from: 490 * minute, to: 500 * minute },
      { from: 491 * minute, to: 499 * minute },
    ]);
    expect(time.total).toBe(20 * minute);
    expect(time.breaks).toEqual([10 * minute]);
    expect([0, 5, 200, 490, 495].map((at) => time.at(at * minute) / minute)).toEqual([0, 5, 10, 10, 15]);
  });
  it('keeps short waits', () => {
    const time = workTime([
      { from: 0, to: 1000 },
      { from: 3000, to: 4000 },
    ]);
    expect(time).toMatchObject({ total: 4000, breaks: [] });
  });
  it('gives each worker a lane and each stretch its place; one that goes on ends now', () => {
    const spans = [
      { trial: 0, worker: '2', from: 0, to: 500 },
      { trial: 1, worker: '10', from: 0, to: null },
      { trial: 0, worker: '2', from: 500, to: 750 },
    ];
    const drawing = timelineDrawing(table, spans, 1000, (name) => name, { width: 440, height: 230 });
    const boxes = (place: number) => drawing.marks(place);
    // Left 30 for "10" and 16 px, right 16: 394 px for 1,000 ms. Lanes of 40 px from 8, worker 2 before worker 10.
    expect(boxes(0)).toMatchObject([
      { kind: 'box', x: 30, y: 9 },
      { kind: 'box', x: 227, y: 9 },
    ]);
    expect(boxes(1)).toMatchObject([{ kind: 'box', x: 30, y: 49, width: 393 }]);
    expect(drawing.nearest(300, 60, null)).toBe(1);
    expect(drawing.nearest(400, 20, null)).toBeNull();
  });
});

describe('importance', () => {
  it('explains completed trials, by the logarithm on a logarithmic axis', () => {
    expect([...importanceScores(table)]).toEqual([0, 1, NaN, NaN]);
    const losses = tableOf({ x: UNIT }, [row(0, { score: 1 }), row(1, { score: Math.E ** 4 })], LOSS);
    expect(importanceScores(losses)[1]).toBeCloseTo(4, 12);
  });
  it('puts the largest share first and the rest last', () => {
    const share = (mean: number) => ({ mean, spread: 0.1 });
    const found = { parameters: [share(0.2), share(0.5)], rest: share(0.9), trials: 10, explained: 1 };
    const bars = importanceBars(found, ['a', 'b'], 'rest');
    expect(bars.map(({ name, mean }) => [name, mean])).toEqual([
      ['b', 0.5],
      ['a', 0.2],
      ['rest', 0.9],
    ]);
    const texts = importanceShapes(bars, { width: 400, height: 100 }).flatMap((shape) =>
      shape.kind === 'text' ? [shape.text] : [],
    );
    expect(texts).toEqual(['b', '0.50', '± 0.10', 'a', '0.20', '± 0.10', 'rest', '0.90', '± 0.10']);
  });
});
