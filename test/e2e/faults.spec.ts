/** Faults from outside, really injected into the running app: a full disk, a second start, a damaged database. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RunId } from '../../engine/spec/ids.ts';
import { electronLaunchOptions } from '../../scripts/electron-runtime.mjs';
import { whoHasOpen } from '../support/processes.ts';
import { fillDisk, noSmallDisk, smallDisk } from './support/fault-tools.ts';
import { goTo, numberOf, openRun, rowOf } from './support/pages.ts';
import { StoredRuns } from './support/stored.ts';
import type { StudioApp } from './support/studio-app.ts';
import { expect, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

const spec = (name: string, epochs: number) => ({
  name,
  seed: 1,
  data: { source: 'digits' },
  model: { layers: [{ type: 'affine', units: 32 }, { type: 'relu' }, { type: 'affine', units: 10 }] },
  optimizer: { type: 'adam', lr: 0.001 },
  training: { batchSize: 32, epochs },
});
const stepOf = (studio: StudioApp): Promise<number> => numberOf(studio, TEST_ID.runStepCounter);
const untilEnded = (studio: StudioApp, id: RunId): Promise<void> =>
  expect.poll(async () => (await studio.invoke('run:get', { id })).summary.status).toBe('completed');

test('a full disk holds training back; with room again it goes on and no step is missing', async ({ launch }) => {
  const reason = noSmallDisk();
  test.skip(reason !== null, reason ?? '');
  const disk = await smallDisk(64);
  try {
    const studio = await launch({ home: disk.folder });
    const id = await studio.invoke('run:start', { spec: spec('long', 20_000) });
    await openRun(studio, id);
    await expect.poll(() => stepOf(studio)).toBeGreaterThan(100);

    expect(fillDisk(disk.folder)).toBeGreaterThan(0);
    expect(statfsSync(disk.folder).bavail).toBe(0);
    await expect(studio.byId(TEST_ID.statusNotSaved)).toBeVisible({ timeout: 60_000 });
    await expect(studio.byId(TEST_ID.toast).filter({ hasText: 'MB are free there' }).first()).toBeVisible();
    const held = await stepOf(studio);
    await studio.page.waitForTimeout(700);
    expect(await stepOf(studio)).toBe(held);
    // Nothing has changed: trying again says so, and training waits on.
    await studio.byId(TEST_ID.statusRetry).click();
    await studio.page.waitForTimeout(500);
    await expect(studio.byId(TEST_ID.statusNotSaved)).toBeVisible();
    expect(await stepOf(studio)).toBe(held);

    disk.resize(192);
    await studio.byId(TEST_ID.statusRetry).click();
    await expect(studio.byId(TEST_ID.statusNotSaved)).toHaveCount(0);
    await expect.poll(() => stepOf(studio)).toBeGreaterThan(held + 100);
    await studio.byId(TEST_ID.runStop).click();
    await expect(studio.byId(TEST_ID.runStatus)).toHaveAttribute('data-status', 'stopped');
    await studio.close();

    const stored = new StoredRuns(disk.folder);
    expect(stored.integrity()).toBe('ok');
    const { steps } = stored.curve(id, 'loss', 'batch');
    expect(steps.length).toBe(stored.run(id).steps_done);
    expect([...steps]).toEqual(Array.from(steps, (_, i) => i));
    stored.close();
  } finally {
    disk.remove();
  }
});

test('a second start brings the window of the first to the front and opens nothing', async ({ launch }) => {
  const studio = await launch();
  await studio.electron.evaluate(({ app, BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.minimize();
    app.on('second-instance', () => Reflect.set(globalThis, '__second', true));
  });
  const { executablePath, args, env } = electronLaunchOptions({ env: { ...process.env, DESCENT_HOME: studio.home } });
  const second = spawn(executablePath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  second.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const [status] = (await once(second, 'close')) as [number | null];
  expect(status).toBe(0);
  expect(said).toContain(`Descent is already open for ${studio.home}`);
  await expect.poll(() => studio.electron.evaluate(() => Reflect.get(globalThis, '__second') === true)).toBe(true);
  expect(await studio.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized())).toBe(
    false,
  );
  if (process.platform === 'linux') {
    // One process, and in it one connection.
    expect([...whoHasOpen(join(studio.home, 'descent.db'))]).toEqual([[studio.pid, 1]]);
  }
  // Chromium's own lock outlives a process that is killed; the next start must not mind.
  await studio.kill('SIGKILL');
  const third = await launch({ home: studio.home });
  expect(await third.runs()).toEqual([]);
});

/** Overwrites the page in which the curves begin, and sees that it was another before. */
function damageCurves(file: string): { readonly at: number; readonly bad: Buffer } {
  const db = new Database(file, { readonly: true });
  const page = db
    .prepare("SELECT pageno, (SELECT pgsize FROM dbstat LIMIT 1) AS size FROM dbstat WHERE name = 'metric_chunk'")
    .get() as { pageno: number; size: number };
  db.close();
  const bytes = readFileSync(file);
  const at = (page.pageno - 1) * page.size;
  const bad = Buffer.alloc(page.size, 0xa5);
  expect(bytes.subarray(at, at + page.size).equals(bad)).toBe(false);
  bad.copy(bytes, at);
  writeFileSync(file, bytes);
  return { at, bad };
}

test('a damaged database is told, and put right at the next start with the damaged file kept', async ({ launch }) => {
  const studio = await launch();
  const { home } = studio;
  const id = await studio.invoke('run:start', { spec: spec('first', 3) });
  const other = await studio.invoke('run:start', { spec: spec('second', 3) });
  for (const run of [id, other]) await untilEnded(studio, run);
  await studio.close();
  const { at, bad } = damageCurves(join(home, 'descent.db'));

  const damaged = await launch({ home });
  await goTo(damaged, 'runs');
  await rowOf(damaged, id).getByTestId(TEST_ID.runRowName).click();
  const told = damaged.page.getByText(/the database file is damaged .*start the Descent app again/).first();
  await expect(told).toBeVisible();
  await damaged.close();

  const again = await launch({ home });
  await expect(again.byId('warning').filter({ hasText: 'the damaged file is kept as' })).toBeVisible();
  expect((await again.runs()).map((row) => row.id).sort()).toEqual([id, other].sort());
  const kept = readdirSync(home).find((name) => name.startsWith('descent.db.damaged-')) ?? '';
  const bytes = readFileSync(join(home, kept));
  expect(bytes.subarray(at, at + bad.length).equals(bad)).toBe(true);
  await openRun(again, id);
  await again.close();
  const stored = new StoredRuns(home);
  expect(stored.integrity()).toBe('ok');
  stored.close();
});
