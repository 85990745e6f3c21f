/** Sweeps on real workers and a real database. */

import Sqlite from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunId } from '../../../engine/spec/ids.ts';
import { runSeed } from '../../../engine/sweep/seeds.ts';
import { endlessSpec, irisSpec, onDisk } from '../services/studio.ts';
import { irisSweep, results, SweepStudio } from './support.ts';

describe('a sweep', () => {
  it('trains every trial as a run of its own, with its parameters, its seed and its score', async () => {
    const studio = new SweepStudio({ workers: 2 });
    const { summary, trials } = await studio.searched(irisSweep());
    expect(summary).toMatchObject({
      number: 1,
      name: 'iris search',
      status: 'completed',
      trials: 6,
      counts: { completed: 6, running: 0, queued: 0, failed: 0, pruned: 0, interrupted: 0 },
      epochs: 36,
    });
    for (const trial of trials) {
      const { summary: run, spec } = await studio.detail(trial.runs[0] as RunId);
      expect(run).toMatchObject({ status: 'completed', trial: { sweep: summary.id, trial: trial.number, repeat: 0 } });
      expect(spec.seed).toBe(runSeed(5, trial.number, 0));
      expect(spec.optimizer.lr).toBe(trial.params['optimizer.lr']);
      expect(trial.score).toBe(run.bestValidationAccuracy);
      expect(trial.validationRows).toBe(24);
    }
    const best = Math.max(...trials.map(({ score }) => score!));
    expect(summary.best).toMatchObject({ score: best, trial: trials.findIndex(({ score }) => score === best) });
    expect(await studio.runs.list({ trash: false })).toEqual([]);
    expect(await studio.sweeps.list({ trash: false })).toEqual([summary]);
  });

  it('gives the same trials with one worker and with two', async () => {
    const one = new SweepStudio({ workers: 1 });
    const two = new SweepStudio({ workers: 2 });
    const [a, b] = await Promise.all([one.searched(irisSweep(), 1), two.searched(irisSweep(), 2)]);
    expect(results(b.trials)).toEqual(results(a.trials));
  });

  it('never reads the test split, and refuses to score a trial on it', async () => {
    const studio = new SweepStudio();
    const { trials } = await studio.searched(irisSweep({ trials: 2 }));
    const run = trials[0]?.runs[0] as RunId;
    const { summary, splitSizes } = await studio.detail(run);
    // There is one to read.
    expect(splitSizes.test).toBe(30);
    expect(summary.testAccuracy).toBeNull();
    expect((await studio.curve(run, 'accuracy', 'test')).total).toBe(0);
    await expect(studio.evaluations.read(run, 'test')).rejects.toMatchObject({ error: { code: 'conflict' } });
    await expect(studio.evaluations.openTest(run, 1)).rejects.toMatchObject({ error: { code: 'conflict' } });
    expect((await studio.evaluations.read(run, 'validation')).split).toBe('validation');
    const plain = await studio.start(irisSpec({ training: { epochs: 1, batchSize: 10 } }));
    await studio.ended(plain);
    expect((await studio.detail(plain)).summary.testAccuracy).not.toBeNull();
  });

  it('says what went wrong in a trial and goes on', async () => {
    const studio = new SweepStudio();
    const space = { 'optimizer.lr': { type: 'choice', values: [0.01, 1e6] } };
    const base = { optimizer: { type: 'sgd', lr: 0.01 }, loss: 'mse' };
    const { summary, trials } = await studio.searched(
      irisSweep({ space, trials: 2, objective: { metric: 'loss' } }, base),
    );
    const [bad] = trials.filter(({ status }) => status === 'failed');
    expect(bad).toMatchObject({ score: null, params: { 'optimizer.lr': 1e6 }, reason: { code: 'diverged' } });
    expect(bad?.reason?.message).toMatch(/^diverged at step \d+: .*\(learning rate 1000000\)/);
    expect(summary).toMatchObject({ status: 'completed', counts: { completed: 1, failed: 1 } });
  });

  it('repeats trials with several seeds and scores by the mean', async () => {
    const studio = new SweepStudio();
    const { trials } = await studio.searched(irisSweep({ trials: 2, seedsPerTrial: 3 }));
    for (const { scores, score, runs, number, epochs } of trials) {
      expect(scores).toHaveLength(3);
      expect(score).toBe((scores[0]! + scores[1]! + scores[2]!) / 3);
      expect(epochs).toBe(18);
      const seeds = await Promise.all(runs.map(async (run) => (await studio.detail(run)).spec.seed));
      expect(seeds).toEqual([0, 1, 2].map((repeat) => runSeed(5, number, repeat)));
    }
  });

  it('is refused with one clear message for what is wrong with it or its base', async () => {
    const studio = new SweepStudio();
    const refused = async (spec: unknown): Promise<string> => {
      const error: unknown = await studio.search(spec).catch((reason: unknown) => reason);
      return error instanceof Error ? error.message : 'accepted';
    };
    expect(await refused(irisSweep({ space: { 'optimizer.rate': { type: 'uniform', min: 0, max: 1 } } }))).toBe(
      'space.optimizer.rate: unknown field: the base run spec has no "optimizer.rate"',
    );
    expect(await refused(irisSweep({}, { data: { source: { file: 'nowhere.csv' } } }))).toMatch(
      /^base\.data\.source: .*nowhere\.csv/,
    );
    const diabetes = {
      data: { source: 'diabetes' },
      model: {
        layers: [
          { type: 'affine', units: 4 },
          { type: 'affine', units: 1 },
        ],
      },
      loss: 'mse',
    };
    expect(await refused(irisSweep({}, diabetes))).toBe(
      'objective.metric: the data has no classes, so there is no accuracy; use loss',
    );
    expect(await studio.sweeps.list({ trash: false })).toEqual([]);
  });
});

