import { describe, expect, test } from 'vitest';
import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import { readChartTheme } from '../../../renderer/charts/chart-theme.ts';
import { curvesCsv, float32Text, histogramsCsv, tableCsv, tabSeparated } from '../../../renderer/charts/export/csv.ts';
import { accuracyModel, percentTicks } from '../../../renderer/charts/options/accuracy.ts';
import { heatMapModel, rampLevel } from '../../../renderer/charts/options/heat-map.ts';
import { renderSvg } from '../../../renderer/charts/echarts.ts';
import type { LineChartModel } from '../../../renderer/charts/options/line-model.ts';
import { lineChartOption } from '../../../renderer/charts/options/line-option.ts';
import { lossModel, type LossInput } from '../../../renderer/charts/options/loss.ts';
import { normsModel } from '../../../renderer/charts/options/norms.ts';
import { pickRidges, ridgeLimit, ridgelineModel, ridgelineOption } from '../../../renderer/charts/options/ridgeline.ts';
import { sparkline } from '../../../renderer/charts/options/sparkline.ts';
import { Smoother } from '../../../renderer/charts/series/smooth.ts';
import { planUpdate } from '../../../renderer/charts/update-plan.ts';
import { XScale } from '../../../renderer/charts/x-axis.ts';
import { SeriesBuffer } from '../../../renderer/feed/series-buffer.ts';
import type { MetricId, Split } from '../../../engine/spec/metric.ts';

const scale = new XScale('step', 10, null);
const NONE: ReadonlySet<string> = new Set();
const theme = readChartTheme((name) => (name === '--chart-raw-opacity' ? '.22' : name === '--fs-11' ? '11px' : name));

function series(metric: MetricId, split: Split, points: readonly (readonly [number, number])[]): SeriesBuffer {
  const buffer = new SeriesBuffer(metric, split);
  buffer.append({
    runId: 'k3v9x0c2m1qa' as never,
    metric,
    split,
    steps: Int32Array.from(points, (p) => p[0]),
    values: Float32Array.from(points, (p) => p[1]),
    startMs: 0,
    endMs: 1000,
  });
  return buffer;
}
function frame(step: number, counts: number[], change: Partial<HistogramFrame> = {}): HistogramFrame {
  return {
    runId: 'k3v9x0c2m1qa' as never,
    kind: 'weights',
    layer: 0,
    layerName: 'affine 1',
    step,
    edges: Float32Array.from({ length: counts.length + 1 }, (_, i) => -1 + (2 * i) / counts.length),
    counts: Uint32Array.from(counts),
    below: 0,
    above: 0,
    nonFinite: 0,
    mean: 0,
    std: 1,
    ...change,
  };
}
function loss(batch: SeriesBuffer, change: Partial<LossInput> = {}) {
  return lossModel({
    batch,
    smoothed: new Smoother(batch, 0.9).values(),
    smoothing: true,
    train: series('loss', 'train', []),
    validation: series('loss', 'validation', [[10, 0.5]]),
    log: true,
    scale,
    range: { min: 0, max: 10 },
    closed: true,
    width: 372,
    hidden: NONE,
    ...change,
  });
}

interface DrawnElement {
  readonly type: string;
  readonly style: Readonly<Record<string, unknown>>;
  readonly shape: { readonly lines?: { readonly points: Float32Array; readonly apart: number } };
  /** Of a line with points that stand alone: the line and their dots. */
  readonly children?: readonly { readonly type: string; readonly shape: { readonly points?: Float32Array } }[];
}
/** What the chart makes of the curves of one series, on a plot from (50, 10) of 200 × 100 pixels. */
function drawn(model: LineChartModel, id: 'lines' | 'raws', highlight: string | null): DrawnElement[] {
  const found = (lineChartOption(model, theme, highlight).series as { id: string }[]).find((s) => s.id === id) as
    { data: number[]; renderItem: (params: object) => DrawnElement } | undefined;
  const coordSys = { x: 50, y: 10, width: 200, height: 100 };
  return (found?.data ?? [])
    .map((dataIndex) => found?.renderItem({ dataIndex, coordSys }))
    .filter((one) => one !== undefined);
}

