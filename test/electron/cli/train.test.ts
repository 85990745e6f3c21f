import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { finish, irisSpec, parseLines, Workplace, type Line } from './support.ts';

const stepsOf = (lines: readonly Line[]): Line[] => lines.filter(({ event }) => event === 'step');
const finishedOf = (lines: readonly Line[]): Line => lines.at(-1) as Line;

describe('descent train --json', () => {
  it('prints started, every step, every epoch and finished, and nothing else', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec());
    const { status, lines, stderr } = await work.run(['train', 'run.json', '--json']);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const all = lines();
    expect(all[0]).toEqual({
      event: 'started',
      run: expect.stringMatching(/^[0-9a-z]{12}$/) as string,
      kernels: 'reference',
      parameters: 4 * 8 + 8 + 8 * 3 + 3,
    });
    const steps = stepsOf(all);
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(steps.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 30 }, (_, i) => Math.floor(i / 10)));
    expect(steps.every(({ loss, lr }) => typeof loss === 'number' && lr === 0.05)).toBe(true);
    const epochs = all.filter(({ event }) => event === 'epoch');
    expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    const epochKeys = 'event epoch step trainLoss trainAccuracy validationLoss validationAccuracy samplesPerSecond';
    expect(Object.keys(epochs[0] as Line)).toEqual(epochKeys.split(' '));
    expect(all.indexOf(epochs[0] as Line)).toBe(11);
    const last = finishedOf(all);
    expect(last).toMatchObject({ event: 'finished', run: all[0]?.['run'], status: 'completed', steps: 30, epochs: 3 });
    expect(last['trainAccuracy']).toBe(epochs[2]?.['trainAccuracy']);
    expect(last['validationAccuracy']).toBe(epochs[2]?.['validationAccuracy']);
    expect(last['testAccuracy']).toBeGreaterThan(0.5);
    expect(last['weightsSha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(all).toHaveLength(1 + 30 + 3 + 1);
  });

  it('has everything it printed in the database', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec());
    const all = (await work.run(['train', 'run.json', '--json'])).lines();
    const run = String(all[0]?.['run']);
    const csv = (await work.run(['runs', 'export-csv', run])).stdout.trim().split('\r\n');
    const stored = csv.filter((line) => line.includes(',loss,batch,')).map((line) => Number(line.split(',').at(-1)));
    expect(stored.map(Math.fround)).toEqual(stepsOf(all).map(({ loss }) => Math.fround(Number(loss))));
    const shown = (await work.run(['runs', 'show', run, '--json'])).lines()[0] as Line;
    expect(shown).toMatchObject({
      summary: { status: 'completed', stepsDone: 30, epochsDone: 3, bestEpoch: finishedOf(all)['bestEpoch'] },
      weightsSha256: finishedOf(all)['weightsSha256'],
      spec: { seed: 3, optimizer: { type: 'momentum', lr: 0.05, momentum: 0.9 } },
    });
  });

  it('gives the same weights for the same spec and seed, and others for another seed', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec());
    const hashes = [];
    for (const args of [[], [], ['--seed', '4']]) {
      const { lines } = await work.run(['train', 'run.json', '--json', ...args]);
      hashes.push(finishedOf(lines())['weightsSha256']);
    }
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  it('reports what does not apply as null', async () => {
    const work = new Workplace();
    work.file('run.json', {
      data: { source: 'diabetes', normalize: 'standardize', validation: 0, test: 0 },
      model: { layers: [{ type: 'affine', units: 1 }] },
      loss: 'mse',
      optimizer: { type: 'sgd', lr: 1e-6 },
      training: { steps: 4, batchSize: 50 },
    });
    const { status, lines } = await work.run(['train', 'run.json', '--json']);
    expect(status).toBe(0);
    const epoch = lines().find(({ event }) => event === 'epoch');
    expect(epoch).toMatchObject({ trainAccuracy: null, validationLoss: null, validationAccuracy: null });
    expect(finishedOf(lines())).toMatchObject({
      trainAccuracy: null,
      validationAccuracy: null,
      bestEpoch: null,
      testLoss: null,
      testAccuracy: null,
    });
  });

  it('ends with 3 when the run diverges and keeps finite weights', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec({ optimizer: { type: 'sgd', lr: 1e6 }, loss: 'mse', training: { epochs: 50 } }));
    const { status, lines, stderr } = await work.run(['train', 'run.json', '--json']);
    expect(status).toBe(3);
    expect(finishedOf(lines())).toMatchObject({ status: 'diverged', testLoss: null });
    expect(stderr).toMatch(/^descent: diverged at step \d+: [^\n]* \(learning rate 1000000\); [^\n]*\n$/);
  });

  it('says that a diverged run exports nothing, and why it diverged only once', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec({ optimizer: { type: 'sgd', lr: 1e6 }, loss: 'mse', training: { epochs: 50 } }));
    const { status, stdout, stderr } = await work.run(['train', 'run.json', '--export', 'w.npz']);
    expect(status).toBe(3);
    expect(stdout).toMatch(/\nstatus +diverged\n/);
    expect(stderr.match(/diverged at step/g)).toHaveLength(1);
    expect(stderr).toMatch(/\ndescent: --export: nothing was written, the run diverged\n$/);
    expect(existsSync(work.path('w.npz'))).toBe(false);
    expect((await work.run(['runs', 'show', '1'])).stdout).toMatch(/\nstatus +diverged at step \d+: /);
  });

  it('exports weights in both formats that predict reads back', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec({ training: { epochs: 10, batchSize: 10 } }));
    const args = ['--export', 'w.npz', '--export', 'w.safetensors'];
    expect((await work.run(['train', 'run.json', '--json', ...args])).status).toBe(0);
    const scores = [];
    for (const file of ['w.npz', 'w.safetensors']) {
      const { status, lines } = await work.run(['predict', file, '--data', 'iris', '--json']);
      expect(status).toBe(0);
      expect(lines()).toHaveLength(151);
      scores.push(finishedOf(lines()));
    }
    expect(scores[0]).toEqual(scores[1]);
    expect(scores[0]?.['accuracy']).toBeGreaterThan(0.9);
  });

  it('starts from a weights file', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec({ training: { epochs: 5, batchSize: 10, evaluate: 'last' } }));
    await work.run(['train', 'run.json', '--export', 'w.npz']);
    work.file('next.json', irisSpec({ initialWeights: 'w.npz', training: { steps: 1, batchSize: 90 } }));
    const { lines } = await work.run(['train', 'next.json', '--json']);
    // Untrained weights have a loss around ln 3.
    expect(stepsOf(lines())[0]?.['loss']).toBeLessThan(0.5);
  });

  it('finds files beside the spec when they are not in the current folder', async () => {
    const work = new Workplace();
    const rows = Array.from({ length: 30 }, (_, i) => `${i % 3},${i % 2},${i % 3 === 0 ? 'a' : 'b'}`);
    work.file('rows.csv', ['x,y,kind', ...rows].join('\n'));
    const spec = work.path(work.file('run.json', irisSpec({ data: { source: { file: 'rows.csv', target: 'kind' } } })));
    const elsewhere = new Workplace();
    expect((await elsewhere.run(['train', spec, '--json'])).status).toBe(0);
  });
});

