import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { npmCommand } from '../../scripts/bootstrap/npm.mjs';
import { cleanEnvironment, temporaryFolder } from './stand-in.ts';

const project = resolve(import.meta.dirname, '..', '..');
const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

describe('the npm scripts', () => {
  it.each(Object.entries(scripts))('%s replaces its shell and names a script that is there', (_name, command) => {
    const file = /^exec node (\S+)/.exec(command)?.[1];
    expect(file, command).toBeDefined();
    expect(existsSync(join(project, String(file)))).toBe(true);
  });

  // Debian's shell would keep a signal that npm got to itself, and the run would go on unseen.
  it.runIf(process.platform !== 'win32')(
    'get the signals that npm gets, and their status becomes its own',
    async () => {
      const folder = temporaryFolder();
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({ name: 'x', version: '1.0.0', scripts: { work: 'exec node work.mjs' } }),
      );
      writeFileSync(
        join(folder, 'work.mjs'),
        `process.on('SIGTERM', () => process.exit(77)); setInterval(() => {}, 1000); console.log('ready');`,
      );
      const npm = npmCommand(cleanEnvironment({}));
      const child = spawn(npm.command, [...npm.first, 'run', '--silent', 'work'], {
        cwd: folder,
        env: cleanEnvironment({}),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      await once(child.stdout, 'data');
      child.kill('SIGTERM');
      expect((await once(child, 'close'))[0]).toBe(77);
    },
  );
});