describe('pruning', () => {
  it('ends runs at exactly the epoch it was decided at, however quick they are', async () => {
    const studio = new SweepStudio({ workers: 2 });
    const spec = irisSweep({ trials: 8, pruner: { type: 'asha', minEpochs: 2, reduction: 2 }, epochsPerTrial: 8 });
    const { trials } = await studio.searched(spec);
    const pruned = trials.filter(({ status }) => status === 'pruned');
    expect(pruned.length).toBeGreaterThan(0);
    for (const trial of pruned) {
      expect([2, 4]).toContain(trial.epochs);
      expect(trial.reason).toMatchObject({ code: 'rung', values: { epoch: trial.epochs } });
      const { summary } = await studio.detail(trial.runs[0] as RunId);
      expect(summary).toMatchObject({ status: 'stopped', epochsDone: trial.epochs });
    }
    for (const { status, epochs } of trials) if (status === 'completed') expect(epochs).toBe(8);
  });

  it('by ASHA finds a score within half a point of the full search in at most two fifths of its epochs', async () => {
    const search = async (pruner: object) => {
      const spec = {
        seed: 1,
        base: {
          data: { source: 'digits' },
          model: { layers: [{ type: 'affine', units: 32 }, { type: 'relu' }, { type: 'affine', units: 10 }] },
          optimizer: { type: 'sgd', lr: 0.1 },
          training: { epochs: 27, batchSize: 32 },
        },
        space: {
          'optimizer.lr': { type: 'log-uniform', min: 1e-4, max: 1 },
          'model.layers.0.units': { type: 'int', min: 8, max: 64, step: 8 },
        },
        pruner,
        trials: 27,
      };
      return (await new SweepStudio({ workers: 1 }).searched(spec, 1, 'wasm')).summary;
    };
    const full = await search({ type: 'none' });
    const asha = await search({ type: 'asha' });
    const [epochs, gap] = [asha.epochs / full.epochs, 100 * (full.best!.score - asha.best!.score)];
    console.log(
      `ASHA: ${(100 * epochs).toFixed(1)} % of ${full.epochs} epochs, ${gap.toFixed(2)} points below the full search`,
    );
    expect(full.epochs).toBe(27 * 27);
    expect(epochs).toBeLessThanOrEqual(0.4);
    expect(gap).toBeLessThanOrEqual(0.5);
  });

  it('lets a pruned trial go on from where it was when someone wants it to', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const spec = irisSweep({ trials: 5, pruner: { type: 'asha', minEpochs: 2, reduction: 2 } });
    const { summary, trials } = await studio.searched(spec, 1);
    const pruned = trials.find(({ status }) => status === 'pruned')!;
    const over = studio.over();
    await studio.sweeps.controlTrial(summary.id, pruned.number, 'retry');
    await over;
    const after = (await studio.sweeps.get(summary.id)).trials[pruned.number]!;
    expect(after).toMatchObject({ status: 'completed', epochs: 6, reason: null, runs: pruned.runs });
    // As if nobody had ever stopped it.
    const plain = new SweepStudio({ workers: 1 });
    const whole = await plain.searched(irisSweep({ trials: 5 }), 1);
    expect(after.score).toBe(whole.trials[pruned.number]?.score);
  });
});

