import { describe, expect, it } from 'vitest';
import { fitsEnds, lanesModel, type LaneCurve, type LanesInput } from '../../../renderer/charts/options/lanes.ts';
import { spreadApart } from '../../../renderer/charts/series/spread.ts';
import { Smoother } from '../../../renderer/charts/series/smooth.ts';
import { XScale } from '../../../renderer/charts/x-axis.ts';
import { SeriesBuffer } from '../../../renderer/feed/series-buffer.ts';
import { lanesCsv } from '../../../renderer/views/compare/lanes-csv.ts';
import { onOneGrid } from '../../../renderer/views/compare/use-lane-curves.ts';

const STEP = new XScale('step', 10, null);

function curve(id: string, values: readonly number[], change: Partial<LaneCurve> = {}): LaneCurve {
  const steps = Int32Array.from(values, (_, i) => i);
  return {
    id,
    name: id,
    slot: 1,
    dash: 1,
    points: { steps, elapsedMs: steps, length: steps.length },
    values,
    raw: null,
    band: null,
    scale: STEP,
    diverged: false,
    ...change,
  };
}
function model(lanes: readonly LaneCurve[], change: Partial<LanesInput> = {}) {
  return lanesModel({
    lanes,
    kind: 'loss',
    log: true,
    scale: STEP,
    range: { min: 0, max: 9 },
    closed: true,
    size: { width: 500, height: 200 },
    goal: null,
    ends: false,
    format: String,
    ...change,
  });
}
const falling = [3, 2, 1, 0.5, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1];

describe('lanes over each other', () => {
  it('have a line each, with the raw one below where it is smoothed', () => {
    const { lines, empty } = model([curve('a', falling, { raw: falling }), curve('b', falling, { slot: 2, dash: 3 })]);
    expect(lines.map(({ id, role, slot, dash }) => [id, role, slot, dash])).toEqual([
      ['a', 'raw', 1, 1],
      ['a', 'line', 1, 1],
      ['b', 'line', 2, 3],
    ]);
    expect(empty).toBe('no');
    expect(model([]).empty).toBe('none');
  });

  it('stand on one axis, each with steps of its own', () => {
    const every = (perEpoch: number) => new XScale('epoch', perEpoch, null);
    const { lines } = model([curve('a', falling, { scale: every(5) }), curve('b', falling, { scale: every(2) })], {
      scale: every(5),
      range: { min: 0, max: 5 },
    });
    const lastX = (index: number) => lines[index]?.points.at(-2);
    expect(lastX(0)).toBeCloseTo(9 / 5);
    expect(lastX(1)).toBeCloseTo(9 / 2);
  });

  it('are not flattened by one that left all bounds', () => {
    const wild = [3, 1e6, 1e20, Number.NaN];
    const tame = model([curve('a', falling), curve('b', wild, { diverged: true })]);
    expect(tame.y.max).toBeLessThanOrEqual(200);
    expect(tame.markers.map((marker) => marker.kind).sort()).toEqual(['above', 'not-finite']);
    expect(tame.markers.find((marker) => marker.kind === 'above')?.count).toBe(2);
    expect(model([curve('a', falling), curve('b', wild.slice(0, 2))]).y.max).toBeGreaterThanOrEqual(1e6);
    const linear = model([curve('a', falling), curve('b', wild, { diverged: true })], { log: false });
    expect(linear.y.max).toBe(3);
  });

  it('keep a single spike at full zoom-out', () => {
    const values = new Float32Array(1_000_000).fill(0.1);
    values[654_321] = 7;
    const steps = Int32Array.from({ length: values.length }, (_, i) => i);
    const long = curve('a', [], { points: { steps, elapsedMs: steps, length: steps.length }, values });
    for (const count of [1, 12]) {
      const lanes = Array.from({ length: count }, (_, i) => ({ ...long, id: String(i) }));
      const { lines, y } = model(lanes, { range: { min: 0, max: 999_999 } });
      expect(lines.every((line) => line.points.includes(7))).toBe(true);
      expect(lines[0]?.points.length).toBeLessThan(2 * 5 * 500);
      expect(y.max).toBeGreaterThanOrEqual(7);
    }
  });

  it('draw bands down to the axis, never bent', () => {
    const low = falling.map((v) => v - 1);
    const high = falling.map((v) => v + 1);
    const { bands, y } = model([curve('a', falling, { band: { low, high } })]);
    const points = bands?.[0]?.points ?? new Float64Array();
    expect([...points.subarray(0, 3)]).toEqual([0, 2, 4]);
    // Below 0 there is nothing on a log axis.
    expect(points[3 * 9 + 1]).toBe(y.min);
    expect(Math.min(...points.filter((_, i) => i % 3 === 1))).toBe(y.min);
    const linear = model([curve('a', falling, { band: { low, high } })], { log: false });
    expect(linear.bands?.[0]?.points[3 * 9 + 1]).toBeCloseTo(-0.9);
    expect(linear.y.min).toBeLessThanOrEqual(-0.9);
  });

  it('begin accuracies where most of the lanes are, and count what lies below', () => {
    const slow = [0.1, 0.2, 0.5, 0.82, 0.84, 0.86, 0.9, 0.91, 0.92, 0.93];
    const { y, markers } = model([curve('a', slow)], { kind: 'accuracy', goal: 0.9 });
    expect(y).toMatchObject({ min: 0.8, max: 1, log: false });
    expect(markers).toMatchObject([{ kind: 'below', count: 3 }]);
  });

  it('are named at their ends, apart from each other', () => {
    const { ends, margins } = model([curve('a', falling), curve('b', falling), curve('c', [3, 3, 3])], { ends: true });
    expect(ends?.map(({ id, text }) => [id, text])).toEqual([
      ['a', '0.1'],
      ['b', '0.1'],
      ['c', '3'],
    ]);
    const [a, b] = ends ?? [];
    expect(a?.y).toBe(b?.y);
    expect(Math.abs((a?.at ?? 0) - (b?.at ?? 0))).toBeGreaterThanOrEqual(14);
    expect(margins.right).toBe(136);
    expect(fitsEnds({ width: 500, height: 200 }, 6)).toBe(true);
    expect(fitsEnds({ width: 500, height: 200 }, 7)).toBe(false);
    expect(fitsEnds({ width: 300, height: 200 }, 2)).toBe(false);
  });
});

