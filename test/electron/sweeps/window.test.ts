/** What the window's pages need of the sweeps service beside the search itself. */

import { describe, expect, it } from 'vitest';
import { answerInvoke, type Handlers } from '../../../electron/main/ipc/answer.ts';
import { createSweepHandlers, type SweepHandlerServices } from '../../../electron/main/ipc/sweep-handlers.ts';
import { ChosenFiles } from '../../../electron/main/services/chosen-files.ts';
import { unpackRows } from '../../../electron/contract/packed-rows.ts';
import type { TrialReport } from '../../../electron/contract/sweeps.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { join } from 'node:path';
import { BAD_SPECS } from './bad-specs.ts';
import { irisSweep, SweepStudio } from './support.ts';

describe('checking a spec', () => {
  it('fills in the defaults, counts the cells of a grid and warns', () => {
    const { sweeps } = new SweepStudio();
    const grid = sweeps.check(irisSweep({ sampler: { type: 'grid' }, trials: undefined }));
    expect(grid).toMatchObject({ issues: [], warnings: [], cells: 30, spec: { trials: 30, sampler: { points: 5 } } });
    const large = sweeps.check(irisSweep({ sampler: { type: 'grid', points: 400 }, trials: undefined }));
    expect(large.warnings).toMatchObject([{ path: 'sampler', message: 'the grid has 2400 cells, a trial each' }]);
    expect(sweeps.check(irisSweep())).toMatchObject({ issues: [], cells: null });
  });

  it('takes any value without throwing', () => {
    const { sweeps } = new SweepStudio();
    for (const value of [undefined, null, 7, [], {}, { space: 3, base: [] }]) {
      const { issues, spec } = sweeps.check(value);
      expect(issues.length).toBeGreaterThan(0);
      expect(spec).toBeNull();
    }
  });
});

describe('a spec with a mistake', () => {
  it.each(BAD_SPECS)(
    '$what: one message, at its field, whether checked or started',
    async ({ spec, path, message }) => {
      const { sweeps, folder } = new SweepStudio();
      const services = {
        sweeps,
        paths: { baseFolder: folder },
        settings: { get: () => ({ kernels: 'reference' }) },
        workers: () => 1,
        chosen: await ChosenFiles.open(join(folder, 'chosen.json'), false, 0),
      } as unknown as SweepHandlerServices;
      const handlers = createSweepHandlers(services) as Handlers;
      const issues = [{ path, message }];
      expect(sweeps.check(spec)).toMatchObject({ issues, warnings: [], spec: null, cells: null });
      expect(await answerInvoke(handlers, 'sweep:start', { spec })).toMatchObject({
        ok: false,
        error: { code: 'spec_invalid', message: `${path}: ${message}`, issues },
      });
      expect(await sweeps.list({ trash: false })).toEqual([]);
    },
  );
});

describe('files of a sweep', () => {
  it('must have been chosen, in the base and in the search space', async () => {
    const studio = new SweepStudio();
    const chosen = await ChosenFiles.open(join(studio.folder, 'chosen.json'), false, 0);
    await chosen.add(['/data/mine.csv']);
    const issuesOf = (value: unknown): string[] => {
      const { spec, issues } = studio.sweeps.check(value);
      if (spec === null) throw new Error(JSON.stringify(issues));
      return chosen.sweepIssues(spec).map(({ path, message }) => `${path}: ${message}`);
    };
    const table = { data: { source: { file: '/data/mine.csv' } } };
    expect(issuesOf(irisSweep())).toEqual([]);
    expect(issuesOf(irisSweep({}, table))).toEqual([]);
    expect(issuesOf(irisSweep({}, { data: { source: { file: '/etc/passwd' } } }))).toEqual([
      'base.data.source: /etc/passwd was not chosen on this computer yet; choose it with the file dialog',
    ]);
    const spaces = {
      'data.source': ['iris', { file: '/etc/passwd' }],
      'data.source.file': ['/data/mine.csv', '/etc/passwd'],
      initialWeights: [null, '/etc/passwd'],
    };
    for (const [path, values] of Object.entries(spaces)) {
      const spec = irisSweep({ space: { [path]: { type: 'choice', values } }, trials: 2 }, table);
      expect(issuesOf(spec)).toEqual([expect.stringMatching(new RegExp(`^space\\.${path}: /etc/passwd was not`))]);
    }
  });
});