describe('a worker that dies', () => {
  it('costs its trial nothing the first time', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const over = studio.over();
    const started = studio.next('started');
    const id = await studio.search(irisSweep({ trials: 2, epochsPerTrial: 2000 }), 1);
    await started;
    await studio.next('epoch', ({ report }) => report.epoch > 20);
    // The first worker checks specs, the second one trains.
    await studio.trainWorkers[1]?.terminate();
    expect((await over).status).toBe('completed');
    const { trials } = await studio.sweeps.get(id);
    expect(trials.map(({ status, epochs }) => [status, epochs])).toEqual([
      ['completed', 2000],
      ['completed', 2000],
    ]);
    expect(trials[0]?.runs).toHaveLength(1);
    const plain = new SweepStudio({ workers: 1 });
    const whole = await plain.searched(irisSweep({ trials: 2, epochsPerTrial: 2000 }), 1);
    expect(results(trials)).toEqual(results(whole.trials));
  });

  it('fails its trial with a reason the second time, and the sweep goes on', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const over = studio.over();
    const id = await studio.search(irisSweep({ trials: 2, epochsPerTrial: 2000 }), 1);
    for (let death = 0; death < 2; death++) {
      await studio.next('started');
      await studio.next('epoch');
      await studio.trainWorkers.at(-1)?.terminate();
    }
    expect((await over).status).toBe('completed');
    const { trials } = await studio.sweeps.get(id);
    expect(trials[0]).toMatchObject({ status: 'failed', score: null, reason: { code: 'worker-died' } });
    expect(trials[0]?.reason?.message).toMatch(/^twice: the train worker died/);
    expect(trials[1]?.status).toBe('completed');
  });
});

describe('closing and going on', () => {
  const SPEC = irisSweep({ trials: 8, pruner: { type: 'median', startupTrials: 2 }, epochsPerTrial: 60 });

  it('continues where it was, with no trial twice and the same results', async () => {
    const whole = await new SweepStudio({ workers: 1 }).searched(SPEC, 1);
    const first = new SweepStudio({ workers: 1 });
    const third = first.nextOf('trials', (rows) =>
      rows.some(({ number, status }) => number === 3 && status === 'running'),
    );
    const id = await first.search(SPEC, 1);
    await third;
    await first.close();

    const second = new SweepStudio({ workers: 1, folder: first.folder });
    const before = await second.sweeps.get(id);
    expect(before.summary.status).toBe('interrupted');
    expect(before.trials.filter(({ status }) => status === 'running')).toEqual([]);
    // Only the sweep can go on with what it began.
    await expect(second.runs.continueRun(before.trials[0]?.runs[0] as RunId)).rejects.toThrow(
      /^run #\d+ is trial \d+ of a sweep; resume the sweep/,
    );
    const over = second.over();
    await second.sweeps.resume(id);
    expect((await over).status).toBe('completed');
    const after = await second.sweeps.get(id);
    expect(results(after.trials)).toEqual(results(whole.trials));
    expect(after.trials.map(({ runs }) => runs.length)).toEqual(after.trials.map(() => 1));
    expect(after.summary.elapsedMs).toBeGreaterThan(before.summary.elapsedMs);
  });

  it('begins a trial anew whose run another version of the engine had begun', async () => {
    const spec = irisSweep({ trials: 1, epochsPerTrial: 400 });
    const first = new SweepStudio({ workers: 1 });
    const id = await first.search(spec, 1);
    await first.next('epoch', ({ report }) => report.epoch > 20);
    await first.close();
    const db = new Sqlite(join(first.folder, 'descent.db'));
    expect(db.prepare("UPDATE run SET system = json_set(system, '$.engine', 0)").run().changes).toBe(1);
    db.close();
    const second = new SweepStudio({ workers: 1, folder: first.folder });
    const over = second.over();
    await second.sweeps.resume(id);
    expect((await over).status).toBe('completed');
    const whole = await new SweepStudio({ workers: 1 }).searched(spec, 1);
    expect(results((await second.sweeps.get(id)).trials)).toEqual(results(whole.trials));
  });

  it('takes note of runs that ended when nobody could', async () => {
    const first = new SweepStudio({ workers: 1 });
    const { summary, trials } = await first.searched(irisSweep({ trials: 3 }), 1);
    await first.close();
    // As if the program had been killed between the end of a run and the end of its trial.
    const db = new Sqlite(join(first.folder, 'descent.db'));
    db.prepare("UPDATE sweep SET status = 'running', ended_at = NULL").run();
    db.prepare("UPDATE trial SET status = 'running', score = NULL, scores = '[]', ended = NULL WHERE number = 2").run();
    db.close();
    const second = new SweepStudio({ workers: 1, folder: first.folder });
    const over = second.over();
    await second.sweeps.resume(summary.id);
    await over;
    const after = await second.sweeps.get(summary.id);
    expect(results(after.trials)).toEqual(results(trials));
    expect(after.trials[2]?.runs).toEqual(trials[2]?.runs);
  });
});