describe('descent train without --json', () => {
  it('shows a table at the end on stdout and the rest on stderr', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec());
    const { status, stdout, stderr } = await work.run(['train', 'run.json', '--export', 'w.npz']);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^run [0-9a-z]{12}: 67 parameters, 96 training rows, 24 validation, 30 test, kernels /);
    expect(stdout).toMatch(/^run +[0-9a-z]{12} \(#1 iris\)\nstatus +completed\nsteps +30 of 30 \(3 epochs\)\n/);
    expect(stdout).toContain(`wrote ${work.path('w.npz')}\n`);
    expect(existsSync(work.path('w.npz'))).toBe(true);
  });
});

describe('an interrupted run', () => {
  /**
   * Far more steps than fit into the pipe that the test stops reading, so that a signal comes in the middle however slow
   * the test is and however fast the run.
   */
  const long = irisSpec({
    model: {
      layers: [
        { type: 'affine', units: 64 },
        { type: 'relu' },
        { type: 'dropout', rate: 0.2 },
        { type: 'affine', units: 3 },
      ],
    },
    optimizer: { type: 'adam', lr: 0.001 },
    training: { epochs: 600, batchSize: 8, histograms: { enabled: false } },
  });

  let known: { steps: Line[]; finished: Line } | null = null;
  async function uninterrupted(): Promise<{ steps: Line[]; finished: Line }> {
    if (known !== null) return known;
    const work = new Workplace();
    work.file('run.json', long);
    const all = (await work.run(['train', 'run.json', '--json'])).lines();
    known = { steps: stepsOf(all), finished: finishedOf(all) };
    return known;
  }

  /** Starts, waits until `atLeast` steps were printed, stops reading and sends the signal. */
  async function interruptedBy(work: Workplace, signal: NodeJS.Signals, atLeast: number) {
    const child = work.start(['train', 'run.json', '--json']);
    const ended = finish(child);
    let seen = '';
    await new Promise<void>((resolve) => {
      const look = (text: Buffer): void => {
        seen += text.toString();
        if (stepsOf(parseLines(seen)).length < atLeast) return;
        child.stdout.off('data', look).pause();
        resolve();
      };
      child.stdout.on('data', look);
    });
    child.kill(signal);
    child.stdout.resume();
    return ended;
  }

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s is saved, ends with 130 and goes on as if nothing had been',
    async (signal) => {
      const whole = await uninterrupted();
      const work = new Workplace();
      work.file('run.json', long);
      const { status, lines, stderr } = await interruptedBy(work, signal, 20);
      expect(status).toBe(130);
      const before = stepsOf(lines());
      const run = String(lines()[0]?.['run']);
      expect(stderr).toBe(`descent: interrupted at step ${before.length}; go on with: descent resume ${run}\n`);
      expect(lines().at(-1)?.event).not.toBe('finished');

      const resumed = await work.run(['resume', run, '--json']);
      expect(resumed.stderr).toBe('');
      expect(resumed.status).toBe(0);
      const after = stepsOf(resumed.lines());
      // Saved at the very step: nothing comes twice, nothing is missing.
      expect([...before, ...after]).toEqual(whole.steps);
      const { run: _a, seconds: _b, ...figures } = finishedOf(resumed.lines());
      const { run: _c, seconds: _d, ...wanted } = whole.finished;
      expect(figures).toEqual(wanted);
    },
  );

  it.each([1, 40, 200, 400])('killed after %i steps has every step once after the resume', async (atLeast) => {
    const whole = await uninterrupted();
    const work = new Workplace();
    work.file('run.json', long);
    const { status, stdout } = await interruptedBy(work, 'SIGKILL', atLeast);
    expect(status).toBeNull();
    const run = String(parseLines(stdout)[0]?.['run']);
    const listed = (await work.run(['runs', 'list', '--json'])).lines();
    expect(listed).toMatchObject([{ id: run, status: 'interrupted', resumable: true }]);

    const resumed = await work.run(['resume', '1', '--json', '--export', 'w.npz']);
    expect(resumed.status).toBe(0);
    const after = stepsOf(resumed.lines());
    const printed = stepsOf(parseLines(stdout));
    // It may go back to its checkpoint, never past what was printed.
    expect(Number(after[0]?.['step'])).toBeLessThanOrEqual(printed.length);
    expect(after).toEqual(whole.steps.slice(Number(after[0]?.['step'])));
    expect(finishedOf(resumed.lines())['weightsSha256']).toBe(whole.finished['weightsSha256']);
    expect(existsSync(work.path('w.npz'))).toBe(true);

    const db = new Sqlite(work.database, { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
    const csv = (await work.run(['runs', 'export-csv', run])).stdout;
    const stored = csv.split('\r\n').filter((line) => line.includes(',loss,batch,'));
    expect(stored.map((line) => Number(line.split(',')[4]))).toEqual(whole.steps.map(({ step }) => step));
  });

  it('that nobody reads any more is saved too', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec({ training: { epochs: 20_000, batchSize: 10 } }));
    const child = work.start(['train', 'run.json', '--json']);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [status] = (await once(child, 'exit')) as [number];
    expect(status).toBe(130);
    expect((await work.run(['runs', 'list', '--json'])).lines()).toMatchObject([{ status: 'interrupted' }]);
  });
});

