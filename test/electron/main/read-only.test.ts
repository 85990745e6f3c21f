import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { INVOKE_CHANNELS, type InvokeChannel } from '../../../electron/contract/invoke.ts';
import { copyDatabase, removeDatabase } from '../../../electron/main/database-copy.ts';
import type { Handlers } from '../../../electron/main/ipc/answer.ts';
import { withoutWrites } from '../../../electron/main/ipc/without-writes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'descent-copy-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a database is copied with its log, made writable, and removed again', async () => {
  const original = join(folder, 'original.db');
  await writeFile(original, 'pages');
  await writeFile(`${original}-wal`, 'log');
  await chmod(original, 0o444);
  const target = await mkdtemp(join(folder, 'profile-'));
  const copy = await copyDatabase(original, target);
  expect(copy).toBe(join(target, 'original.db'));
  expect(await readFile(copy, 'utf8')).toBe('pages');
  expect(await readFile(`${copy}-wal`, 'utf8')).toBe('log');
  expect((await stat(copy)).mode & 0o200).toBe(0o200);
  await removeDatabase(copy);
  await expect(stat(copy)).rejects.toThrow('ENOENT');
  expect(await readFile(original, 'utf8')).toBe('pages');
});

test('where there is no database yet, nothing is copied', async () => {
  expect(await copyDatabase(join(folder, 'none.db'), folder)).toBe(join(folder, 'none.db'));
});

test('only what reads is answered', async () => {
  const entries = INVOKE_CHANNELS.map((channel) => [channel, () => channel]);
  const handlers = withoutWrites(Object.fromEntries(entries) as Handlers, '/home/x');
  const answers = (channel: InvokeChannel): boolean => {
    try {
      return (handlers[channel] as (argument: unknown) => unknown)(null) === channel;
    } catch (error) {
      expect(error).toMatchObject({ error: { code: 'read_only' }, message: expect.stringContaining('/home/x') });
      return false;
    }
  };
  expect(
    INVOKE_CHANNELS.filter((channel) => /^(run|race|comparison|store|sweep):/.test(channel)).filter(answers),
  ).toEqual(
    INVOKE_CHANNELS.filter((channel) =>
      /^((run|comparison|sweep):(list|get)|run:equality|sweep:(check|curves|timeline))$/.test(channel),
    ),
  );
  expect(answers('curve:read')).toBe(true);
  expect(answers('weights:export')).toBe(true);
});
