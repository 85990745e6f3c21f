/** Runs that go on, are forked and repeated, with real threads and a real database. */

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunId } from '../../../engine/spec/ids.ts';
import { METRIC_IDS, SPLITS } from '../../../engine/spec/metric.ts';
import { loadAllKernels } from '../../../electron/workers/load-kernels.ts';
import { required } from '../../support/required.ts';
import { endlessSpec, irisSpec, TestStudio } from './studio.ts';

/** Everything a run logged that does not depend on the clock. */
async function logged(studio: TestStudio, id: RunId): Promise<unknown> {
  const curves: unknown[] = [];
  for (const metric of METRIC_IDS.filter((name) => name !== 'samples-per-second')) {
    for (const split of SPLITS) {
      const { steps, values } = await studio.curve(id, metric, split);
      curves.push([metric, split, [...steps], [...values]]);
    }
  }
  return curves;
}

const longSpec = (changes: Record<string, unknown> = {}) => {
  return irisSpec({ training: { epochs: 1500, batchSize: 10, checkpoint: { everyEpochs: 400 } }, ...changes });
};

/** A run whose worker died after it had logged more than its last checkpoint knows, and that checkpoint's step. */
async function lostRun(studio: TestStudio): Promise<{ readonly id: RunId; readonly from: number }> {
  // It may just have saved a checkpoint when it dies, or have come to its end before.
  for (let attempt = 0; attempt < 10; attempt++) {
    const id = await studio.start(longSpec());
    const ended = studio.ended(id);
    const far = studio.next('progress', (progress) => progress.id === id && progress.savedStep > 4500);
    await Promise.race([far, ended]);
    await studio.trainWorkers.at(-1)?.terminate();
    if ((await ended).summary.status !== 'interrupted') continue;
    const from = (await studio.detail(id)).checkpoint?.step ?? NaN;
    if (((await studio.curve(id)).steps.at(-1) ?? NaN) >= from) return { id, from };
  }
  throw new Error('ten workers died right after a checkpoint, or too late');
}

describe('a run that was lost', () => {
  it('trains what it had logged after its last checkpoint again, and all of it is the same', async () => {
    const studio = new TestStudio();
    const straight = await studio.start(longSpec());
    await studio.ended(straight);
    const { id, from } = await lostRun(studio);
    const { steps } = await studio.curve(id);

    const verified = studio.next('verified');
    const ended = studio.ended(id);
    await studio.runs.continueRun(id);
    const count = steps.length - from;
    expect((await verified).comparison).toEqual({ steps: count, identical: count, difference: null });
    await ended;
    expect((await studio.detail(id)).resumes).toMatchObject([
      { step: from, changes: [], kernels: 'reference', verification: { steps: count, identical: count } },
    ]);
    expect(await logged(studio, id)).toEqual(await logged(studio, straight));
    expect(await studio.runs.equality(id, straight)).toMatchObject({ identical: true, sameWeights: true });
  });

  it('says at which step the numbers are others, and why that may be', async () => {
    const studio = new TestStudio();
    const { id, from } = await lostRun(studio);
    const verified = studio.next('verified');
    // WebAssembly adds in another order.
    await studio.runs.continueRun(id, { kernels: 'wasm' });
    const { comparison } = await verified;
    expect(comparison.identical).toBeLessThan(comparison.steps);
    expect(comparison.difference?.step).toBeGreaterThanOrEqual(from);
    await studio.runs.control(id, 'stop');
    expect((await studio.detail(id)).resumes).toMatchObject([{ changes: ['kernels'], kernels: 'wasm' }]);
  });
});

describe('a run that was left', () => {
  it('replays the way to its last checkpoint before it goes on', async () => {
    const studio = new TestStudio();
    const id = await studio.start(endlessSpec());
    await studio.next('progress', ({ savedStep }) => savedStep > 400);
    const left = studio.ended(id);
    await studio.runs.shutdown('suspend');
    await left;
    await studio.store.close();

    const again = new TestStudio({ folder: studio.folder });
    const { checkpoints } = await again.detail(id);
    const [before, last] = checkpoints.slice(-2);
    const verified = again.next('verified');
    await again.runs.continueRun(id);
    const count = (last?.step ?? NaN) - (before?.step ?? NaN);
    expect((await verified).comparison).toEqual({ steps: count, identical: count, difference: null });
    await again.next('progress', ({ step }) => step > (last?.step ?? 0) + 10);
    const { steps } = await again.curve(id);
    expect([...steps]).toEqual(Array.from(steps, (_, i) => i));
  });
});

