import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readJsonFile, writeFileWhole } from '../../../electron/main/json-file.ts';
import { ChosenFiles } from '../../../electron/main/services/chosen-files.ts';
import { SettingsService } from '../../../electron/main/services/settings.ts';
import { openingBounds, readWindowState, writeWindowState } from '../../../electron/main/window-state.ts';
import { settingsSchema } from '../../../electron/contract/settings.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'descent-json-'));
  file = join(folder, 'settings.json');
});
afterEach(() => rm(folder, { recursive: true }));

const DEFAULTS = { theme: 'system', language: 'system', kernels: 'auto', workers: null, navigationFolded: false };

test('without a file the defaults hold', async () => {
  expect(await readJsonFile(file, settingsSchema, 1)).toEqual({ value: DEFAULTS, problem: null });
});

test.each([
  ['what is no JSON', '{"theme":', 'expected JSON'],
  ['a value outside its range', '{"theme":"pink"}', 'theme'],
  ['an unknown field', '{"colour":1}', 'colour'],
  ['a list', '[]', 'expected object'],
])('%s is moved aside and said', async (_name, text, said) => {
  await writeFile(file, text);
  const { value, problem } = await readJsonFile(file, settingsSchema, 42);
  expect(value).toEqual(DEFAULTS);
  expect(problem?.message).toContain(file);
  expect(problem?.message).toContain(said);
  expect(await readdir(folder)).toEqual(['settings.json.broken-42']);
  expect(await readFile(`${file}.broken-42`, 'utf8')).toBe(text);
});

test('a file is replaced as a whole, and nothing is left behind when that fails', async () => {
  await writeFileWhole(file, 'one');
  await writeFileWhole(file, 'two');
  expect(await readFile(file, 'utf8')).toBe('two');
  await expect(writeFileWhole(join(folder, 'missing', 'x'), '1')).rejects.toThrow('ENOENT');
  await expect(writeFileWhole(folder, '1')).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['settings.json']);
});

test('settings are in force at once, told to listeners and kept', async () => {
  const settings = await SettingsService.open(file, false, 1);
  const heard: string[] = [];
  settings.onChange(({ theme }) => heard.push(theme));
  const all = [settings.set({ theme: 'dark' }), settings.set({ workers: 3 }), settings.set({ theme: 'light' })];
  expect(settings.get()).toMatchObject({ theme: 'light', workers: 3 });
  await Promise.all(all);
  expect(heard).toEqual(['dark', 'dark', 'light']);
  const again = await SettingsService.open(file, false, 1);
  expect(again.get()).toEqual({ ...DEFAULTS, theme: 'light', workers: 3 });
  await expect(settings.set({ workers: 0 })).rejects.toThrow();
  expect(settings.get().workers).toBe(3);
});

test('a read-only home keeps settings in memory', async () => {
  const settings = await SettingsService.open(file, true, 1);
  await settings.set({ theme: 'dark' });
  expect(settings.get().theme).toBe('dark');
  expect(await readdir(folder)).toEqual([]);
});

test('files are chosen once and remembered', async () => {
  const chosen = await ChosenFiles.open(file, false, 1);
  const spec = (source: unknown, initialWeights: string | null = null) => ({
    data: { source },
    model: { layers: [{ type: 'affine', units: 2 }] },
    optimizer: { type: 'sgd', lr: 0.1 },
    training: { epochs: 1 },
    initialWeights,
  });
  expect(() => chosen.requireSpec(spec('digits'))).not.toThrow();
  expect(() => chosen.requireSpec(spec({ file: '/data/a.csv' }))).toThrow('/data/a.csv was not chosen');
  await chosen.add(['/data/a.csv', '/data/x', '/data/y']);
  expect(() => chosen.requireSpec(spec({ file: '/data/a.csv' }))).not.toThrow();
  expect(() => chosen.requireSource({ images: '/data/x', labels: '/data/y' })).not.toThrow();
  expect(() => chosen.requireSource({ images: '/data/x', labels: '/data/y', testLabels: '/etc/passwd' })).toThrow();
  expect(() => chosen.requireSpec(spec('digits', '/home/w.npz'))).toThrow('/home/w.npz was not chosen');
  const again = await ChosenFiles.open(file, false, 1);
  expect(() => again.requireSpec(spec({ file: '/data/a.csv' }))).not.toThrow();
});

test('the thousand files chosen last are kept', async () => {
  const chosen = await ChosenFiles.open(file, false, 1);
  await chosen.add(Array.from({ length: 1001 }, (_, i) => `/data/${i}`));
  expect(() => chosen.requireSource({ file: '/data/0' })).toThrow();
  expect(() => chosen.requireSource({ file: '/data/1' })).not.toThrow();
});

test('the window remembers where it was', async () => {
  const state = { bounds: { x: 10, y: 20, width: 1300, height: 900 }, maximized: true };
  await writeWindowState(file, state);
  expect(await readWindowState(file, 1)).toEqual(state);
  await writeFile(file, '{"bounds":{"x":"left"}}');
  expect(await readWindowState(file, 1)).toEqual({ bounds: null, maximized: false });
});

const SCREEN = { x: 0, y: 0, width: 1600, height: 1000 };

test.each([
  ['nothing remembered', null, [SCREEN], { width: 1280, height: 800 }],
  [
    'remembered on the screen',
    { x: 5, y: 6, width: 1000, height: 700 },
    [SCREEN],
    { x: 5, y: 6, width: 1000, height: 700 },
  ],
  ['on a screen that is gone', { x: 5000, y: 6, width: 1000, height: 700 }, [SCREEN], { width: 1000, height: 700 }],
  ['above the screen', { x: 5, y: -500, width: 1000, height: 700 }, [SCREEN], { width: 1000, height: 700 }],
  [
    'larger than the screen',
    { x: 0, y: 0, width: 9000, height: 9000 },
    [SCREEN],
    { x: 0, y: 0, width: 1600, height: 1000 },
  ],
  ['smaller than allowed', { x: 0, y: 0, width: 10, height: 10 }, [SCREEN], { x: 0, y: 0, width: 960, height: 600 }],
])('opens right: %s', (_name, remembered, screens, expected) => {
  expect(openingBounds(remembered, screens)).toEqual(expected);
});
