/** Promotion, and the proof that nothing reads the test split before: every row the kernels gather is counted. */

import { describe, expect, it, vi } from 'vitest';
import { InProcessHost } from '../../../electron/cli/in-process-host.ts';
import { Evaluations } from '../../../electron/main/services/evaluations.ts';
import { Runs } from '../../../electron/main/services/runs.ts';
import { Sweeps } from '../../../electron/main/services/sweeps.ts';
import type { RunEvents } from '../../../electron/main/services/runs-types.ts';
import type * as LoadKernels from '../../../electron/workers/load-kernels.ts';
import { loadDataSet } from '../../../electron/workers/data-source.ts';
import { splitRows } from '../../../engine/data/split.ts';
import type { Kernels } from '../../../engine/kernels/kernels.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { RunSpec } from '../../../engine/spec/run-spec.ts';
import { datasetsFolder } from '../../../electron/cli/app-folder.ts';
import { irisSpec } from '../services/studio.ts';
import { irisSweep, SweepStudio } from './support.ts';

/** Every row that has been read, in order. */
const read = vi.hoisted((): number[] => []);

vi.mock('../../../electron/workers/load-kernels.ts', async (original) => {
  const real = await original<typeof LoadKernels>();
  return {
    ...real,
    loadKernels: (...args: Parameters<typeof real.loadKernels>) => {
      const loaded = real.loadKernels(...args);
      return { ...loaded, kernels: counting(loaded.kernels) };
    },
  };
});

