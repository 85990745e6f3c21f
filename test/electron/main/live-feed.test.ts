import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FeedFrame, SystemLoad } from '../../../electron/contract/feed.ts';
import type { RunProgress } from '../../../electron/contract/runs.ts';
import type { SweepSummary, TrialRow } from '../../../electron/contract/sweeps.ts';
import { LiveFeed, type FeedPort } from '../../../electron/main/feed/live-feed.ts';
import { joinChunks, PendingFrame } from '../../../electron/main/feed/pending-frame.ts';
import { HistogramThinning } from '../../../electron/main/feed/histogram-thinning.ts';
import type { RunEvents } from '../../../electron/main/services/runs-types.ts';
import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import { runId, type SweepId } from '../../../engine/spec/ids.ts';
import type { MetricChunk } from '../../../engine/spec/metric.ts';
import { fakeRuns, type FakeRuns } from './fake-runs.ts';
import { fakeSweeps, type FakeSweeps } from './fake-sweeps.ts';

const A = runId('aaaaaaaaaaaa');
const B = runId('bbbbbbbbbbbb');
const SWEEP = runId('cccccccccccc') as string as SweepId;
const SYSTEM: SystemLoad = { cpu: 0.5, memoryBytes: 1, running: 1, queued: 0, workers: 2, saved: true };

const chunk = (steps: number[], runIdOf = A): MetricChunk => ({
  runId: runIdOf,
  metric: 'loss',
  split: 'batch',
  steps: Int32Array.from(steps),
  values: Float32Array.from(steps, (step) => step / 2),
  startMs: (steps[0] ?? 0) * 10,
  endMs: (steps.at(-1) ?? 0) * 10,
});
const histogram = (step: number): HistogramFrame =>
  ({ runId: A, kind: 'weights', layer: 0, step }) as unknown as HistogramFrame;

class TestPort implements FeedPort {
  frames: FeedFrame[] = [];
  #message: (event: { data: unknown }) => void = () => undefined;
  #close: () => void = () => undefined;
  postMessage(frame: FeedFrame): void {
    this.frames.push(frame);
  }
  on(event: 'message' | 'close', listener: (event: { data: unknown }) => void): void {
    if (event === 'message') this.#message = listener;
    else this.#close = listener as () => void;
  }
  start(): void {
    this.frames = [];
  }
  send(data: unknown): void {
    this.#message({ data });
  }
  close(): void {
    this.#close();
  }
  take(): void {
    for (const { seq } of this.frames) this.send({ type: 'taken', seq });
  }
}

let runs: FakeRuns;
let sweeps: FakeSweeps;
let feed: LiveFeed;
let closeAsked: number;
beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  runs = fakeRuns();
  closeAsked = 0;
  sweeps = fakeSweeps();
  feed = new LiveFeed({ runs, sweeps, load: () => SYSTEM, onCloseAsked: () => closeAsked++ });
});
afterEach(() => {
  vi.useRealTimers();
});

function open(...watched: string[]): TestPort {
  const port = new TestPort();
  feed.subscribe(port);
  port.send({ type: 'watch', runs: watched });
  return port;
}

test('a first frame says how the machine does and where live runs stand', async () => {
  const progress = { id: A, step: 7 } as RunProgress;
  runs.progress = () => [progress];
  const port = open();
  await vi.advanceTimersByTimeAsync(200);
  expect(port.frames).toHaveLength(1);
  expect(port.frames[0]).toMatchObject({ seq: 1, progress: [progress], system: SYSTEM });
});

test('chunks of a curve are joined, and only watched runs send them', async () => {
  const port = open(A);
  runs.emit('chunks', [chunk([0, 1]), chunk([5], B)]);
  runs.emit('chunks', [chunk([2]), { ...chunk([2]), split: 'train' }]);
  await vi.advanceTimersByTimeAsync(200);
  const [frame] = port.frames;
  expect(frame?.chunks.map(({ runId: id, split, steps }) => [id, split, [...steps]])).toEqual([
    [A, 'batch', [0, 1, 2]],
    [A, 'train', [2]],
  ]);
  expect([...(frame?.chunks[0]?.values ?? [])]).toEqual([0, 0.5, 1]);
  expect(frame?.chunks[0]).toMatchObject({ startMs: 0, endMs: 20 });
});