describe('names moved apart', () => {
  it('keep their order and stay inside', () => {
    expect(spreadApart([10, 50, 90], 14, 0, 100)).toEqual([10, 50, 90]);
    expect(spreadApart([50, 50, 50], 10, 0, 100)).toEqual([50, 60, 70]);
    expect(spreadApart([98, 99, 100], 10, 0, 100)).toEqual([80, 90, 100]);
    // No room for all: evenly.
    expect(spreadApart([5, 5, 5], 10, 0, 10)).toEqual([0, 5, 10]);
    expect(spreadApart([], 10, 0, 10)).toEqual([]);
  });
});

describe('samples on an axis', () => {
  it('are steps times the rows of a step', () => {
    const scale = new XScale('samples', 12, null, 95.8);
    expect(scale.fromStep(12)).toBeCloseTo(1149.6);
    expect(scale.toStep(1149.6)).toBeCloseTo(12);
    expect(scale.label(1149.6)).toBe('1,150');
  });
});

describe('a reduced curve', () => {
  const buffer = (steps: number[], values: number[], total = steps.length) => {
    const made = new SeriesBuffer('loss', 'batch');
    made.replace({
      metric: 'loss',
      split: 'batch',
      steps: Int32Array.from(steps),
      values: Float32Array.from(values),
      elapsedMs: Float32Array.from(steps),
      total,
    });
    return made;
  };

  it('is smoothed over as many steps as the whole one', () => {
    const whole = buffer(
      Array.from({ length: 401 }, (_, i) => i),
      Array.from({ length: 401 }, (_, i) => (i < 200 ? 1 : 0)),
    );
    const steps = Array.from({ length: 101 }, (_, i) => i * 4);
    const reduced = buffer(
      steps,
      steps.map((step) => (step < 200 ? 1 : 0)),
      401,
    );
    const full = new Smoother(whole, 0.98).values();
    const thin = new Smoother(reduced, 0.98).values();
    for (const step of [100, 196, 220, 260, 400]) expect(thin[step / 4]).toBeCloseTo(full[step] ?? 0, 1);
    // A constant stays a constant, whatever the gaps.
    const constant = new Smoother(buffer([0, 7, 9, 500], [0.3, 0.3, 0.3, 0.3], 501), 0.99).values();
    expect([...constant]).toEqual([0.3, 0.3, 0.3, 0.3].map(Math.fround));
  });

  it('is averaged over seeds at steps they share', () => {
    const seeds = onOneGrid([
      { steps: [0, 10, 6000], values: [0, 1, 1], elapsedMs: [0, 1, 600] },
      { steps: [0, 20, 3000], values: [2, 2, 2], elapsedMs: [0, 2, 300] },
    ]);
    expect(seeds[0]?.steps[1]).toBe(2);
    expect(seeds[0]?.values[1]).toBeCloseTo(0.2);
    expect(seeds[1]?.steps[1500]).toBe(3000);
    expect(seeds[1]?.steps).toHaveLength(1501);
    expect(seeds[1]?.steps[5]).toBe(seeds[0]?.steps[5]);
  });

  it('is written whole, as the same float32 values', () => {
    const values = [0.1, 1e-8, Number.NaN, 3.4e38];
    const text = new TextDecoder().decode(
      lanesCsv([{ lane: 'a, "b"', run: 7, seed: 3, stepsPerEpoch: 2, buffer: buffer([0, 1, 2, 3], values) }], 'loss'),
    );
    const [head, ...rows] = text.trimEnd().split('\n');
    expect(head).toBe('lane,run,seed,step,epoch,elapsed_s,loss');
    expect(rows[1]).toBe('"a, ""b""",7,3,1,0.5,0.001,1e-8');
    expect(rows.map((row) => Math.fround(Number(row.split(',').at(-1))))).toEqual(values.map(Math.fround));
  });
});