describe('a sweep that cannot be saved', () => {
  /** Its second trial waits to begin until the end of the first one is committed, which the disk has no room for. */
  async function stuck() {
    const disk = { full: false };
    const studio = new SweepStudio({ workers: 1, storeOf: onDisk(disk, 'sweep:append') });
    const problem = studio.nextOf('problem');
    const id = await studio.search(irisSweep({ trials: 2, epochsPerTrial: 50 }), 1);
    await studio.next('epoch');
    expect(studio.sweeps.saved()).toBe(true);
    disk.full = true;
    await studio.next('ended');
    expect((await problem).error.code).toBe('disk_full');
    expect(studio.sweeps.saved()).toBe(false);
    return { studio, disk, id };
  }

  it('shows it for as long as that lasts, and goes on once it can', async () => {
    const { studio, disk } = await stuck();
    await expect(studio.sweeps.retrySave()).rejects.toThrow('the disk is full');
    expect(studio.sweeps.saved()).toBe(false);
    disk.full = false;
    const over = studio.over();
    await studio.sweeps.retrySave();
    expect(studio.sweeps.saved()).toBe(true);
    expect(await over).toMatchObject({ status: 'completed' });
  });

  it.each(['suspend', 'stop'] as const)('does not hold up the end of the program: %s', async (how) => {
    const { studio, disk, id } = await stuck();
    await studio.sweeps.prepareShutdown(how);
    await studio.runs.shutdown(how);
    await expect(studio.sweeps.settle()).rejects.toThrow('the disk is full');
    // Whoever has made room meanwhile loses nothing.
    disk.full = false;
    await studio.sweeps.settle();
    const { summary, trials } = await studio.sweeps.get(id);
    expect(summary.status).toBe(how === 'stop' ? 'stopped' : 'interrupted');
    expect(trials.map(({ status }) => status)).toEqual(['completed', how === 'stop' ? 'failed' : 'interrupted']);
  });
});