function counting(kernels: Kernels): Kernels {
  const gatherRows: Kernels['gatherRows'] = (source, indices, first, rows, out) => {
    read.push(...indices.data.subarray(first, first + rows));
    kernels.gatherRows(source, indices, first, rows, out);
  };
  return new Proxy(kernels, {
    get: (target, name) => {
      if (name === 'gatherRows') return gatherRows;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** A studio that trains in this very process, where its reads can be counted. */
function countingStudio() {
  const studio = new SweepStudio();
  const shared = { store: studio.store, datasetsFolder: datasetsFolder(), kernels: () => 'reference' };
  const host = new InProcessHost({
    onStep: () => undefined,
    onEpoch: () => undefined,
    busy: () => null,
    onKernelsNote: () => undefined,
  });
  const runs = new Runs({ ...shared, host, appVersion: '0.1.0' });
  const sweeps = new Sweeps({ store: studio.store, runs, appVersion: '0.1.0' });
  const evaluations = new Evaluations({ ...shared, host, runs, onTestOpened: (id) => sweeps.testOpened(id) });
  read.length = 0;
  return { runs, sweeps, evaluations, folder: studio.folder, store: studio.store };
}
type CountingStudio = ReturnType<typeof countingStudio>;

async function searched({ sweeps, folder }: CountingStudio, spec: unknown) {
  const over = new Promise((resolve) => sweeps.on('ended', resolve));
  const { id } = await sweeps.start(spec, { baseFolder: folder, kernels: 'reference', workers: 1 });
  await over;
  return sweeps.get(id);
}

async function ended(runs: Runs, id: Promise<RunId>): Promise<RunEvents['ended']['summary']> {
  const ends: RunEvents['ended'][] = [];
  const off = runs.on('ended', (end) => ends.push(end));
  const wanted = await id;
  await vi.waitUntil(() => ends.some(({ summary }) => summary.id === wanted), { timeout: 20_000 });
  off();
  return (await runs.get(wanted)).summary;
}

async function rowsOf({ data }: Pick<RunSpec, 'data'>) {
  const { dataset } = await loadDataSet(data.source, { datasetsDir: datasetsFolder(), baseDir: '/', splitSeed: 0 });
  return splitRows(dataset, data);
}
const sorted = (rows: Iterable<number>): number[] => [...rows].sort((a, b) => a - b);
const timesRead = (row: number): number => read.filter((other) => other === row).length;

describe('the test split', () => {
  it('is not read by a single row before promotion, and by each row once then', async () => {
    const studio = countingStudio();
    const { runs, sweeps } = studio;
    const spec = irisSweep({ trials: 4, pruner: { type: 'asha', minEpochs: 2, reduction: 2 } });
    const { summary, spec: whole } = await searched(studio, spec);
    const { train, validation, test } = await rowsOf(whole.base);
    // The reader does count: everything else has been read, and there is something to keep from it.
    expect(sorted(new Set(read))).toEqual(sorted([...train, ...validation]));
    expect(test.length).toBe(30);
    expect(summary.testOpenings).toBe(0);

    read.length = 0;
    const run = await ended(runs, sweeps.promote(summary.id, null));
    expect(run).toMatchObject({ status: 'completed', promotedFrom: { sweep: summary.id, trial: summary.best?.trial } });
    expect(sorted(read.filter((row) => test.includes(row)))).toEqual(sorted(test));
    // The rows held out before train now, once an epoch and once for each epoch's score on them.
    const each = timesRead(train[0] ?? -1);
    expect(each).toBeGreaterThanOrEqual(run.epochsDone);
    expect([...train, ...validation].map(timesRead)).toEqual([...train, ...validation].map(() => each));
  });

  it('is not opened by a promoted run that is stopped on its way', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const { summary } = await studio.searched(
      irisSweep({ trials: 1, epochsPerTrial: 400, objective: { at: 'last' } }),
      1,
    );
    const id = await studio.sweeps.promote(summary.id, 0);
    const over = studio.ended(id);
    await studio.next('epoch', ({ id: run }) => run === id);
    await studio.runs.control(id, 'stop');
    await over;
    expect((await studio.detail(id)).summary).toMatchObject({ status: 'stopped', testAccuracy: null });
    expect((await studio.sweeps.get(summary.id)).summary.testOpenings).toBe(0);
    await studio.runs.continueRun(id);
    await studio.ended(id);
    expect((await studio.detail(id)).summary.testAccuracy).not.toBeNull();
    expect((await studio.sweeps.get(summary.id)).summary.testOpenings).toBe(1);
  });
});

describe('a promoted trial', () => {
  it('is retrained with its parameters and seed on all rows, as long as its best epoch says', async () => {
    const studio = new SweepStudio({ workers: 2 });
    const { summary, trials, promotions } = await studio.searched(irisSweep({ trials: 3, epochsPerTrial: 12 }));
    expect(promotions).toEqual([]);
    const number = trials.find((trial) => trial.number !== summary.best?.trial)?.number ?? -1;
    const { spec, summary: trial } = await studio.detail(trials[number]?.runs[0] as RunId);
    const curves = await studio.sweeps.readCurves({ id: summary.id, trials: [number], maxPoints: 100 });
    const bestEpoch = curves.values.indexOf(Math.max(...curves.values)) + 1;

    const id = await studio.sweeps.promote(summary.id, number);
    await studio.ended(id);
    const promoted = await studio.detail(id);
    expect(promoted.spec).toEqual({
      ...spec,
      name: `iris search · trial ${number} promoted`,
      data: { ...spec.data, validation: 0 },
      training: { ...spec.training, epochs: bestEpoch, evaluate: 'last' },
    });
    expect(promoted.splitSizes).toEqual({ train: 120, validation: 0, test: 30 });
    expect(promoted.fingerprints?.initialWeights).toBe((await studio.detail(trial.id)).fingerprints?.initialWeights);
    expect(promoted.testOpenings).toBe(1);
    expect((await studio.runs.list({ trash: false })).map((run) => run.id)).toEqual([id]);
    expect((await studio.sweeps.get(summary.id)).promotions).toMatchObject([
      { trial: number, run: id, status: 'completed', testAccuracy: promoted.summary.testAccuracy },
    ]);
  });

  it('counts each opening for its sweep and its run, across a restart and without the run', async () => {
    const first = new SweepStudio({ workers: 1 });
    const { summary } = await first.searched(irisSweep({ trials: 2 }), 1);
    const told = first.nextOf('summary', ({ testOpenings }) => testOpenings === 1);
    const id = await first.sweeps.promote(summary.id, null);
    await first.ended(id);
    expect((await told).id).toBe(summary.id);
    await first.evaluations.openTest(id, 0);
    expect((await first.detail(id)).testOpenings).toBe(2);
    await first.ended(await first.sweeps.promote(summary.id, null));
    await first.close();

    const second = new SweepStudio({ workers: 1, folder: first.folder });
    expect((await second.sweeps.list({ trash: false }))[0]?.testOpenings).toBe(3);
    expect((await second.detail(id)).testOpenings).toBe(2);
    await second.runs.purge([id]);
    const after = await second.sweeps.get(summary.id);
    expect(after.summary.testOpenings).toBe(3);
    expect(after.promotions).toHaveLength(1);
    // A run that has nothing to do with a sweep changes nothing there.
    const plain = await second.start(irisSpec({ training: { epochs: 1, batchSize: 10 } }));
    await second.ended(plain);
    await second.evaluations.openTest(plain, 0);
    expect((await second.sweeps.get(summary.id)).summary.testOpenings).toBe(3);
    // What was promoted outlives the sweep.
    const kept = after.promotions[0]?.run as RunId;
    await second.sweeps.purge([summary.id]);
    const run = await second.detail(kept);
    expect(run.summary).not.toHaveProperty('promotedFrom');
    expect(run.testOpenings).toBe(1);
  });

  it('is not the only way to open it: a repetition of a trial counts for the sweep as well', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const { summary, trials } = await studio.searched(irisSweep({ trials: 1 }), 1);
    const trial = trials[0]?.runs[0] as RunId;
    const { spec } = await studio.detail(trial);
    const repeat = async (id: RunId): Promise<RunId> => {
      const again = await studio.runs.start(spec, { baseFolder: studio.folder, from: { kind: 'repeat', id } });
      await studio.ended(again);
      return again;
    };
    const first = await repeat(trial);
    expect((await studio.detail(first)).summary.testAccuracy).not.toBeNull();
    expect((await studio.sweeps.get(summary.id)).summary.testOpenings).toBe(1);
    await repeat(first);
    expect((await studio.sweeps.get(summary.id)).summary.testOpenings).toBe(2);
  });

  it('is refused where there is nothing to retrain or to score it on', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const spec = irisSweep({ trials: 4, pruner: { type: 'asha', minEpochs: 2, reduction: 2 } });
    const { summary, trials } = await studio.searched(spec, 1);
    const pruned = trials.find(({ status }) => status === 'pruned')?.number ?? -1;
    await expect(studio.sweeps.promote(summary.id, pruned)).rejects.toThrow(
      `trial ${pruned} is pruned; only a completed one can be promoted`,
    );
    await expect(studio.sweeps.promote(summary.id, 99)).rejects.toMatchObject({ error: { code: 'not_found' } });
    const sealed = await studio.searched(
      irisSweep({ trials: 1 }, { data: { source: 'iris', test: 0, normalize: 'standardize' } }),
      1,
    );
    await expect(studio.sweeps.promote(sealed.summary.id, null)).rejects.toThrow('there is no test split');
    expect(await studio.runs.list({ trash: false })).toEqual([]);
  });
});
