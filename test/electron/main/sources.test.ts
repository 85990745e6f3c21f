/** Rules about the sources that no type can hold. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ELECTRON = join(import.meta.dirname, '..', '..', '..', 'electron');
const sources = readdirSync(ELECTRON, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name: name.replaceAll('\\', '/'), text: readFileSync(join(ELECTRON, name), 'utf8') }));

const using = (pattern: RegExp): string[] => sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

test('there are sources', () => {
  expect(sources.length).toBeGreaterThan(20);
});

test('only the registration listens to windows', () => {
  expect(using(/\bipcMain\b/)).toEqual(['main/ipc/register.ts']);
});

test('only the preload script touches the wire of a page', () => {
  expect(using(/\bipcRenderer\b|\bcontextBridge\b/)).toEqual(['preload/preload.ts']);
});

test.each([
  ['web security off', /webSecurity:\s*false/],
  ['insecure content', /allowRunningInsecureContent:\s*true/],
  ['experimental features', /experimentalFeatures|enableBlinkFeatures/],
  ['dangerous switches', /disable-web-security|ignore-certificate-errors|appendSwitch\(/],
  ['Node in a page', /nodeIntegration\w*:\s*true|contextIsolation:\s*false|sandbox:\s*false/],
  ['webviews', /webviewTag:\s*true/],
  ['addresses opened outside', /shell\.openExternal/],
  ['code from text', /executeJavaScript|\beval\(|new Function\(/],
  ['silenced warnings', /ELECTRON_DISABLE_SECURITY_WARNINGS/],
])('no %s', (_name, pattern) => {
  expect(using(pattern)).toEqual([]);
});