describe('loss', () => {
  const batch = series('loss', 'batch', [
    [0, 2.4],
    [1, 1.1],
    [2, Number.NaN],
    [3, 0],
    [4, 0.2],
  ]);

  const validation = series('loss', 'validation', [
    [2, 0.9],
    [10, 0.5],
  ]);

  test('draws the raw line faint under the smoothed one, then validation', () => {
    const model = loss(batch);
    expect(model.lines.map((line) => [line.id, line.role, line.slot])).toEqual([
      ['batch', 'raw', 1],
      ['train', 'line', 1],
      ['validation', 'line', 2],
    ]);
    expect(model.y).toMatchObject({ min: 0.2, max: 3, log: true });
    expect(model.y.ticks.map((tick) => tick.label)).toEqual(['0.3', '1', '3']);
    expect(loss(batch, { smoothing: false, smoothed: batch.values }).lines.map((line) => line.id)).toEqual([
      'train',
      'validation',
    ]);
    expect(loss(batch, { hidden: new Set(['train']) }).lines.map((line) => line.id)).toEqual(['validation']);
  });

  test('marks NaN at the last finite value and a zero at the bottom of a log axis, each once', () => {
    expect(loss(batch).markers).toEqual([
      { kind: 'not-finite', slot: 1, x: 2, y: Math.fround(1.1), step: 2, count: 1 },
      { kind: 'not-positive', slot: 1, x: 3, y: 0.2, step: 3, count: 1 },
    ]);
    expect(loss(batch, { log: false }).markers.map((marker) => marker.kind)).toEqual(['not-finite']);
  });

  test('a diverged run has its mark where its loss ends, unless that point has one already', () => {
    const rising = series('loss', 'batch', [
      [1, 2.4],
      [2, 9.5],
    ]);
    expect(loss(rising, { diverged: true }).markers).toEqual([
      { kind: 'stopped', slot: 1, x: 2, y: 9.5, step: 2, count: 1 },
    ]);
    expect(loss(rising).markers).toEqual([]);
    const ended = series('loss', 'batch', [
      [1, 2.4],
      [2, Infinity],
    ]);
    expect(loss(ended, { diverged: true }).markers.map((marker) => marker.kind)).toEqual(['not-finite']);
  });

  test('a point that no line goes through is drawn as a dot', () => {
    const dots = (points: readonly (readonly [number, number])[], change: Partial<LossInput> = {}) => {
      const model = loss(series('loss', 'batch', points), { smoothing: false, ...change });
      const [batchLine] = drawn(model, 'lines', null);
      const found = batchLine?.children?.find(({ type }) => type === 'dots');
      return (found?.shape.points?.length ?? 0) / 2;
    };
    const values = (...ys: number[]) => ys.map((y, i) => [i, y] as const);
    expect(dots(values(2.4))).toBe(1);
    expect(dots(values(2.4, 2))).toBe(0);
    expect(dots(values(2.4, Number.NaN, 2, Infinity, 1.8, 1.7))).toBe(2);
    // Nothing but a log axis takes these apart.
    expect(dots(values(2.4, 2.2, 0, 2, -1, 1.8, 1.7), { log: true })).toBe(1);
    expect(dots(values(2.4, 2.2, 0, 2, -1, 1.8, 1.7), { log: false })).toBe(0);
  });

  test('tells an empty run from an empty range', () => {
    const nothing = { validation: series('loss', 'validation', []) };
    expect(loss(series('loss', 'batch', []), nothing).empty).toBe('none');
    expect(loss(batch, { ...nothing, range: { min: 7, max: 9 } }).empty).toBe('range');
    expect(loss(batch).empty).toBe('no');
  });

  test('the option keeps run colours, dashes and opacity, and fixes the ranges', () => {
    const option = lineChartOption(loss(batch), theme, null);
    expect((option.series as { id: string }[]).map((s) => s.id)).toEqual(['raws', 'lines', 'markers']);
    expect(option.yAxis).toMatchObject({ type: 'log', min: 0.2, max: 3 });
    const both = loss(batch, { validation });
    const [raw] = drawn(both, 'raws', null);
    expect(raw?.style).toMatchObject({ stroke: '--run-1', opacity: 0.22, lineDash: null, lineWidth: 1 });
    const styles = drawn(both, 'lines', null).map(({ style }) => style);
    expect(styles[1]).toMatchObject({ stroke: '--run-2', opacity: 1, lineDash: [8, 3], lineWidth: 1.75 });
    const faded = drawn(both, 'lines', 'validation').map(({ style }) => style);
    expect(faded[0]).toMatchObject({ opacity: 0.35 });
    expect(faded[1]).toMatchObject({ opacity: 1, lineWidth: 2.5 });
  });

  test('places every point in pixels, breaks where there is none, and keeps a spike', () => {
    const spike = series(
      'loss',
      'batch',
      Array.from({ length: 11 }, (_, i): [number, number] => [i, i === 4 ? 3 : i === 7 ? Number.NaN : 1]),
    );
    const [line] = drawn(loss(spike, { log: false, smoothing: false, smoothed: spike.values }), 'lines', null);
    const { points } = line?.shape.lines ?? { points: new Float32Array() };
    const at = (x: number): number | undefined => points[points.indexOf(50 + 20 * x) + 1];
    // The axis goes from 0.5 to 3.
    expect([at(0), at(3), at(4), at(5), at(10)]).toEqual([90, 90, 10, 90, 90]);
    expect(at(7)).toBeNaN();
  });

  test('while a stretch is moved a line is two hairlines, together as wide and in the same colours', () => {
    const model = loss(batch, { validation });
    const still = drawn(model, 'lines', null)[1];
    const moved = drawn({ ...model, moving: true }, 'lines', null)[1];
    expect(still?.shape.lines?.apart).toBe(0);
    expect(moved?.style).toEqual({ ...still?.style, lineWidth: 1 });
    expect(moved?.shape.lines?.apart).toBe(0.75);
    expect(drawn({ ...model, moving: true }, 'raws', null)[0]?.shape.lines?.apart).toBe(0);
  });

  test('merges while the shape is the same, and starts anew when the axis changes', () => {
    const log = lineChartOption(loss(batch), theme, null);
    expect(planUpdate(null, log)).toEqual({ notMerge: true, replaceMerge: [] });
    expect(planUpdate(log, lineChartOption(loss(batch), theme, 'train'))).toEqual({
      notMerge: false,
      replaceMerge: [],
    });
    const fewer = lineChartOption(loss(batch, { hidden: new Set(['train']) }), theme, null);
    expect(planUpdate(log, fewer)).toEqual({ notMerge: false, replaceMerge: ['series'] });
    expect(planUpdate(log, lineChartOption(loss(batch, { log: false }), theme, null)).notMerge).toBe(true);
  });
});