test('at most five frames a second, none when nothing happened', async () => {
  const port = open(A);
  for (let step = 0; step < 200; step++) {
    runs.emit('chunks', [chunk([step])]);
    await vi.advanceTimersByTimeAsync(5);
    port.take();
  }
  expect(port.frames).toHaveLength(5);
  expect(port.frames.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  expect(port.frames.flatMap(({ chunks }) => chunks.flatMap(({ steps }) => [...steps]))).toHaveLength(200);
  await vi.advanceTimersByTimeAsync(900);
  expect(port.frames).toHaveLength(5);
});

test('only the last state of a row and of its progress is sent', async () => {
  const port = open();
  const row = (name: string) => ({ id: A, name }) as RunEvents['summary'];
  runs.emit('summary', row('one'));
  runs.emit('summary', row('two'));
  runs.emit('progress', { id: A, step: 1 } as RunProgress);
  runs.emit('progress', { id: A, step: 2 } as RunProgress);
  await vi.advanceTimersByTimeAsync(200);
  expect(port.frames[0]?.runs).toEqual([row('two')]);
  expect(port.frames[0]?.progress).toEqual([{ id: A, step: 2 }]);
  runs.emit('purged', A);
  await vi.advanceTimersByTimeAsync(200);
  expect(port.frames[1]).toMatchObject({ purged: [A], runs: [] });
});

test('a page that takes no frames gets three, then one large one', async () => {
  const port = open(A);
  for (let step = 0; step < 50; step++) {
    runs.emit('chunks', [chunk([step])]);
    await vi.advanceTimersByTimeAsync(200);
  }
  expect(port.frames).toHaveLength(3);
  port.take();
  await vi.advanceTimersByTimeAsync(200);
  expect(port.frames).toHaveLength(4);
  expect(port.frames[3]?.seq).toBe(4);
  expect(port.frames[3]?.chunks[0]?.steps).toHaveLength(47);
});

test('what is too much leaves a gap in the numbers', () => {
  const pending = new PendingFrame();
  pending.addHistogram(histogram(0));
  expect(pending.take().seq).toBe(1);
  for (let step = 0; step < 100_001; step++) pending.addHistogram(histogram(step));
  const frame = pending.take();
  expect(frame.seq).toBe(3);
  expect(frame.histograms).toEqual([]);
  pending.addHistogram(histogram(0));
  expect(pending.take()).toMatchObject({ seq: 4, histograms: [histogram(0)] });
});

test('a burst of histograms passes, a flood is thinned evenly, and the newest step is always there', () => {
  const thinning = new HistogramThinning();
  const steps = (from: number, count: number) =>
    thinning.take(Array.from({ length: count }, (_, i) => histogram(from + i))).map(({ step }) => step);
  expect(steps(0, 21)).toEqual(Array.from({ length: 21 }, (_, i) => i));
  const flood = steps(21, 1000);
  expect(flood).toHaveLength(21);
  expect(flood.at(0)).toBe(21);
  expect(flood.at(-1)).toBe(1020);
  expect(steps(1021, 1000)).toEqual([1021, 2020]);
  expect(steps(2021, 1)).toEqual([2021]);
  for (let i = 0; i < 20; i++) thinning.take([]);
  expect(steps(3000, 40)).toHaveLength(40);
});

test('all tensors of a step are kept or left out together, run by run', () => {
  const thinning = new HistogramThinning();
  const frames = Array.from({ length: 100 }, (_, step) =>
    [A, B].flatMap((id) => [0, 2].map((layer) => ({ ...histogram(step), runId: id, layer }))),
  ).flat();
  const kept = thinning.take(frames.filter(({ runId: id, step }) => id === A || step < 10));
  expect(kept.filter(({ runId: id }) => id === A)).toHaveLength(80);
  expect(kept.filter(({ runId: id }) => id === B)).toHaveLength(20);
});

test('a notice waits for a page', async () => {
  feed.notify({ kind: 'open-page', page: 'data' });
  const port = open();
  await vi.advanceTimersByTimeAsync(200);
  expect(port.frames[0]?.notices).toEqual([{ kind: 'open-page', page: 'data' }]);
});

test('ends of runs and problems become notices', async () => {
  const port = open();
  const summary = { id: A, name: 'net', status: 'completed' } as RunEvents['summary'];
  runs.emit('ended', { summary, finished: null });
  runs.emit('problem', { id: null, error: { code: 'disk_full', message: 'the disk is full' } });
  await vi.advanceTimersByTimeAsync(200);
  expect(port.frames[0]?.notices).toEqual([
    { kind: 'run-ended', id: A, name: 'net', status: 'completed' },
    { kind: 'problem', message: 'the disk is full', code: 'disk_full', id: null },
  ]);
});

test('trials and what they reach come for watched sweeps, rows of sweeps for all', async () => {
  const [mine, other] = [open(), open()];
  mine.send({ type: 'watch-sweeps', sweeps: [SWEEP] });
  const report = { sweep: SWEEP, trial: 3, repeat: 0, epoch: 1, value: 0.5 };
  const rows = [0.1, 0.9].map((score) => ({ sweep: SWEEP, number: 3, score }) as TrialRow);
  const run = { id: A, trial: { sweep: SWEEP, trial: 3, repeat: 0 } } as RunEvents['summary'];
  const summary = { id: SWEEP, name: 'search', status: 'completed' } as SweepSummary;
  runs.emit('summary', run);
  sweeps.emit('report', report);
  sweeps.emit('report', { ...report, epoch: 2 });
  for (const row of rows) sweeps.emit('trials', [row]);
  sweeps.emit('summary', { ...summary, status: 'running' });
  sweeps.emit('summary', summary);
  sweeps.emit('ended', summary);
  await vi.advanceTimersByTimeAsync(200);
  const notices = [{ kind: 'sweep-ended', id: SWEEP, name: 'search', status: 'completed' }];
  expect(mine.frames[0]).toMatchObject({
    runs: [run],
    sweeps: [summary],
    trials: [rows[1]],
    reports: [{ epoch: 1 }, { epoch: 2 }],
    notices,
  });
  expect(other.frames[0]).toMatchObject({ runs: [], sweeps: [summary], trials: [], reports: [], notices });
  sweeps.emit('purged', SWEEP);
  await vi.advanceTimersByTimeAsync(200);
  expect(other.frames[1]).toMatchObject({ sweeps: [], purgedSweeps: [SWEEP] });
});

test('what happens to a trial makes no notice, a full disk and the trouble of a sweep do', async () => {
  const port = open();
  const summary = { id: A, name: 't', status: 'failed', trial: { sweep: SWEEP, trial: 0, repeat: 0 } };
  runs.emit('summary', summary as RunEvents['summary']);
  runs.emit('problem', { id: A, error: { code: 'worker_died', message: 'the train worker died' } });
  runs.emit('problem', { id: A, error: { code: 'disk_full', message: 'the disk is full' } });
  runs.emit('ended', { summary: summary as RunEvents['summary'], finished: null });
  sweeps.emit('problem', { id: SWEEP, error: { code: 'internal', message: 'oh' } });
  await vi.advanceTimersByTimeAsync(200);
  expect(port.frames[0]?.notices).toEqual([
    { kind: 'problem', message: 'the disk is full', code: 'disk_full', id: null },
    { kind: 'problem', message: 'oh', code: 'internal', id: null, sweep: SWEEP },
  ]);
});

test('a closed port is forgotten and the timer with it', async () => {
  const port = open(A);
  expect(feed.isHeard).toBe(true);
  port.close();
  expect(feed.isHeard).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
  runs.emit('chunks', [chunk([1])]);
  await vi.advanceTimersByTimeAsync(500);
  expect(port.frames).toEqual([]);
});

test('messages it does not know are refused', () => {
  const port = open();
  port.send({ type: 'watch', runs: ['not a run'] });
  port.send({ type: 'watch-sweeps', sweeps: ['not a sweep'] });
  port.send({ type: 'close-asked', more: 1 });
  port.send(null);
  expect(closeAsked).toBe(0);
  port.send({ type: 'close-asked' });
  expect(closeAsked).toBe(1);
});

test('joining no chunks is an error, one is itself', () => {
  expect(() => joinChunks([])).toThrow(RangeError);
  const one = chunk([1]);
  expect(joinChunks([one])).toBe(one);
});
