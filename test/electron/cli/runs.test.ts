import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { finish, irisSpec, parseLines, Workplace } from './support.ts';

describe('descent runs', () => {
  it('lists, shows, throws away, brings back and deletes', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec({ name: '=1+1, "quoted"' }));
    work.file('long.json', irisSpec({ name: 'second' }));
    await work.run(['train', 'run.json']);
    await work.run(['train', 'long.json']);
    const list = (await work.run(['runs', 'list', '--json'])).lines();
    expect(list.map(({ number, name, status }) => [number, name, status])).toEqual([
      [2, 'second', 'completed'],
      [1, '=1+1, "quoted"', 'completed'],
    ]);
    const id = String(list[1]?.['id']);
    const table = (await work.run(['runs', 'list'])).stdout.split('\n');
    expect(table[0]).toMatch(/^# +id +name +status +data +model +optimizer +best validation +duration$/);
    expect(table[2]).toMatch(new RegExp(`^1 +${id} +=1\\+1, "quoted" +completed +iris +4-8-3 +momentum 0\\.05 `));
    expect((await work.run(['runs', 'show', '1'])).stdout).toMatch(/\nseed +3\nkernels +reference/);

    const csv = (await work.run(['runs', 'export-csv', '1', '2'])).stdout.trimEnd().split('\r\n');
    expect(csv[0]).toBe('run,name,metric,split,step,elapsed_ms,value');
    expect(csv[1]).toMatch(new RegExp(`^${id},"'=1\\+1, ""quoted""",loss,batch,0,[\\d.e-]+,[\\d.]+$`));
    expect(csv.filter((line) => line.includes(',loss,batch,'))).toHaveLength(60);
    expect(csv.filter((line) => line.includes(',accuracy,validation,'))).toHaveLength(6);

    expect((await work.run(['runs', 'delete', id])).status).toBe(0);
    expect((await work.run(['runs', 'list', '--json'])).lines()).toHaveLength(1);
    expect((await work.run(['runs', 'list', '--trash', '--json'])).lines()).toMatchObject([{ id }]);
    const shown = (await work.run(['runs', 'show', String(id)])).stdout;
    expect(shown).toMatch(/\ntrash +in the trash since \d{4}-\d\d-\d\dT.*; descent runs restore brings it back\n/);
    expect((await work.run(['runs', 'restore', '#1'])).status).toBe(0);
    expect((await work.run(['runs', 'list', '--json'])).lines()).toHaveLength(2);
    const purged = await work.run(['runs', 'delete', id.slice(0, 6), '2', '--purge']);
    expect(purged.stdout).toMatch(/^deleted for good: [0-9a-z]{12}, [0-9a-z]{12} \(\d+\.\d MB freed\)\n$/);
    expect((await work.run(['runs', 'list', '--trash'])).stdout).toBe('no runs\n');
  });

  it('says what is wrong with the layers, at the end and whenever asked', async () => {
    const work = new Workplace();
    const layers = [
      { type: 'affine', units: 8 },
      { type: 'relu' },
      { type: 'affine', units: 8, init: { constant: -10 } },
      { type: 'relu' },
      { type: 'affine', units: 3 },
    ];
    work.file('dead.json', irisSpec({ model: { layers } }));
    work.file('well.json', irisSpec());
    const dead = await work.run(['train', 'dead.json']);
    expect(dead.stdout).toMatch(
      /\nhealth +affine 2: 100 % of its units never fire: .*; try a smaller rate, he or leaky-relu\n/,
    );
    expect((await work.run(['train', 'well.json'])).stdout).not.toContain('health');
    const shown = (await work.run(['runs', 'show', '1'])).stdout;
    expect(shown).toMatch(/\nlayer +health +gradient norm +update ratio +activations +dead +saturated\n/);
    expect(shown).toMatch(/\naffine 2 +broken +0 +0 +0 ± 0 +100\.0 %\n/);
    expect(shown).toMatch(
      /\naffine 1: no gradient reaches it; look at the layers after it\naffine 2: 100 % of its units/,
    );
    const [detail] = (await work.run(['runs', 'show', '1', '--json'])).lines();
    expect(detail?.['health']).toMatchObject([{ level: 'broken' }, { level: 'broken', figures: { dead: 1 } }, {}]);
  });

  it('continues only what can be continued', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec());
    await work.run(['train', 'run.json']);
    const { status, stderr } = await work.run(['resume', '1']);
    expect(stderr).toMatch(/^descent: run #1 is completed, there is nothing left to train\n$/);
    expect(status).toBe(2);
  });
});

/** Limits of a process can be changed from outside on Linux only. */
const canLimit = process.platform === 'linux' && existsSync('/usr/bin/prlimit');

describe.skipIf(!canLimit)('a full disk', () => {
  it('holds training back, and once there is room again it goes on without a gap', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec({ training: { epochs: 4000, batchSize: 96 } }));
    await work.run(['runs', 'list']);
    const child = work.start(['train', 'run.json', '--json']);
    const ended = finish(child);
    let errors = '';
    let printed = 0;
    child.stdout.on('data', (text: Buffer) => (printed += text.length));
    const full = new Promise<void>((resolve) => {
      child.stderr.on('data', (text: Buffer) => {
        errors += text.toString();
        // Said again after every retry: the second must not be the last.
        if (errors.split('disk is full').length > 3) resolve();
      });
    });
    await once(child.stdout, 'data');
    // No file of the process may grow beyond this: as on a full disk, SQLite cannot write.
    await once(spawn('prlimit', ['--pid', String(child.pid), '--fsize=150000:unlimited']), 'exit');
    await full;
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = printed;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(printed).toBe(before);
    await once(spawn('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']), 'exit');
    const { status, stdout, stderr } = await ended;
    expect(stderr).toMatch(/descent: .*descent\.db: the disk is full .*\n(.*\n)*descent: saved; training goes on\n$/);
    expect(status).toBe(0);
    const steps = parseLines(stdout).filter(({ event }) => event === 'step');
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 4000 }, (_, i) => i));
    const csv = (await work.run(['runs', 'export-csv', '1'])).stdout;
    const stored = csv.split('\r\n').filter((line) => line.includes(',loss,batch,'));
    expect(stored.map((line) => Number(line.split(',')[4]))).toEqual(Array.from({ length: 4000 }, (_, i) => i));
  });
});