describe('by hand', () => {
  it('pauses, goes on, takes suggestions in order, and stops', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const id = await studio.search(irisSweep({ trials: 3, epochsPerTrial: 3000 }), 1);
    await studio.next('epoch');
    const paused = studio.next('progress', ({ status }) => status === 'paused');
    await studio.sweeps.control(id, 'pause');
    await paused;
    expect((await studio.sweeps.get(id)).summary.status).toBe('paused');
    for (const lr of [0.001, 0.002, 0.003]) await studio.sweeps.enqueue(id, { 'optimizer.lr': lr });
    await studio.sweeps.reorderQueue(id, (await studio.sweeps.get(id)).queue, [2, 0]);
    expect((await studio.sweeps.get(id)).queue).toEqual([{ 'optimizer.lr': 0.003 }, { 'optimizer.lr': 0.001 }]);
    await expect(studio.sweeps.enqueue(id, { 'optimizer.lr': -1 })).rejects.toThrow('params.optimizer.lr: expected');
    const second = studio.nextOf('trials', (rows) => rows.some(({ number, runs }) => number === 1 && runs.length > 0));
    await studio.sweeps.resume(id);
    await studio.next('progress', ({ status }) => status === 'running');
    await studio.sweeps.controlTrial(id, 0, 'stop');
    await second.catch(() => undefined);
    const over = studio.over();
    await studio.sweeps.control(id, 'stop');
    expect(await over).toMatchObject({ status: 'stopped' });
    const { trials } = await studio.sweeps.get(id);
    expect(trials[0]).toMatchObject({ status: 'pruned', reason: { code: 'stopped' } });
    expect(trials[1]).toMatchObject({ byHand: true, params: { 'optimizer.lr': 0.003 } });
    expect(trials.every(({ ended }) => ended !== null)).toBe(true);
  });

  it('changes the ranges of a round that has not begun', async () => {
    const studio = new SweepStudio({ workers: 2 });
    const sampler = { type: 'narrow', rounds: 2, pause: true };
    const id = await studio.search(irisSweep({ sampler, trials: 8 }));
    await studio.nextOf('summary', ({ status }) => status === 'paused');
    const { rounds, trials } = await studio.sweeps.get(id);
    expect(trials).toHaveLength(4);
    expect(rounds).toHaveLength(2);
    const space = { ...rounds[1]!, 'optimizer.lr': { type: 'log-uniform' as const, min: 0.01, max: 0.011 } };
    await expect(studio.sweeps.editRanges(id, 0, space)).rejects.toThrow(
      'expected a round that has not begun (1 to 1)',
    );
    await studio.sweeps.editRanges(id, 1, {
      ...space,
      'model.layers.0.units': { type: 'int', min: 4, max: 8, step: 4 },
    });
    const over = studio.over();
    await studio.sweeps.resume(id);
    await over;
    for (const { params } of (await studio.sweeps.get(id)).trials.slice(4)) {
      expect(params['optimizer.lr'] as number).toBeGreaterThanOrEqual(0.01);
      expect(params['optimizer.lr'] as number).toBeLessThanOrEqual(0.011);
    }
  });

  it('goes to the trash, comes back, and is deleted for good with its runs', async () => {
    const studio = new SweepStudio();
    const { summary, trials } = await studio.searched(irisSweep({ trials: 2 }));
    await studio.sweeps.remove([summary.id]);
    expect(await studio.sweeps.list({ trash: false })).toEqual([]);
    expect(await studio.sweeps.list({ trash: true })).toHaveLength(1);
    await studio.sweeps.restore([summary.id]);
    expect(await studio.sweeps.list({ trash: false })).toHaveLength(1);
    await studio.sweeps.purge([summary.id]);
    await expect(studio.sweeps.get(summary.id)).rejects.toMatchObject({ error: { code: 'not_found' } });
    await expect(studio.detail(trials[0]?.runs[0] as RunId)).rejects.toMatchObject({ error: { code: 'not_found' } });
  });

  it('refuses to throw a live sweep away', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const id = await studio.search(irisSweep({ trials: 1, epochsPerTrial: 100_000 }), 1);
    await expect(studio.sweeps.remove([id])).rejects.toMatchObject({ error: { code: 'conflict' } });
  });

  it('ends by its time budget', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const { summary, trials } = await studio.searched(irisSweep({ trials: 5000, maxMinutes: 0.01 }), 1);
    expect(summary.status).toBe('completed');
    expect(trials.length).toBeGreaterThan(0);
    expect(trials.length).toBeLessThan(5000);
    expect(trials.every(({ status }) => status === 'completed')).toBe(true);
    // It would wait for ever: no trial begins any more.
    await expect(studio.sweeps.enqueue(summary.id, {})).rejects.toThrow('the sweep has used up its 0.01 minutes');
    expect((await studio.sweeps.get(summary.id)).queue).toEqual([]);
  });
});

describe('the epoch limit', () => {
  it('holds a run at the end of an epoch until it is raised, and costs no training time', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const waiting = studio.next('epoch', ({ report }) => report.epoch === 3);
    const id = await studio.runs.start(endlessSpec(), { baseFolder: studio.folder, epochLimit: 3 });
    await waiting;
    await new Promise((resolve) => setTimeout(resolve, 400));
    const held = studio.runs.progress().find((progress) => progress.id === id);
    expect(held).toMatchObject({ epoch: 3, status: 'running' });
    const next = studio.next('epoch', ({ report }) => report.epoch === 5);
    studio.runs.allowEpochs(id, 5);
    const { report } = await next;
    expect(report.elapsedMs - held!.elapsedMs).toBeLessThan(300);
    const ended = studio.ended(id);
    await studio.runs.control(id, 'stop');
    expect((await ended).summary.epochsDone).toBe(5);
  });
});
