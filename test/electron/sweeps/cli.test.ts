/** `descent sweep` as a process of its own. */

import Sqlite from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { finish, parseLines, Workplace, type Line } from '../cli/support.ts';
import { BAD_SPECS } from './bad-specs.ts';
import { irisSweep } from './support.ts';

const trialsOf = (lines: readonly Line[]): Line[] => lines.filter(({ event }) => event === 'trial');
const byNumber = (lines: readonly Line[]): Line[] =>
  trialsOf(lines).sort((a, b) => Number(a['trial']) - Number(b['trial']));
const idIn = (stderr: string): string => /^descent: sweep ([0-9a-z]{12})$/m.exec(stderr)?.[1] ?? 'no id';

describe('descent sweep --json', () => {
  it('prints a line as each trial ends and one at the end, and nothing else', async () => {
    const work = new Workplace();
    work.file('sweep.json', irisSweep({ trials: 4 }));
    const { status, lines, stderr } = await work.run(['sweep', 'sweep.json', '--json', '--workers', '2']);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^descent: sweep [0-9a-z]{12}\n$/);
    const all = lines();
    expect(all).toHaveLength(5);
    for (const line of trialsOf(all)) {
      expect(Object.keys(line)).toEqual(['event', 'trial', 'state', 'params', 'score', 'epochs']);
      expect(line).toMatchObject({ state: 'completed', epochs: 6 });
      expect(Object.keys(line['params'] as object)).toEqual(['optimizer.lr', 'model.layers.0.units']);
    }
    const best = byNumber(all).reduce((a, b) => (Number(b['score']) > Number(a['score']) ? b : a));
    expect(all.at(-1)).toEqual({
      event: 'finished',
      sweep: idIn(stderr),
      status: 'completed',
      trials: 4,
      best: { trial: best['trial'], params: best['params'], score: best['score'] },
    });
  });

  it('gives the same trials with one worker and with two, and others for another seed', async () => {
    const work = new Workplace();
    work.file('sweep.json', irisSweep({ trials: 6 }));
    work.file('other.json', irisSweep({ trials: 6, seed: 6 }));
    const run = async (file: string, workers: string): Promise<Line[]> =>
      byNumber(
        (await work.run(['sweep', file, '--json', '--workers', workers, '--db', `${file}${workers}.db`])).lines(),
      );
    const one = await run('sweep.json', '1');
    expect(one).toHaveLength(6);
    expect(await run('sweep.json', '2')).toEqual(one);
    const params = (lines: readonly Line[]): unknown[] => lines.map((line) => line['params']);
    expect(params(await run('other.json', '2'))).not.toEqual(params(one));
  });

  it('reports failed and pruned trials with what they reached', async () => {
    const work = new Workplace();
    const space = { 'optimizer.lr': { type: 'choice', values: [0.002, 1e6] } };
    const base = { optimizer: { type: 'sgd', lr: 0.01 }, loss: 'mse' };
    const objective = { metric: 'loss' };
    const enqueue = [{ 'optimizer.lr': 1e6 }, { 'optimizer.lr': 0.002 }];
    const pruner = { type: 'threshold', above: 1e-9, warmupEpochs: 1 };
    work.file('sweep.json', irisSweep({ space, objective, enqueue, pruner, trials: 2 }, base));
    const { status, lines, stderr } = await work.run(['sweep', 'sweep.json', '--json', '--workers', '1']);
    const [failed, pruned] = byNumber(lines());
    expect(failed).toMatchObject({ trial: 0, state: 'failed', score: null, params: { 'optimizer.lr': 1e6 } });
    expect(pruned).toMatchObject({ trial: 1, state: 'pruned', epochs: 2 });
    expect(pruned?.['score']).toBeTypeOf('number');
    expect(stderr).toMatch(/trial 0 failed: diverged at step \d+/);
    // Something was found out, if nothing good.
    expect(lines().at(-1)).toMatchObject({ status: 'completed', best: null });
    expect(status).toBe(0);
  });

  it('ends with status 1 when not one trial got a score', async () => {
    const work = new Workplace();
    const space = { 'optimizer.lr': { type: 'uniform', min: 1e5, max: 1e6 } };
    const base = { optimizer: { type: 'sgd', lr: 0.01 }, loss: 'mse' };
    work.file('sweep.json', irisSweep({ space, objective: { metric: 'loss' }, trials: 2 }, base));
    const { status, lines } = await work.run(['sweep', 'sweep.json', '--json', '--workers', '2']);
    expect(status).toBe(1);
    expect(lines().at(-1)).toMatchObject({ status: 'failed', trials: 2, best: null });
  });
});

