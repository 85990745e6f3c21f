/** The bundled command line, as it is installed: two workers against one, and a kill in the middle. */

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildPrograms } from '../../../scripts/build.mjs';
import { finish, parseLines, type Finished, type Line } from '../cli/support.ts';
import { irisSweep } from './support.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'descent-built-'));

beforeAll(async () => {
  for (const name of ['resources', 'package.json', 'node_modules']) symlinkSync(join(root, name), join(folder, name));
  await buildPrograms({ out: join(folder, 'out'), sourcemap: false });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [join(folder, 'out', 'cli', 'descent.mjs'), 'sweep', ...args], {
    cwd: folder,
    env: { ...process.env, DESCENT_HOME: join(folder, 'home'), DESCENT_KERNELS: 'reference' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
const run = (...args: string[]): Promise<Finished> => finish(start(...args));
const byNumber = (lines: readonly Line[]): Line[] =>
  lines.filter(({ event }) => event === 'trial').sort((a, b) => Number(a['trial']) - Number(b['trial']));

describe('the built command line', () => {
  it('gives the same trials with one worker and with two', async () => {
    writeFileSync(join(folder, 'sweep.json'), JSON.stringify(irisSweep({ trials: 6 })));
    const [one, two] = await Promise.all(
      ['1', '2'].map((workers) => run('sweep.json', '--json', '--workers', workers, '--db', `${workers}.db`)),
    );
    expect(one!.status).toBe(0);
    expect(byNumber(one!.lines())).toHaveLength(6);
    expect(byNumber(two!.lines())).toEqual(byNumber(one!.lines()));
  });

  it('ends complete after a kill, with no trial twice', async () => {
    const spec = irisSweep({ trials: 6, epochsPerTrial: 400, pruner: { type: 'asha', minEpochs: 20 } });
    writeFileSync(join(folder, 'long.json'), JSON.stringify(spec));
    const child = start('long.json', '--json', '--workers', '1', '--db', 'long.db');
    let seen = '';
    child.stdout.on('data', (text: Buffer) => (seen += text.toString()));
    const killed = finish(child);
    while (parseLines(seen).length < 2) await once(child.stdout, 'data');
    child.kill('SIGKILL');
    const before = (await killed).lines();
    const after = await run('--resume', '1', '--json', '--workers', '1', '--db', 'long.db');
    expect(after.status).toBe(0);
    const whole = await run('long.json', '--json', '--workers', '1', '--db', 'whole.db');
    const together = byNumber([...before, ...after.lines()]);
    expect(together.map((line) => line['trial'])).toEqual([...new Set(together.map((line) => line['trial']))]);
    for (const line of together) expect(byNumber(whole.lines())).toContainEqual(line);
    const best = (lines: readonly Line[]): unknown => lines.at(-1)?.['best'];
    expect(after.lines().at(-1)).toMatchObject({ status: 'completed', trials: 6 });
    expect(best(after.lines())).toEqual(best(whole.lines()));
  });
});
