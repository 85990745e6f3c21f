import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Closing, type CloseDecision } from '../../../electron/main/closing.ts';
import type { SweepSummary } from '../../../electron/contract/sweeps.ts';
import type { RunEvents } from '../../../electron/main/services/runs-types.ts';
import { fakeRuns, type FakeRuns } from './fake-runs.ts';
import { fakeSweeps, type FakeSweeps } from './fake-sweeps.ts';

let runs: FakeRuns;
let sweeps: FakeSweeps;
let log: string[];
let heard: boolean;
let nativeAnswer: CloseDecision;
let closing: Closing;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  runs = fakeRuns();
  runs.state = { running: 2, queued: 1, workers: 2, saved: true };
  log = runs.calls;
  sweeps = fakeSweeps(log);
  heard = true;
  nativeAnswer = 'cancel';
  closing = new Closing({
    runs,
    sweeps,
    askPage: ({ running }) => {
      if (heard) log.push(`ask page ${running}`);
      return heard;
    },
    askNatively: ({ running }) => {
      log.push(`ask natively ${running}`);
      return Promise.resolve(nativeAnswer);
    },
    destroyWindow: () => log.push('destroy'),
    onKept: () => log.push('kept'),
    closeServices: () => {
      log.push('close services');
      return Promise.resolve();
    },
    exit: (code) => log.push(`exit ${code}`),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const ended = () => runs.emit('ended', { summary: {}, finished: null } as RunEvents['ended']);

test('a window closes without a question when nothing trains', () => {
  runs.state = { ...runs.state, running: 0, queued: 0 };
  expect(closing.mayClose()).toBe(true);
  expect(log).toEqual([]);
});

test('the page is asked, and the system only when the page does not show the question', async () => {
  expect(closing.mayClose()).toBe(false);
  closing.asked();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(log).toEqual(['ask page 3']);
  await closing.answer('cancel');
  expect(closing.mayClose()).toBe(false);
  await vi.advanceTimersByTimeAsync(1499);
  expect(log).toEqual(['ask page 3', 'ask page 3']);
  await vi.advanceTimersByTimeAsync(1);
  expect(log.at(-1)).toBe('ask natively 3');
});

test('the system asks at once when no page listens', async () => {
  heard = false;
  nativeAnswer = 'stop-and-close';
  expect(closing.mayClose()).toBe(false);
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(['ask natively 3', 'shutdown stop', 'close services', 'exit 0']);
});

test('pausing saves every run before the process ends', async () => {
  closing.mayClose();
  await closing.answer('pause-and-close');
  expect(log).toEqual(['ask page 3', 'shutdown suspend', 'close services', 'exit 0']);
  expect(closing.isLeaving).toBe(true);
  expect(closing.mayClose()).toBe(true);
});

test('training kept going ends the app when its last run has ended', async () => {
  closing.mayClose();
  await closing.answer('keep');
  expect(log).toEqual(['ask page 3', 'destroy', 'kept']);
  expect(closing.isKept).toBe(true);
  runs.state = { ...runs.state, running: 1, queued: 0 };
  ended();
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toHaveLength(3);
  runs.state = { ...runs.state, running: 0 };
  ended();
  await vi.advanceTimersByTimeAsync(0);
  expect(log.slice(3)).toEqual(['shutdown suspend', 'close services', 'exit 0']);
});

test('a sweep between two trials is asked about, kept going and saved like a run', async () => {
  runs.state = { ...runs.state, running: 0, queued: 0 };
  sweeps.active = 1;
  expect(closing.mayClose()).toBe(false);
  await closing.answer('keep');
  ended();
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(['ask page 0', 'destroy', 'kept']);
  sweeps.active = 0;
  sweeps.emit('ended', {} as SweepSummary);
  await vi.advanceTimersByTimeAsync(0);
  expect(log.slice(3)).toEqual(['shutdown suspend', 'close services', 'exit 0']);
});

test('sweeps start nothing more before the runs are ended, and are committed before the store closes', async () => {
  sweeps.active = 2;
  await closing.leave('suspend');
  expect(log).toEqual(['suspend sweeps', 'shutdown suspend', 'settle sweeps', 'close services', 'exit 0']);
});

test('a window opened again makes it an ordinary session', async () => {
  closing.mayClose();
  await closing.answer('keep');
  closing.reopened();
  runs.state = { ...runs.state, running: 0, queued: 0 };
  ended();
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(['ask page 3', 'destroy', 'kept']);
});

test('an answer nobody asked for is ignored', async () => {
  await closing.answer('stop-and-close');
  expect(log).toEqual([]);
});

test('leaving takes at most five seconds', async () => {
  runs.ending = new Promise(() => undefined);
  void closing.leave('suspend');
  await vi.advanceTimersByTimeAsync(4999);
  expect(log).toEqual(['shutdown suspend']);
  await vi.advanceTimersByTimeAsync(1);
  expect(log).toEqual(['shutdown suspend', 'exit 1']);
});

test('leaving twice saves once; a failure still ends the process', async () => {
  runs.ending = Promise.reject(new Error('the disk is gone'));
  await Promise.all([closing.leave('suspend'), closing.leave('stop')]);
  // The store is closed all the same: what could be saved stays whole.
  expect(log).toEqual(['shutdown suspend', 'close services', 'exit 1']);
});