describe('curves, spans and reports', () => {
  it('tell the objective of every epoch, and which worker trained what from when to when', async () => {
    const studio = new SweepStudio({ workers: 2 });
    const told: TrialReport[] = [];
    studio.sweeps.on('report', (report) => told.push(report));
    const { summary, trials } = await studio.searched(irisSweep({ trials: 5 }));
    const curves = await studio.sweeps.readCurves({ id: summary.id, trials: null, maxPoints: 100 });
    expect([...curves.trials]).toEqual([0, 1, 2, 3, 4]);
    expect([...curves.offsets]).toEqual([0, 6, 12, 18, 24, 30]);
    for (const [i, trial] of trials.entries()) {
      const values = [...curves.values.subarray(curves.offsets[i], curves.offsets[i + 1])];
      expect(Math.max(...values)).toBe(trial.score);
      const reports = told.filter((report) => report.trial === trial.number);
      expect(reports.map(({ epoch, value }) => [epoch, value])).toEqual(values.map((value, e) => [e + 1, value]));
      expect(trial).toMatchObject({ epochs: 6, epochsPlanned: 6 });
    }
    const some = await studio.sweeps.readCurves({ id: summary.id, trials: [3, 1], maxPoints: 100 });
    expect([...some.trials]).toEqual([1, 3]);
    expect([...some.values]).toEqual([...curves.values.subarray(6, 12), ...curves.values.subarray(18, 24)]);

    const spans = unpackRows(await studio.sweeps.readTimeline(summary.id));
    expect(spans.map(({ trial }) => trial).sort()).toEqual([0, 1, 2, 3, 4]);
    expect([...new Set(spans.map(({ worker }) => worker))].sort()).toEqual(['1', '2']);
    for (const worker of ['1', '2']) {
      const mine = spans.filter((span) => span.worker === worker);
      for (const [i, { from, to }] of mine.entries()) {
        expect(to).toBeGreaterThanOrEqual(from);
        expect(from).toBeGreaterThanOrEqual(mine[i - 1]?.to ?? 0);
      }
    }
  });

  it('keep the ends, the least and the greatest of a long curve', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const spec = irisSweep({ trials: 1, epochsPerTrial: 300, objective: { metric: 'loss' } });
    const { summary } = await studio.searched(spec, 1);
    const read = (maxPoints: number) => studio.sweeps.readCurves({ id: summary.id, trials: null, maxPoints });
    const [whole, few] = [await read(1000), await read(16)];
    expect(whole.epochs).toHaveLength(300);
    expect(few.epochs.length).toBeLessThanOrEqual(16);
    expect(few.epochs.length).toBeGreaterThan(8);
    expect([few.epochs[0], few.epochs.at(-1)]).toEqual([1, 300]);
    expect(Math.min(...few.values)).toBe(Math.min(...whole.values));
  });

  it('break a span where a trial is paused, and close it where its worker dies', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const id = await studio.search(irisSweep({ trials: 1, epochsPerTrial: 100_000 }), 1);
    await studio.next('epoch');
    const paused = studio.next('progress', ({ status }) => status === 'paused');
    await studio.sweeps.control(id, 'pause');
    await paused;
    const resumed = studio.next('progress', ({ status }) => status === 'running');
    await studio.sweeps.resume(id);
    await resumed;
    await studio.next('epoch');
    const again = studio.next('started');
    await studio.trainWorkers.at(-1)?.terminate();
    await again;
    const over = studio.over();
    await studio.sweeps.control(id, 'stop');
    await over;
    const spans = unpackRows(await studio.sweeps.readTimeline(id));
    expect(spans).toHaveLength(3);
    for (const [i, { from, to }] of spans.entries()) {
      expect(to).toBeGreaterThanOrEqual(from);
      expect(from).toBeGreaterThanOrEqual(spans[i - 1]?.to ?? 0);
    }
  });
});

describe('several sweeps', () => {
  it('run beside each other, are paused and stopped one by one, and renamed', async () => {
    const studio = new SweepStudio({ workers: 2 });
    const done = (await studio.searched(irisSweep({ trials: 1, name: 'short' }), 1)).summary.id;
    const long = { trials: 3, epochsPerTrial: 100_000 };
    const [a, b] = [await studio.search(irisSweep(long), 1), await studio.search(irisSweep(long), 1)];
    expect(studio.sweeps.running()).toBe(2);
    for (const id of [a, b]) await studio.sweeps.control(id, 'pause');
    expect(studio.sweeps.running()).toBe(0);
    const statuses = async () => (await studio.sweeps.list({ trash: false })).map(({ status }) => status);
    expect(await statuses()).toEqual(['paused', 'paused', 'completed']);
    await studio.sweeps.resume(a);
    expect(studio.sweeps.running()).toBe(1);
    const over = [a, b].map((id) => studio.nextOf('ended', (summary) => summary.id === id));
    for (const id of [a, b]) await studio.sweeps.control(id, 'stop');
    await Promise.all(over);
    expect(await statuses()).toEqual(['stopped', 'stopped', 'completed']);
    const told = studio.nextOf('summary', ({ id }) => id === done);
    expect(await studio.sweeps.rename(done, 'tiny')).toMatchObject({ id: done, name: 'tiny' });
    expect((await told).name).toBe('tiny');
    expect((await studio.sweeps.get(done)).summary.name).toBe('tiny');
  });

  it('lets a round leave choices out but not bring in values nobody checked', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const space = { 'optimizer.type': { type: 'choice', values: ['sgd', 'adam', 'rmsprop'] } };
    const sampler = { type: 'narrow', rounds: 2, pause: true };
    const id = await studio.search(irisSweep({ space, sampler, trials: 4 }), 1);
    await studio.nextOf('summary', ({ status }) => status === 'paused');
    const choose = (...values: string[]) =>
      studio.sweeps.editRanges(id, 1, { 'optimizer.type': { type: 'choice', values } });
    await expect(choose('sgd', 'lamb')).rejects.toThrow(
      'space.optimizer.type.values: expected values the sweep chooses from',
    );
    await choose('sgd', 'adam');
    const over = studio.over();
    await studio.sweeps.resume(id);
    await over;
    const { trials } = await studio.sweeps.get(id);
    for (const { params } of trials.slice(2)) expect(['sgd', 'adam']).toContain(params['optimizer.type']);
    expect(await studio.runs.list({ trash: false })).toEqual([]);
    expect((await studio.detail(trials[0]?.runs[0] as RunId)).summary.trial?.sweep).toBe(id);
  });
});
