/** The runs service's small parts, each on its own. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StudioFailure, type StudioError } from '../../../electron/contract/outcome.ts';
import type { RunAppend } from '../../../electron/contract/store-requests.ts';
import { checkFreeSpace, estimateDiskBytes } from '../../../electron/main/services/free-space.ts';
import { ProgressMeter } from '../../../electron/main/services/progress-meter.ts';
import { RunJournal } from '../../../electron/main/services/run-journal.ts';
import { withAbsoluteChoices, withAbsolutePaths } from '../../../electron/main/services/spec-paths.ts';
import { sweepOf } from '../../engine/sweep/support.ts';
import { checkpoint, chunk, exampleSpec, RUN_A } from '../store/run-samples.ts';

describe('the progress meter', () => {
  it('tells speed and time left from the last seconds', () => {
    const meter = new ProgressMeter(1000, 50);
    meter.add(0, 0);
    expect([meter.samplesPerSecond, meter.leftMs]).toEqual([0, null]);
    // Ten slow seconds, then four quick ones: only these count.
    meter.add(100, 10_000);
    for (let i = 1; i <= 40; i++) meter.add(100 + 10 * i, 10_000 + 100 * i);
    expect(meter.step).toBe(500);
    expect(meter.samplesPerSecond).toBeCloseTo(5000, 6);
    expect(meter.leftMs).toBeCloseTo(5000, 6);
  });

  it('has nothing left at the end', () => {
    const meter = new ProgressMeter(10, 50);
    meter.add(0, 0);
    meter.add(10, 20);
    expect(meter.leftMs).toBe(0);
  });
});

describe('paths of a spec', () => {
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'descent-paths-'));
    onTestFinished(() => rmSync(path, { recursive: true }));
    return path;
  };

  it('are taken from the first folder that has the file', () => {
    const [here, there] = [folder(), folder()];
    mkdirSync(join(there, 'data'));
    writeFileSync(join(there, 'data', 'x.csv'), '');
    writeFileSync(join(here, 'w.npz'), '');
    writeFileSync(join(there, 'w.npz'), '');
    const spec = exampleSpec({ data: { source: { file: 'data/x.csv', target: 'y' } }, initialWeights: 'w.npz' });
    const absolute = withAbsolutePaths(spec, [here, there]);
    expect(absolute.data.source).toEqual({ file: join(there, 'data', 'x.csv'), target: 'y' });
    expect(absolute.initialWeights).toBe(join(here, 'w.npz'));
  });

  it('that lead nowhere are said to be in the first folder', () => {
    const spec = exampleSpec({ data: { source: { images: 'a', labels: '/b', testImages: 'c', testLabels: 'd' } } });
    expect(withAbsolutePaths(spec, ['/one', '/two']).data.source).toEqual({
      images: '/one/a',
      labels: '/b',
      testImages: '/one/c',
      testLabels: '/one/d',
    });
  });

  it('are made absolute among the choices of a sweep too, wherever it names them', () => {
    const [here, there] = [folder(), folder()];
    writeFileSync(join(there, 'b.csv'), '');
    const spec = sweepOf({
      sampler: { type: 'random' },
      space: {
        'data.source': {
          type: 'choice',
          values: ['iris', { file: 'a.csv', target: 'y' }, { file: 'b.csv', target: 'y' }],
        },
        initialWeights: {
          type: 'choice',
          values: [null, 'w.npz'],
          when: { path: 'data.source', in: ['iris', { file: 'b.csv', target: 'y' }] },
        },
        'optimizer.lr': { type: 'uniform', min: 1e-3, max: 1e-2 },
      },
      enqueue: [{ 'data.source': { file: 'b.csv', target: 'y' } }],
    });
    const { space, enqueue, base } = withAbsoluteChoices(spec, [here, there]);
    const [a, b] = [join(here, 'a.csv'), join(there, 'b.csv')].map((file) => ({ file, target: 'y' }));
    expect(space['data.source']).toEqual({ type: 'choice', values: ['iris', a, b] });
    expect(space['initialWeights']).toMatchObject({ values: [null, join(here, 'w.npz')], when: { in: ['iris', b] } });
    expect(space['optimizer.lr']).toEqual(spec.space['optimizer.lr']);
    expect(enqueue).toEqual([{ 'data.source': b }]);
    expect(base).toEqual(spec.base);
  });

  it('leave the sets on board alone', () => {
    expect(withAbsolutePaths(exampleSpec(), ['/one'])).toEqual(exampleSpec());
  });
});

describe('free space', () => {
  it('counts checkpoints and points', () => {
    expect(estimateDiskBytes({ parameters: 1000, stepsPlanned: 10_000 })).toBe(1000 * 64 + 160_000);
    expect(estimateDiskBytes({ parameters: 0, stepsPlanned: 1e9 })).toBe(1e9);
  });

  it('is asked for before a run begins', async () => {
    const path = join(tmpdir(), 'descent.db');
    await expect(checkFreeSpace(path, { parameters: 1000, stepsPlanned: 100 })).resolves.toBeUndefined();
    await expect(checkFreeSpace(path, { parameters: 1e15, stepsPlanned: 100 })).rejects.toMatchObject({
      error: { code: 'disk_full', message: expect.stringContaining(`MB to ${tmpdir()}`) as string },
    });
  });
});

/** A store whose answers the test gives by hand. */
function fakeStore() {
  const calls: { append: RunAppend; resolve: () => void; reject: (error: Error) => void }[] = [];
  const saved: { steps: number[]; messages: number }[] = [];
  const failures: StudioError[] = [];
  const journal = new RunJournal({
    id: RUN_A,
    store: {
      call: (_type, args) =>
        new Promise((resolve, reject) => {
          calls.push({ append: args as RunAppend, resolve: () => resolve({} as never), reject });
        }),
    },
    beforeCommit: () => Promise.resolve(),
    onSaved: (_summary, append, messages) =>
      saved.push({ steps: (append.chunks ?? []).flatMap(({ steps }) => [...steps]), messages }),
    onFailed: (error) => failures.push(error),
  });
  return { calls, saved, failures, journal };
}