describe('accuracy', () => {
  test('writes its unit once and counts the points below its axis', () => {
    const points = Array.from({ length: 40 }, (_, i): [number, number] => [i, i < 4 ? 0.2 + i / 10 : 0.9]);
    const model = accuracyModel({
      train: series('accuracy', 'train', points),
      validation: series('accuracy', 'validation', []),
      scale,
      range: { min: 0, max: 40 },
      closed: true,
      width: 372,
      hidden: NONE,
    });
    expect(model.y).toMatchObject({ min: 0.9, max: 1 });
    expect(model.y.ticks.map((tick) => tick.label)).toEqual(['90', '92', '94', '96', '98', '100%']);
    expect(model.markers).toEqual([{ kind: 'below', slot: 1, x: 3, y: 0.9, step: 3, count: 4 }]);
    expect(percentTicks({ min: 0.98, max: 1 }).at(-1)?.label).toBe('100.0%');
  });
});

describe('distributions', () => {
  const frames = Array.from({ length: 60 }, (_, i) => frame(i * 13, [1, 5, 1]));

  test('picks the first frame, the one looked at and no later one, at most 8 or 16', () => {
    expect([ridgeLimit(800), ridgeLimit(900)]).toEqual([8, 16]);
    const picked = pickRidges(frames, 312, 8).map((f) => f.step);
    expect(picked).toHaveLength(8);
    expect([picked[0], picked.at(-1)]).toEqual([0, 312]);
    expect(picked.every((step, i) => i === 0 || step > (picked[i - 1] ?? 0))).toBe(true);
    expect(pickRidges(frames, 20, 8).map((f) => f.step)).toEqual([0, 13]);
    expect(pickRidges(frames.slice(2), 5, 8).map((f) => f.step)).toEqual([26]);
    expect(pickRidges([], 5, 8)).toEqual([]);
  });

  test('one scale for all lines, which a frame of equal values does not set', () => {
    const spike = frame(0, [0, 0, 64, 0, 0, 0]);
    const model = ridgelineModel([spike, frame(1, [2, 8, 4, 2, 0, 0], { below: 3, above: 1 })]);
    expect(model?.lines[0]?.heights[2]).toBe(1);
    expect(model?.lines[1]?.heights[1]).toBe(1);
    expect(model?.lines[1]?.heights[2]).toBeCloseTo(0.5 ** 0.8, 9);
    expect(model).toMatchObject({ below: 3, above: 1, range: { min: -1, max: 1 } });
    expect(ridgelineModel([])).toBeNull();
  });

  test('every line is made of the same shapes in the same order, and only the front one has the accent', () => {
    const model = ridgelineModel([frame(0, [1, 4]), frame(1, [2, 3]), frame(2, [3, 3])]);
    if (model === null) throw new Error('no model');
    const [series] = ridgelineOption(model, theme).series as unknown as {
      renderItem: (params: object) => { children: { type: string; style: { stroke?: string; fill?: string } }[] };
    }[];
    const coordSys = { x: 0, y: 0, width: 100, height: 100 };
    const lines = [0, 1, 2].map((dataIndex) => series?.renderItem({ coordSys, dataIndex }).children ?? []);
    expect(lines.map((children) => children.map((child) => child.type))).toEqual(
      Array.from({ length: 3 }, () => ['polygon', 'polyline', 'text']),
    );
    expect(lines.map(([fill, line]) => [fill?.style.fill, line?.style.stroke])).toEqual([
      ['--ridge-fill', '--ridge-line'],
      ['--ridge-fill', '--ridge-line'],
      ['--ridge-now', '--ridge-now'],
    ]);
  });

  test('a narrow heap at the start is cut off at three times the step looked at', () => {
    const model = ridgelineModel([frame(0, [0, 30, 34, 0, 0, 0]), frame(9, [4, 4, 2, 2, 2, 2])]);
    expect(model?.lines[0]?.heights[1]).toBe(1);
    expect(model?.lines[1]?.heights[0]).toBeCloseTo((1 / 3) ** 0.8, 9);
  });

  test('heat map columns have the width of their steps; shares are of all values', () => {
    const model = heatMapModel({
      frames: [frame(0, [1, 1]), frame(10, [3, 1], { above: 4 }), frame(40, [4, 4])],
      scale,
      range: { min: 0, max: 40 },
      closed: true,
      lastStep: 40,
      width: 256,
    });
    expect(model?.columns.slice(0, 2).map((c) => [c.from, c.to, [...c.shares]])).toEqual([
      [0, 10, [0.5, 0.5]],
      [10, 40, [0.375, 0.125]],
    ]);
  });

  test('the lowest label of the axis has room for its sign', () => {
    const narrow = { ...frame(0, [1, 1]), edges: Float32Array.from([-0.0018, 0, 0.0018]) };
    const model = heatMapModel({
      frames: [narrow],
      scale,
      range: { min: 0, max: 40 },
      closed: true,
      lastStep: 40,
      width: 256,
    });
    const longest = Math.max(...(model?.y.ticks ?? []).map((tick) => tick.label.length));
    expect(model?.y.ticks[0]?.label).toBe('−0.0018');
    expect(model?.margins.left).toBeGreaterThanOrEqual(longest * 7 + 6);
  });

  test('frames nearer than a pixel become one column with their mean', () => {
    const many = Array.from({ length: 5000 }, (_, i) => frame(i, [i % 2 === 0 ? 4 : 0, 4]));
    const model = heatMapModel({
      frames: many,
      scale,
      range: { min: 0, max: 5000 },
      closed: true,
      lastStep: 5000,
      width: 254,
    });
    expect(model?.columns.length).toBeLessThanOrEqual(201);
    const share = model?.columns[5]?.shares[0] ?? 0;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
  });

  test('the ramp is a square-root scale that shows the smallest share', () => {
    expect([0, 1e-6, 0.05, 0.2, 0.9].map(rampLevel)).toEqual([0, 1, 3, 7, 7]);
  });

  test('a gradient norm that is not finite breaks its line and is marked', () => {
    const curve = { id: '0', slot: 1, steps: [0, 5, 9], norms: [0.5, 2, Infinity] };
    const model = normsModel({
      curves: [curve],
      scale,
      range: { min: 0, max: 10 },
      closed: false,
      width: 300,
      hidden: NONE,
    });
    expect([...(model.lines[0]?.points ?? [])]).toEqual([0, 0.5, 5, 2, 9, Number.NaN]);
    expect(model.markers).toEqual([{ kind: 'not-finite', slot: 1, x: 9, y: 2, step: 9, count: 1 }]);
  });
});

