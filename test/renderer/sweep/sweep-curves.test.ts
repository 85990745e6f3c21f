/** The small curves of a sweep's rows: read once, continued by reports, and read again when a trial is trained again. */

import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { effectScope } from 'vue';
import type { TrialReport } from '../../../electron/contract/sweeps.ts';
import { useSweepCurves, type SweepCurves } from '../../../renderer/views/sweep/use-sweep-curves.ts';
import type { SweepData } from '../../../renderer/views/sweep/use-sweep-data.ts';
import { fakeTrial } from './fake-trials.ts';

/** Values of the curve the store has of trial 0, one an epoch. */
let stored: number[];
let asked: number[][];
let report: (reports: readonly Omit<TrialReport, 'sweep' | 'repeat'>[]) => void;

beforeEach(() => {
  setActivePinia(createPinia());
  asked = [];
  const invoke = (_channel: string, { trials }: { trials: number[] }) => {
    asked.push(trials);
    const value = {
      trials: Int32Array.of(0),
      offsets: Int32Array.of(0, stored.length),
      epochs: Int32Array.from(stored, (_, i) => i + 1),
      values: Float32Array.from(stored),
    };
    return Promise.resolve({ ok: true, value });
  };
  Object.assign(globalThis, { window: { studio: { invoke } } });
});

function open(): SweepCurves {
  const scope = effectScope();
  onTestFinished(() => scope.stop());
  const data = {
    id: fakeTrial(0).sweep,
    onReports: (call: (reports: readonly TrialReport[]) => void) => {
      report = (reports) => call(reports.map((one) => ({ sweep: fakeTrial(0).sweep, repeat: 0, ...one })));
    },
  } as unknown as SweepData;
  return scope.run(() => useSweepCurves(data)) as SweepCurves;
}
const valuesOf = (page: SweepCurves): readonly number[] => page.curves.value.get(0)?.values ?? [];

it('of a trial that is trained again begin again, and grow', async () => {
  stored = [1, 2, 3];
  const page = open();
  page.show([fakeTrial(0, { status: 'failed', startedAt: 5 })]);
  await vi.waitFor(() => expect(valuesOf(page)).toEqual([1, 2, 3]));
  page.show([fakeTrial(0, { status: 'failed', startedAt: 5 })]);
  // Waiting for its turn: what it had is still all there is.
  page.show([fakeTrial(0, { status: 'queued', startedAt: 5 })]);
  stored = [4];
  page.show([fakeTrial(0, { status: 'running', startedAt: 5 })]);
  await vi.waitFor(() => expect(valuesOf(page)).toEqual([4]));
  report([
    { trial: 0, epoch: 1, value: 4 },
    { trial: 0, epoch: 2, value: 5 },
  ]);
  expect(valuesOf(page)).toEqual([4, 5]);
  stored = [7];
  page.show([fakeTrial(0, { status: 'running', startedAt: 6 })]);
  await vi.waitFor(() => expect(valuesOf(page)).toEqual([7]));
  expect(asked).toEqual([[0], [0], [0]]);
});
