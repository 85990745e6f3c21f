import { describe, expect, it } from 'vitest';
import { liveRunState } from '../../../renderer/components/frame/live-run.ts';
import { MOST_RUNS, paletteEntries, type PaletteCommand } from '../../../renderer/components/frame/palette-entries.ts';
import { sparkPath } from '../../../renderer/components/ui/spark-path.ts';
import { nearestStop, stopBeside } from '../../../renderer/components/ui/step-positions.ts';
import { STATE_SHAPES, STATUS_MARKS } from '../../../renderer/components/ui/state-shapes.ts';
import { fakeRun } from '../support/fake-runs.ts';

describe('the sparkline', () => {
  it('fits the values into its box, the largest at the top', () => {
    expect(sparkPath([1, 0], 64, 18)).toEqual({ path: 'M1.5 2L61.5 16', endX: 61.5, endY: 16 });
  });
  it('breaks where a value is not finite', () => {
    expect(sparkPath([2, NaN, 1, 0], 64, 18)?.path).toBe('M1.5 2M41.5 9L61.5 16');
  });
  it('draws a constant as a line and nothing from less than two values', () => {
    expect(sparkPath([3, 3], 64, 18)?.path).toBe('M1.5 16L61.5 16');
    expect(sparkPath([3], 64, 18)).toBeNull();
    expect(sparkPath([NaN, Infinity, 1], 64, 18)).toBeNull();
    expect(sparkPath(new Float32Array(0), 64, 18)).toBeNull();
  });
});

describe('the step slider', () => {
  const stops = [0, 1, 2, 4, 12, 24, 36];
  it('stands on the nearest stored step', () => {
    expect(nearestStop(stops, -5)).toBe(0);
    expect(nearestStop(stops, 7)).toBe(4);
    expect(nearestStop(stops, 9)).toBe(12);
    expect(nearestStop(stops, 500)).toBe(36);
    expect(nearestStop([], 7.4)).toBe(7);
  });
  it('goes from stop to stop, also from in between', () => {
    expect(stopBeside(stops, 4, 1)).toBe(12);
    expect(stopBeside(stops, 4, -1)).toBe(2);
    expect(stopBeside(stops, 7, 1)).toBe(12);
    expect(stopBeside(stops, 7, -1)).toBe(4);
    expect(stopBeside(stops, 4, 10)).toBe(36);
    expect(stopBeside(stops, 0, -1)).toBe(0);
    expect(stopBeside(stops, 100, 1)).toBe(36);
  });
});

describe('a live run in the frame', () => {
  const row = fakeRun(3, { status: 'running', stepsDone: 24, stepsPlanned: 120, stepsPerEpoch: 12, epochsPlanned: 10 });
  it('is as far as the newest progress says', () => {
    expect(liveRunState(row, undefined)).toEqual({ share: 0.2, epoch: 3, leftMs: null });
    const progress = {
      id: row.id,
      status: 'running',
      step: 60,
      epoch: 5,
      samplesPerSecond: 1,
      elapsedMs: 1,
      leftMs: 900,
      savedStep: 60,
    } as const;
    expect(liveRunState(row, progress)).toEqual({ share: 0.5, epoch: 6, leftMs: 900 });
    expect(liveRunState(row, { ...progress, step: 120 }).epoch).toBe(10);
  });
  it('says nothing wrong before the plan is known', () => {
    const queued = fakeRun(4, { stepsPlanned: 0, stepsPerEpoch: 0, epochsPlanned: 0, epochsDone: 0, stepsDone: 0 });
    expect(liveRunState(queued, undefined)).toEqual({ share: 0, epoch: 1, leftMs: null });
  });
});

describe('the palette', () => {
  const command = (key: string, label: string): PaletteCommand => ({ key, label, icon: 'runs', run: () => undefined });
  const runs = Array.from({ length: 30 }, (_, i) => fakeRun(i + 1, { name: i % 2 === 0 ? 'adam net' : 'sgd net' }));
  it('offers actions, then the newest runs, then places', () => {
    const entries = paletteEntries('', [command('a', 'New run')], runs, [command('p', 'Data')], () => undefined);
    expect(entries.map((entry) => entry.group)).toEqual([
      'actions',
      ...Array<string>(MOST_RUNS).fill('runs'),
      'places',
    ]);
    expect(entries[1]?.suffix).toBe('#30');
  });
  it('keeps what matches every word, by name, number or optimizer', () => {
    const entries = paletteEntries('adam #29', [command('a', 'New run')], runs, [], () => undefined);
    expect(entries.map((entry) => [entry.group, entry.suffix])).toEqual([['runs', '#29']]);
    expect(paletteEntries('zzz', [command('a', 'New run')], runs, [], () => undefined)).toEqual([]);
  });
  it('opens the run that was chosen', () => {
    const opened: number[] = [];
    paletteEntries('#7', [], runs, [], (run) => opened.push(run.number))[0]?.run();
    expect(opened).toEqual([7]);
  });
});

describe('marks of a status', () => {
  it('differ in shape where they differ in meaning', () => {
    const shapes = Object.entries(STATUS_MARKS).filter(([status]) => status !== 'failed');
    expect(new Set(shapes.map(([, mark]) => mark.shape)).size).toBe(shapes.length);
    for (const { shape } of Object.values(STATUS_MARKS)) expect(STATE_SHAPES[shape]).toBeDefined();
  });
});