describe('the journal', () => {
  const part = (first: number) => ({ chunks: [chunk(first, [1, 2])], step: first + 2, elapsedMs: first });

  it('sends one append at a time and joins what comes meanwhile', async () => {
    const { calls, saved, journal } = fakeStore();
    journal.add(part(0), 'now');
    await expect.poll(() => calls.length).toBe(1);
    journal.add(part(2), 'now');
    journal.add({ ...part(4), status: 'paused' }, 'now');
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(calls).toHaveLength(1);
    calls[0]?.resolve();
    await expect.poll(() => calls.length).toBe(2);
    expect(calls[1]?.append).toMatchObject({ id: RUN_A, step: 6, elapsedMs: 4, status: 'paused' });
    expect(calls[1]?.append.chunks).toHaveLength(1);
    calls[1]?.resolve();
    await expect
      .poll(() => saved)
      .toEqual([
        { steps: [0, 1], messages: 1 },
        { steps: [2, 3, 4, 5], messages: 2 },
      ]);
  });

  it('keeps the first, the best and the newest of the checkpoints that wait, and every one of a few', async () => {
    const { calls, journal } = fakeStore();
    const add = (step: number, best = false): void =>
      journal.add({ checkpoints: [checkpoint(step, new Uint8Array(1), best)] }, 'now');
    const steps = (at: number): number[] => (calls[at]?.append.checkpoints ?? []).map(({ step }) => step);
    add(0);
    await expect.poll(() => calls.length).toBe(1);
    add(10);
    add(20);
    calls[0]?.resolve();
    await expect.poll(() => calls.length).toBe(2);
    for (const step of [30, 40, 50, 60, 70]) add(step, step === 40);
    calls[1]?.resolve();
    await expect.poll(() => calls.length).toBe(3);
    expect([steps(0), steps(1), steps(2)]).toEqual([[0], [10, 20], [30, 40, 60, 70]]);
  });

  it('keeps an append that failed and sends the very same one again when asked', async () => {
    const { calls, saved, failures, journal } = fakeStore();
    journal.add(part(0), 'now');
    await expect.poll(() => calls.length).toBe(1);
    const full: StudioError = { code: 'disk_full', message: 'the disk is full' };
    calls[0]?.reject(new StudioFailure(full));
    await expect.poll(() => failures).toEqual([full]);
    expect(journal.stuck).toBe(true);
    journal.add(part(2), 'now');
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(calls).toHaveLength(1);

    const retried = journal.retry();
    await expect.poll(() => calls.length).toBe(2);
    expect(calls[1]?.append).toBe(calls[0]?.append);
    calls[1]?.reject(new StudioFailure(full));
    await expect(retried).rejects.toMatchObject({ error: full });

    const again = journal.retry();
    await expect.poll(() => calls.length).toBe(3);
    calls[2]?.resolve();
    await again;
    await expect.poll(() => calls.length).toBe(4);
    calls[3]?.resolve();
    await expect
      .poll(() => saved.map(({ steps }) => steps))
      .toEqual([
        [0, 1],
        [2, 3],
      ]);
    expect(journal.stuck).toBe(false);
  });
});