describe('descent sweep', () => {
  it('shows a bar while it searches and a table with the best first', async () => {
    const work = new Workplace();
    work.file('sweep.json', irisSweep({ trials: 3 }));
    const { status, stdout, stderr } = await work.run(['sweep', 'sweep.json', '--workers', '1']);
    expect(status).toBe(0);
    expect(stderr).toMatch(/\[[█·]+\] \d+ % {2}trial \d\/3/);
    const rows = stdout.split('\n');
    expect(rows[0]).toMatch(/^trial +state +accuracy +optimizer\.lr +model\.layers\.0\.units +epochs +time$/);
    const scores = rows.slice(1, 4).map((row) => Number(row.split(/ {2,}/)[2]));
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(stdout).toMatch(/^trials +3 completed, 0 pruned, 0 failed; 18 epochs$/m);
    expect(stdout).toMatch(/^best +trial \d: [\d.]+$/m);
  });

  it.each<[string, unknown, RegExp | string]>([
    ...BAD_SPECS.map(({ what, spec, path, message }): [string, unknown, string] => [what, spec, `${path}: ${message}`]),
    [
      'a grid of a million points',
      irisSweep({ sampler: { type: 'grid', points: 1_000_000 } }),
      /sampler\.points: expected a whole number from 2 to 100000/,
    ],
    ['no sweep at all', '[]', /expected an object, got \[\]/],
    ['no JSON', '{', /sweep\.json: expected JSON/],
  ])('refuses %s with one line and status 2', async (_what, spec, message) => {
    const work = new Workplace();
    work.file('sweep.json', spec);
    const { status, stdout, stderr } = await work.run(['sweep', 'sweep.json', '--json']);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it('refuses a missing file, a spec beside --resume, an unknown sweep and no workers', async () => {
    const work = new Workplace();
    work.file('sweep.json', irisSweep());
    for (const [args, message] of [
      [['nowhere.json'], /nowhere\.json: no such file/],
      [[], /expected either a sweep spec or --resume/],
      [['sweep.json', '--resume', '1'], /expected either a sweep spec or --resume/],
      [['--resume', 'abcdefghijkl'], /there is no sweep abcdefghijkl/],
      [['--resume', '7', '--kernels', 'wasm'], /--kernels: a sweep goes on with the kernels it began with/],
      [['--resume', '7'], /there is no sweep "7"/],
      [['sweep.json', '--workers', '0'], /expected a whole number from 1 to 256/],
    ] as const) {
      const { status, stderr } = await work.run(['sweep', ...args]);
      expect(stderr).toMatch(message);
      expect(status).toBe(2);
    }
  });
});

/** Long enough to be interrupted, short enough to be waited for. */
const LONG = irisSweep({ trials: 8, epochsPerTrial: 400 });

interface Interrupted {
  readonly id: string;
  readonly before: readonly Line[];
  readonly status: number | null;
  readonly stderr: string;
}

async function interrupted(work: Workplace, signal: NodeJS.Signals): Promise<Interrupted> {
  const child = work.start(['sweep', 'sweep.json', '--json', '--workers', '2']);
  let seen = '';
  child.stdout.on('data', (text: Buffer) => (seen += text.toString()));
  const finished = finish(child);
  while (parseLines(seen).length < 2) await once(child.stdout, 'data');
  child.kill(signal);
  const { status, stderr, lines } = await finished;
  return { id: idIn(stderr), before: lines(), status, stderr };
}

describe('an interrupted sweep', () => {
  const whole = async (): Promise<Line[]> => {
    const work = new Workplace();
    work.file('sweep.json', LONG);
    return byNumber((await work.run(['sweep', 'sweep.json', '--json', '--workers', '2'])).lines());
  };

  it('is saved by SIGINT and continued by --resume', async () => {
    const work = new Workplace();
    work.file('sweep.json', LONG);
    const { id, before, status, stderr } = await interrupted(work, 'SIGINT');
    expect(status).toBe(130);
    expect(stderr).toContain(`interrupted; go on with: descent sweep --resume ${id}`);
    expect(before.some(({ event }) => event === 'finished')).toBe(false);
    const after = await work.run(['sweep', '--resume', id, '--json', '--workers', '2']);
    expect(after.status).toBe(0);
    expect(after.lines().at(-1)).toMatchObject({ event: 'finished', sweep: id, status: 'completed', trials: 8 });
    // Together every trial once, as if nothing had happened.
    expect(byNumber([...before, ...after.lines()])).toEqual(await whole());
  });

  it('survives kill -9: it goes on with no trial twice', async () => {
    const work = new Workplace();
    work.file('sweep.json', LONG);
    const { id, before, status } = await interrupted(work, 'SIGKILL');
    expect(status).toBeNull();
    const after = await work.run(['sweep', '--resume', id.slice(0, 6), '--json', '--workers', '2']);
    expect(after.status).toBe(0);
    const numbers = trialsOf([...before, ...after.lines()]).map((line) => line['trial']);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(after.lines().at(-1)).toMatchObject({ event: 'finished', sweep: id, status: 'completed', trials: 8 });

    const db = new Sqlite(work.database, { readonly: true });
    const rows = db
      .prepare(
        `SELECT trial.number AS trial, trial.status AS state, params, score, epochs, count(run.number) AS runs
         FROM trial LEFT JOIN run ON run.trial = trial.id GROUP BY trial.id ORDER BY trial.number`,
      )
      .all() as { params: string; runs: number }[];
    db.close();
    expect(rows.map(({ runs }) => runs)).toEqual(Array.from({ length: 8 }, () => 1));
    const stored = rows.map(({ params, runs: _runs, ...row }) => ({
      event: 'trial',
      ...row,
      params: JSON.parse(params) as unknown,
    }));
    expect(stored).toEqual(await whole());
  });

  it('ends between two rounds of narrow that wait for someone, and --resume is the leave', async () => {
    const work = new Workplace();
    work.file('sweep.json', irisSweep({ sampler: { type: 'narrow', rounds: 2, pause: true }, trials: 4 }));
    const first = await work.run(['sweep', 'sweep.json', '--json', '--workers', '2']);
    expect(first.status).toBe(130);
    expect(first.stderr).toContain(`the next round waits for someone to look at this one; go on with: descent sweep`);
    expect(byNumber(first.lines()).map((line) => line['trial'])).toEqual([0, 1]);
    const second = await work.run(['sweep', '--resume', idIn(first.stderr), '--json', '--workers', '2']);
    expect(second.status).toBe(0);
    expect(byNumber(second.lines()).map((line) => line['trial'])).toEqual([2, 3]);
  });

  it('can be looked at and asked for again when it is over', async () => {
    const work = new Workplace();
    work.file('sweep.json', irisSweep({ trials: 2 }));
    const first = await work.run(['sweep', 'sweep.json', '--json']);
    const again = await work.run(['sweep', '--resume', '1', '--json']);
    expect(again.status).toBe(0);
    expect(again.lines()).toEqual([first.lines().at(-1)]);
    expect((await work.run(['runs', 'list'])).stdout).toBe('no runs\n');
    const db = new Sqlite(work.database, { readonly: true });
    const { id } = db.prepare('SELECT id FROM run WHERE number = 1').get() as { id: string };
    db.close();
    const shown = (await work.run(['runs', 'show', id, '--json'])).lines()[0];
    expect(shown).toMatchObject({ summary: { number: 1, trial: { repeat: 0 }, testAccuracy: null } });
  });
});

/** Limits of a process can be changed from outside on Linux only. */
const canLimit = process.platform === 'linux' && existsSync('/usr/bin/prlimit');

describe.skipIf(!canLimit)('a full disk', () => {
  it('holds the sweep back, and once there is room again it ends complete', async () => {
    const work = new Workplace();
    work.file('sweep.json', irisSweep({ trials: 10, epochsPerTrial: 100 }));
    const limit = async (child: { readonly pid?: number | undefined }, bytes: string): Promise<void> => {
      await once(spawn('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}`]), 'exit');
    };
    const child = work.start(['sweep', 'sweep.json', '--json', '--workers', '2']);
    const ended = finish(child);
    const full = new Promise<void>((resolve) => {
      let errors = '';
      child.stderr.on('data', (text: Buffer) => {
        errors += text.toString();
        if (errors.includes('disk is full')) resolve();
      });
    });
    await once(child.stdout, 'data');
    await limit(child, '200000:unlimited');
    await full;
    await limit(child, 'unlimited');
    const { status, lines } = await ended;
    expect(status).toBe(0);
    expect(byNumber(lines()).map((line) => [line['trial'], line['state']])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i, 'completed']),
    );
    const plain = await work.run(['sweep', 'sweep.json', '--json', '--workers', '2', '--db', 'plain.db']);
    expect(byNumber(lines())).toEqual(byNumber(plain.lines()));
  });
});
