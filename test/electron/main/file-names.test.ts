import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireWritableTarget, safeFileName } from '../../../electron/main/services/file-names.ts';

test.each([
  ['adam-lr0.001', 'adam-lr0.001.npz'],
  ['two words.npz', 'two words.npz'],
  ['../../etc/passwd', 'passwd.npz'],
  ['a/b', 'b.npz'],
  ['a\\b', 'b.npz'],
  ['CON', 'descent CON.npz'],
  ['com1.txt', 'descent com1.txt.npz'],
  ['a\u0000b\nc', 'a b c.npz'],
  ['what: <this>?', 'what this.npz'],
  ['...', 'descent.npz'],
  ['', 'descent.npz'],
  ['第 1 个', '第 1 个.npz'],
])('%j is offered as %j', (text, expected) => {
  expect(safeFileName(text, '.npz')).toBe(expected);
});

test('a name is at most 200 bytes and never cut inside a character', () => {
  const name = safeFileName('第'.repeat(300), '.safetensors');
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
  expect(name).toMatch(/^第+\.safetensors$/);
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'descent-names-'));
  await mkdir(join(folder, 'home', 'chromium'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

test('a new file and an ordinary one may be written', async () => {
  await writeFile(join(folder, 'old.npz'), '');
  await expect(requireWritableTarget(join(folder, 'new.npz'), join(folder, 'home'))).resolves.toBeUndefined();
  await expect(requireWritableTarget(join(folder, 'old.npz'), join(folder, 'home'))).resolves.toBeUndefined();
  await expect(requireWritableTarget(join(folder, 'home-2.npz'), join(folder, 'home'))).resolves.toBeUndefined();
});

test('links and our own folder are refused', async () => {
  await writeFile(join(folder, 'target'), '');
  await symlink(join(folder, 'target'), join(folder, 'link.npz'));
  await symlink(join(folder, 'home'), join(folder, 'way-in'));
  const home = join(folder, 'home');
  await expect(requireWritableTarget(join(folder, 'link.npz'), home)).rejects.toThrow('symbolic link');
  await expect(requireWritableTarget(join(home, 'descent.db'), home)).rejects.toThrow('own data folder');
  await expect(requireWritableTarget(join(home, 'chromium', 'x'), home)).rejects.toThrow('own data folder');
  await expect(requireWritableTarget(join(folder, 'way-in', 'x.npz'), home)).rejects.toThrow('own data folder');
});
