import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderSize, runForeground, runWatched } from '../../scripts/bootstrap/child.mjs';
import { temporaryFolder } from './stand-in.ts';

const childModule = pathToFileURL(resolve(import.meta.dirname, '../../scripts/bootstrap/child.mjs')).href;

describe('a watched program', () => {
  it('gives back its status and words', async () => {
    const result = await runWatched(process.execPath, [
      '-e',
      'console.log("out"); console.error("err"); process.exit(3)',
    ]);
    expect(result).toEqual({ code: 3, stalled: false, stdout: 'out\n', stderr: 'err\n' });
  });

  it('that is not there has no status', async () => {
    expect(await runWatched('/nowhere/program', [])).toMatchObject({
      code: null,
      stderr: expect.stringContaining('ENOENT') as string,
    });
  });

  it('is ended when it gets nowhere', async () => {
    const result = await runWatched(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      measure: () => 5,
      stallSeconds: 1,
    });
    expect(result).toMatchObject({ code: null, stalled: true });
  });

  it('may take its time while it gets on', async () => {
    let bytes = 0;
    const result = await runWatched(process.execPath, ['-e', 'setTimeout(() => {}, 2200)'], {
      measure: () => (bytes += 10),
      stallSeconds: 1,
    });
    expect(result).toMatchObject({ code: 0, stalled: false });
  });
});

describe('a program in the foreground', () => {
  it('hands its status on', async () => {
    expect(await runForeground(process.execPath, ['-e', 'process.exit(42)'])).toBe(42);
    expect(await runForeground(process.execPath, ['-e', 'process.kill(process.pid, "SIGTERM")'])).toBe(143);
  });

  it('gets a signal once, and ends in its own way', async () => {
    const folder = temporaryFolder();
    const inner = join(folder, 'inner.mjs');
    writeFileSync(
      inner,
      `let got = 0; process.on('SIGTERM', () => { got += 1; setTimeout(() => { console.log('got', got); process.exit(9); }, 300); }); setInterval(() => {}, 1000); console.log('ready');`,
    );
    const outer = `import { runForeground } from ${JSON.stringify(childModule)}; process.exitCode = await runForeground(process.execPath, [${JSON.stringify(inner)}]);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', outer], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stdout.on('data', (text) => (said += String(text)));
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    await new Promise((done) => setTimeout(done, 100));
    child.kill('SIGTERM');
    const [status] = (await once(child, 'close')) as [number];
    expect(said).toBe('ready\ngot 1\n');
    expect(status).toBe(9);
  });
});

describe('a script of npm', () => {
  it.runIf(process.platform !== 'win32')('ends its program when the shell between them is ended', async () => {
    const folder = temporaryFolder();
    const inner = join(folder, 'inner.mjs');
    writeFileSync(
      inner,
      `process.on('SIGTERM', () => { console.log('told'); process.exit(0); }); setInterval(() => {}, 1000); console.log('ready');`,
    );
    const outer = join(folder, 'outer.mjs');
    writeFileSync(
      outer,
      `import { runForeground } from ${JSON.stringify(childModule)}; await runForeground(process.execPath, [${JSON.stringify(inner)}]);`,
    );
    // Two commands, so that no shell replaces itself by the first.
    const shell = spawn('sh', ['-c', `"${process.execPath}" "${outer}"; true`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, npm_lifecycle_event: 'start' },
    });
    let said = '';
    shell.stdout.on('data', (text) => (said += String(text)));
    await once(shell.stdout, 'data');
    shell.kill('SIGTERM');
    await once(shell, 'close');
    expect(said).toBe('ready\ntold\n');
  });
});

describe('the size of a folder', () => {
  it('counts the bytes of all files below it', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'deep'));
    writeFileSync(join(folder, 'a'), 'xyz');
    writeFileSync(join(folder, 'deep', 'b'), 'xx');
    expect(folderSize(folder)).toBe(5);
    expect(folderSize(join(folder, 'nowhere'))).toBe(0);
  });
});
