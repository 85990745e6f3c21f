import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answer, CONTENT_SECURITY_POLICY, listFiles } from '../../../electron/main/served-files.ts';

let folder: string;
let files: Map<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'descent-served-'));
  await mkdir(join(folder, 'page', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.json'), '"outside"');
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'page', 'assets', 'main.js'), 'export {};');
  await writeFile(join(folder, 'page', 'notes.exe'), 'no');
  await symlink(join(folder, 'secret.json'), join(folder, 'page', 'link.json'));
  files = await listFiles(join(folder, 'page'));
});
afterAll(() => rm(folder, { recursive: true }));

const get = (url: string) => answer(files, { method: 'GET', url });

test('serves the page, its files and the start address with their types', async () => {
  const script = await get('app://studio/assets/main.js');
  expect(script.status).toBe(200);
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(await script.text()).toBe('export {};');
  expect(await (await get('app://studio/')).text()).toBe('<!doctype html>');
});

test.each([
  'app://studio/../secret.json',
  'app://studio/%2e%2e/secret.json',
  'app://studio/%2e%2e%2fsecret.json',
  'app://studio/..%5csecret.json',
  'app://studio/assets/../../secret.json',
  'app://studio//secret.json',
  'app://studio/link.json',
  'app://studio/notes.exe',
  'app://studio/assets',
  'app://studio/assets/',
  'app://studio/__proto__',
])('finds nothing at %s', async (url) => {
  expect((await get(url)).status).toBe(404);
});

test.each([
  ['another host', 'GET', 'app://other/index.html', 403],
  ['another host with a port', 'GET', 'app://studio:1/index.html', 403],
  ['what is no address', 'GET', 'nonsense', 403],
  ['POST', 'POST', 'app://studio/index.html', 405],
  ['HEAD', 'HEAD', 'app://studio/index.html', 405],
])('refuses %s', async (_name, method, url, status) => {
  expect((await answer(files, { method, url })).status).toBe(status);
});

test('every answer carries the policy and the isolation headers, refusals too', async () => {
  for (const url of ['app://studio/index.html', 'app://studio/missing.js', 'app://other/']) {
    const { headers } = await get(url);
    expect(headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
  expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
});
