import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { databaseFile, homeFolder } from '../../../electron/main/home.ts';
import { refusedSwitch } from '../../../electron/main/refused-switch.ts';
import { ReloadPolicy } from '../../../electron/main/reload-policy.ts';
import { languageOf, textsOf } from '../../../electron/main/texts.ts';

test.each([
  [{ DESCENT_HOME: '/x/y' }, 'linux', '/x/y'],
  [{ DESCENT_HOME: 'rel' }, 'linux', resolve('rel')],
  [{ DESCENT_HOME: '', XDG_CONFIG_HOME: '/c' }, 'linux', '/c/Descent'],
  [{}, 'linux', join(homedir(), '.config', 'Descent')],
  [{}, 'darwin', join(homedir(), 'Library', 'Application Support', 'Descent')],
  [{ APPDATA: '/roaming' }, 'win32', join('/roaming', 'Descent')],
] as const)('the home folder of %j on %s', (env, platform, expected) => {
  expect(homeFolder(env, platform)).toBe(expected);
  expect(databaseFile('/h')).toBe(join('/h', 'descent.db'));
});

test('a package for people refuses to be debugged, a checkout and a test build do not', () => {
  const started = (name: string) => (s: string) => s === name;
  const people = { packaged: true, test: false };
  expect(refusedSwitch(started('remote-debugging-port'), people)).toBe('remote-debugging-port');
  expect(refusedSwitch(started('remote-debugging-pipe'), people)).toBe('remote-debugging-pipe');
  expect(refusedSwitch(started('no-sandbox'), people)).toBeNull();
  expect(refusedSwitch(started('remote-debugging-port'), { packaged: true, test: true })).toBeNull();
  expect(refusedSwitch(started('remote-debugging-port'), { packaged: false, test: false })).toBeNull();
});

test('a page is reloaded three times a minute', () => {
  const policy = new ReloadPolicy();
  expect([0, 10_000, 20_000, 59_999].map((now) => policy.mayReload(now))).toEqual([true, true, true, false]);
  expect(policy.mayReload(60_000)).toBe(true);
  expect(policy.mayReload(60_001)).toBe(false);
});

test.each([
  ['system', 'zh-CN', 'zh-CN'],
  ['system', 'zh-TW', 'zh-CN'],
  ['system', 'de', 'en'],
  ['en', 'zh-CN', 'en'],
  ['zh-CN', 'en-US', 'zh-CN'],
] as const)('language %s on a %s system is %s', (setting, system, expected) => {
  expect(languageOf(setting, system)).toBe(expected);
});

test('both languages say everything', () => {
  const en = textsOf('en');
  const zh = textsOf('zh-CN');
  expect(Object.keys(zh)).toEqual(Object.keys(en));
  for (const [key, text] of Object.entries(zh)) expect(text, key).not.toBe('');
  expect(zh.stillTraining(2)).toContain('2');
});