describe('the database', () => {
  it('that another process owns is left alone', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec({ training: { epochs: 20_000, batchSize: 10 } }));
    const first = work.start(['train', 'run.json', '--json']);
    const ended = finish(first);
    await once(first.stdout, 'data');
    const second = await work.run(['runs', 'list']);
    expect(second.status).toBe(2);
    expect(second.stderr).toMatch(
      new RegExp(
        `^descent: .*descent\\.db is in use by the command line \\(process ${first.pid}, since .*--db FILE\\n$`,
      ),
    );
    expect((await work.run(['runs', 'list', '--db', 'other.db'])).status).toBe(0);
    first.kill('SIGTERM');
    expect((await ended).status).toBe(130);
    expect((await work.run(['runs', 'list'])).status).toBe(0);
  });

  it('that is damaged is reported, not touched', async () => {
    const work = new Workplace();
    const garbage = 'this is no database '.repeat(1000);
    writeFileSync(work.path('bad.db'), garbage);
    const { status, stderr } = await work.run(['runs', 'list', '--db', 'bad.db']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/bad\.db: the database file is damaged .*\n$/);
    expect(readFileSync(work.path('bad.db'), 'utf8')).toBe(garbage);
  });

  it('cannot be opened where the Node-API is too old', async () => {
    const work = new Workplace();
    work.file('old.mjs', `Object.defineProperty(process.versions, 'napi', { value: '9' });`);
    const { status, stderr } = await work.run(['runs', 'list'], {
      NODE_OPTIONS: `--import ${work.path('old.mjs')}`,
      DESCENT_SQLITE: '',
    });
    expect(stderr).toMatch(/^descent: better-sqlite3 needs Node-API 10 .*DESCENT_SQLITE\n$/);
    expect(status).toBe(2);
  });
});