describe('what has changed since', () => {
  const kernels = process.env['DESCENT_KERNELS'];
  afterEach(() => {
    if (kernels === undefined) delete process.env['DESCENT_KERNELS'];
    else process.env['DESCENT_KERNELS'] = kernels;
  });

  async function stopped(studio: TestStudio, source: unknown): Promise<RunId> {
    const id = await studio.start(endlessSpec({ data: { source } }));
    await studio.next('progress', ({ savedStep }) => savedStep > 100);
    const ended = studio.ended(id);
    await studio.runs.control(id, 'stop');
    await ended;
    return id;
  }

  it('is asked about when it is the data, and said ever after', async () => {
    const studio = new TestStudio();
    const file = join(studio.folder, 'flowers.csv');
    const rows = Array.from({ length: 60 }, (_, i) => `${i},${(i * 7) % 11},${-i},${i % 5},${'abc'[i % 3]}`);
    writeFileSync(file, ['w,x,y,z,kind', ...rows, ''].join('\n'));
    const source = { file, target: 'kind' };
    const id = await stopped(studio, source);
    appendFileSync(file, '1,2,3,4,a\n');
    await expect(studio.runs.continueRun(id)).rejects.toMatchObject({
      error: { code: 'not_exact', issues: [{ path: 'data' }] },
    });
    expect((await studio.detail(id)).summary).toMatchObject({ status: 'stopped', resumable: true });
    await expect(studio.start(endlessSpec({ data: { source } }))).resolves.toBeTypeOf('string');
    const from = { kind: 'fork', id } as const;
    const again = studio.runs.start(endlessSpec({ data: { source } }), { baseFolder: studio.folder, from });
    await expect(again).rejects.toMatchObject({ error: { code: 'not_exact' } });
  });

  it('is asked about when it is the kernels', async () => {
    const before = new TestStudio();
    const id = await stopped(before, 'iris');
    await before.close();
    process.env['DESCENT_KERNELS'] = 'wasm';
    const studio = new TestStudio({ folder: before.folder });
    await expect(studio.runs.continueRun(id)).rejects.toMatchObject({
      error: {
        code: 'not_exact',
        message: expect.stringMatching(/began with the kernels reference and would go on with wasm/) as string,
        issues: [{ path: 'kernels' }],
      },
    });
    await studio.runs.continueRun(id, { inexact: true });
    await studio.next('progress', ({ status }) => status === 'running');
    expect((await studio.detail(id)).resumes).toMatchObject([{ changes: ['kernels'], kernels: 'wasm' }]);
    await studio.runs.control(id, 'stop');
  });

  const native = loadAllKernels().find(({ name }) => name.startsWith('native-'));
  it.skipIf(native === undefined)('is asked about when another compiler has built the kernels', async () => {
    const { name, description } = required(native);
    const studio = new TestStudio();
    const id = await studio.runs.start(irisSpec(), { baseFolder: studio.folder, kernels: name });
    await studio.ended(id);
    const built = (by: string): void => {
      const db = new Sqlite(join(studio.folder, 'descent.db'));
      db.prepare('UPDATE run SET kernels_description = ? WHERE number = 1').run(by);
      db.close();
    };
    const again = (kind: 'fork' | 'repeat', inexact = false): Promise<RunId> =>
      studio.runs.start(irisSpec(), { baseFolder: studio.folder, from: { kind, id }, inexact });
    built('native, clang 1.0');
    for (const kind of ['fork', 'repeat'] as const) {
      await expect(again(kind)).rejects.toMatchObject({
        error: {
          code: 'not_exact',
          message: expect.stringContaining(`the kernels ${name} built by clang 1.0, here they are built by `) as string,
          issues: [{ path: 'kernels' }],
        },
      });
    }
    await expect(again('repeat', true)).resolves.toBeTypeOf('string');
    // Nobody knows of a run that does not say it.
    for (const by of ['native', description]) {
      built(by);
      await expect(again('repeat')).resolves.toBeTypeOf('string');
    }
  });
});

