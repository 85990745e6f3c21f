/** A curve of a million steps, from the database through its reduction to what is drawn, and into a file. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Store } from '../../../electron/store/store.ts';
import { runId } from '../../../engine/spec/ids.ts';
import { parseRunSpec } from '../../../engine/spec/run-spec.ts';
import { curvesCsv } from '../../../renderer/charts/export/csv.ts';
import { lossModel } from '../../../renderer/charts/options/loss.ts';
import { Smoother } from '../../../renderer/charts/series/smooth.ts';
import { XScale } from '../../../renderer/charts/x-axis.ts';
import { SeriesBuffer } from '../../../renderer/feed/series-buffer.ts';

const STEPS = 1_000_000;
const SPIKE = 654_321;
const NOT_FINITE = 777_777;
const id = runId('k3v9x0c2m1qa');
let folder = '';
let store: Store;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'descent-long-curve-'));
  store = new Store({ path: join(folder, 'descent.db'), program: 'the command line' });
  const parsed = parseRunSpec({
    data: { source: 'digits' },
    model: { layers: [{ type: 'affine', units: 10 }] },
    optimizer: { type: 'sgd', lr: 0.1 },
    training: { steps: STEPS },
  });
  if (!parsed.ok) throw new Error('not a run spec');
  store.handle('run:create', {
    id,
    spec: parsed.spec,
    data: 'digits',
    model: '64-10',
    parameters: 650,
    task: 'classification',
    stepsPerEpoch: 100,
    stepsPlanned: STEPS,
    epochsPlanned: STEPS / 100,
    inputShape: [64],
    outputNames: [],
    splitSizes: { train: 100, validation: 0, test: 0 },
    createdAt: 1,
    appVersion: '0.1.0',
  });
  const values = Float32Array.from({ length: STEPS }, (_, i) => 0.1 + 0.01 * Math.sin(i / 1000));
  values[SPIKE] = 7;
  values[NOT_FINITE] = Number.NaN;
  const steps = Int32Array.from({ length: STEPS }, (_, i) => i);
  const chunks = Array.from({ length: STEPS / 1000 }, (_, i) => ({
    runId: id,
    metric: 'loss' as const,
    split: 'batch' as const,
    steps: steps.slice(1000 * i, 1000 * (i + 1)),
    values: values.slice(1000 * i, 1000 * (i + 1)),
    startMs: i,
    endMs: i + 1,
  }));
  store.handle('run:append', { id, chunks });
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function read(maxPoints: number | null): SeriesBuffer {
  const buffer = new SeriesBuffer('loss', 'batch');
  buffer.replace(store.handle('curve:read', { id, metric: 'loss', split: 'batch', maxPoints }));
  return buffer;
}
function drawn(batch: SeriesBuffer, smoothing: number) {
  return lossModel({
    batch,
    smoothed: new Smoother(batch, smoothing).values(),
    smoothing: smoothing > 0,
    train: new SeriesBuffer('loss', 'train'),
    validation: new SeriesBuffer('loss', 'validation'),
    log: true,
    scale: new XScale('step', 100, null),
    range: { min: 0, max: STEPS },
    closed: true,
    width: 500,
    hidden: new Set(),
  });
}

describe('a million steps', () => {
  test.each([null, 20_000, 3000])('read as %s points: a spike of one step is drawn at full zoom-out', (maxPoints) => {
    const batch = read(maxPoints);
    expect(batch.total).toBe(STEPS);
    for (const smoothing of [0, 0.99, 100]) {
      const { lines, markers, y } = drawn(batch, smoothing);
      // The smoothed line has no spike; the raw one below it keeps it.
      const [raw] = lines;
      const at = raw?.points.indexOf(7) ?? -1;
      expect(raw?.points[at - 1]).toBe(SPIKE);
      expect(raw?.points.length).toBeLessThan(2 * 5 * 500);
      expect(y.max).toBeGreaterThanOrEqual(7);
      expect(markers).toMatchObject([{ kind: 'not-finite', step: NOT_FINITE, count: 1 }]);
    }
  });

  test('written as CSV, every point reads back as the same float32', () => {
    const whole = read(null);
    const text = new TextDecoder().decode(curvesCsv([{ name: 'loss', buffer: whole }], 100));
    const rows = text.trimEnd().split('\n').slice(1);
    expect(rows).toHaveLength(STEPS);
    let wrong = 0;
    rows.forEach((row, i) => {
      const value = Math.fround(Number(row.slice(row.lastIndexOf(',') + 1)));
      if (!Object.is(value, whole.values[i])) wrong++;
    });
    expect(wrong).toBe(0);
  });
});