describe('small and exported', () => {
  test('a chart is well-formed SVG, quoted font names included', () => {
    const quoted = readChartTheme((name) => (name === '--font-ui' ? '"Inter", "Noto Sans SC"' : '#123456'));
    const batch = series('loss', 'batch', [
      [0, 2],
      [1, 1],
    ]);
    const svg = renderSvg(lineChartOption(loss(batch), quoted, null), { width: 372, height: 200 });
    const tags = svg.match(/<[^!?][^<]*?>/g) ?? [];
    expect(tags.length).toBeGreaterThan(10);
    expect(tags.filter((tag) => !/^<\/?[\w:]+(\s+[\w:-]+="[^"<]*")*\s*\/?>$/.test(tag))).toEqual([]);
    expect(svg).toContain("font-family:'Inter', 'Noto Sans SC'");
  });

  test('a sparkline breaks where a value is not finite', () => {
    expect(sparkline([1, 0, Number.NaN, 0.5, 1], 72, 18)?.path).toBe('M1.5 2L18.5 16M52.5 9L69.5 2');
    expect(sparkline([1, Number.NaN], 72, 18)).toBeNull();
  });

  test('CSV holds every point, and reads back as the same float32', () => {
    const values = [0.1, 1 / 3, 2.302585, 1.1754944e-38, 3.4028235e38, 16_777_217, -0.000123456];
    for (const value of values) expect(Math.fround(Number(float32Text(Math.fround(value))))).toBe(Math.fround(value));
    const batch = series(
      'loss',
      'batch',
      Array.from({ length: 3000 }, (_, i): [number, number] => [i, Math.sin(i) / 3]),
    );
    const validation = series('loss', 'validation', [
      [10, 0.5],
      [20, Number.NaN],
    ]);
    const text = new TextDecoder().decode(
      curvesCsv(
        [
          { name: 'batch_loss', buffer: batch },
          { name: 'validation_loss', buffer: validation },
        ],
        10,
      ),
    );
    const rows = text.trimEnd().split('\n');
    expect(rows[0]).toBe('step,epoch,elapsed_s,batch_loss,validation_loss');
    expect(rows).toHaveLength(3001);
    const read = rows.slice(1).map((row) => row.split(','));
    expect(read.every((row, i) => Math.fround(Number(row[3])) === batch.values[i])).toBe(true);
    expect([read[10]?.[1], read[10]?.[4], read[11]?.[4], read[20]?.[4]]).toEqual(['1', '0.5', '', 'NaN']);
  });

  test('histogram CSV counts what lies outside the bins', () => {
    const text = new TextDecoder().decode(histogramsCsv([frame(3, [7, 2], { below: 1, above: 4 })]));
    expect(text.split('\n').slice(1, 5)).toEqual([
      'weights,affine 1,3,,-1,1',
      'weights,affine 1,3,-1,0,7',
      'weights,affine 1,3,0,1,2',
      'weights,affine 1,3,1,,4',
    ]);
  });

  test('cells with commas or quotes are quoted', () => {
    expect(new TextDecoder().decode(tableCsv([['a,b', 'say "x"', 3]]))).toBe('"a,b","say ""x""",3\n');
    expect(tabSeparated(tableCsv([['a,b', 'say "x"', 3]]))).toBe('"a,b"\t"say ""x"""\t3\n');
  });
});