describe('forks and repetitions', () => {
  const start = async (
    studio: TestStudio,
    spec: unknown,
    from: { kind: 'fork' | 'repeat'; id: RunId; step?: number },
  ) => {
    const id = await studio.runs.start(spec, { baseFolder: studio.folder, from });
    await studio.ended(id);
    return id;
  };

  it('a fork without changes is its parent; one with changes shares it up to the fork', async () => {
    const studio = new TestStudio();
    const spec = irisSpec({ training: { epochs: 200, batchSize: 10, checkpoint: { everyEpochs: 20 } } });
    const parent = await studio.start(spec);
    await studio.ended(parent);
    const { checkpoints } = await studio.detail(parent);
    const { step, epoch } = required(checkpoints.find(({ step }) => step > 300 && step < 1800));

    const same = await start(studio, spec, { kind: 'fork', id: parent, step });
    expect(await logged(studio, same)).toEqual(await logged(studio, parent));
    expect(await studio.runs.equality(same, parent)).toMatchObject({ identical: true, sameWeights: true });
    const { summary } = await studio.detail(same);
    expect(summary.origin).toEqual({ kind: 'fork', id: parent, number: 1, step, epoch });

    const other = await start(
      studio,
      { ...spec, optimizer: { type: 'sgd', lr: 0.01 } },
      { kind: 'fork', id: parent, step },
    );
    const [ours, theirs] = [await studio.curve(other), await studio.curve(parent)];
    expect(ours.steps).toEqual(theirs.steps);
    // The loss of the first step comes before its update.
    expect(ours.values.slice(0, step + 1)).toEqual(theirs.values.slice(0, step + 1));
    expect(ours.values.slice(step + 1)).not.toEqual(theirs.values.slice(step + 1));
    expect(await studio.runs.equality(other, parent)).toMatchObject({ identical: false, sameWeights: false });

    // A fork's repetition begins where it began.
    const again = await start(studio, { ...spec, optimizer: { type: 'sgd', lr: 0.01 } }, { kind: 'repeat', id: other });
    expect(await studio.runs.equality(again, other)).toMatchObject({ identical: true, sameWeights: true });

    const wrong = { ...spec, seed: 4 };
    const refused = studio.runs.start(wrong, { baseFolder: studio.folder, from: { kind: 'fork', id: parent, step } });
    await expect(refused).rejects.toMatchObject({ error: { code: 'spec_invalid', issues: [{ path: 'seed' }] } });
    const nowhere = { kind: 'fork', id: parent, step: 1 } as const;
    const missing = studio.runs.start(spec, { baseFolder: studio.folder, from: nowhere });
    await expect(missing).rejects.toMatchObject({ error: { code: 'not_found' } });
  });

  it('the same once more is the same, another seed is not', async () => {
    const studio = new TestStudio();
    const first = await studio.start(irisSpec());
    await studio.ended(first);
    const same = await start(studio, irisSpec(), { kind: 'repeat', id: first });
    expect(await studio.runs.equality(same, first)).toMatchObject({
      identical: true,
      difference: null,
      sameWeights: true,
    });
    const other = await start(studio, irisSpec({ seed: 4 }), { kind: 'repeat', id: first });
    const { identical, difference, sameWeights } = await studio.runs.equality(other, first);
    expect([identical, sameWeights, difference?.step]).toEqual([false, false, 0]);
  });

  it('a diverged run goes on from its last good checkpoint with a smaller rate', async () => {
    const studio = new TestStudio();
    const wild = irisSpec({ optimizer: { type: 'momentum', lr: 1e5, momentum: 0.9 } });
    const id = await studio.start(wild);
    const { summary } = await studio.ended(id);
    expect(summary.status).toBe('diverged');
    const calm = { ...wild, optimizer: { type: 'momentum', lr: 0.01, momentum: 0.9 } };
    const fork = await start(studio, calm, { kind: 'fork', id, step: 0 });
    const after = (await studio.detail(fork)).summary;
    expect(after).toMatchObject({ status: 'completed', origin: { kind: 'fork', number: 1, step: 0 } });
    expect(after.bestValidationAccuracy).toBeGreaterThan(0.8);
  });

  it('the weights of any kept checkpoint can be exported', async () => {
    const studio = new TestStudio();
    const spec = irisSpec({ training: { epochs: 100, batchSize: 10, checkpoint: { everyEpochs: 10 } } });
    const id = await studio.start(spec);
    await studio.ended(id);
    const { checkpoints } = await studio.detail(id);
    const at = checkpoints.find(({ step }) => step > 0 && step < 900);
    const early = await studio.runs.exportWeights({ id, path: join(studio.folder, 'early.npz'), step: at?.step });
    const last = await studio.runs.exportWeights({ id, path: join(studio.folder, 'last.npz'), weights: 'last' });
    const best = await studio.runs.exportWeights({ id, path: join(studio.folder, 'best.npz') });
    const files = [early, last, best].map(({ path }) => readFileSync(path).toString('base64'));
    expect(new Set(files).size).toBe(3);
  });
});
