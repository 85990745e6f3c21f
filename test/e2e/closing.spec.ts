/** Closing while something trains: the question, its four answers, and the ways out that ask nothing. */

import type { RunId } from '../../engine/spec/ids.ts';
import { fillDigitsForm, numberOf, openForm, train, waitForStatus } from './support/pages.ts';
import { StoredRuns, type StoredRun } from './support/stored.ts';
import type { StudioApp } from './support/studio-app.ts';
import { expect, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

let studio: StudioApp;
let id: RunId;

/** Starts an app with a run of that many epochs under way. */
async function startTraining(launch: () => Promise<StudioApp>, epochs = 100_000): Promise<void> {
  studio = await launch();
  await openForm(studio);
  await fillDigitsForm(studio, epochs);
  id = await train(studio);
  await expect.poll(() => numberOf(studio, TEST_ID.runStepCounter)).toBeGreaterThan(50);
}

async function closeWindow(): Promise<void> {
  await studio.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
}
/** A click the page may not live to confirm. */
async function clickLast(testId: string): Promise<void> {
  const button = studio.byId(testId);
  await expect(button).toBeVisible();
  await button.evaluate((element) => setTimeout(() => (element as HTMLElement).click(), 50));
}
const windows = () => studio.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);

/** The run as it lies on the disk once the app has ended by itself. */
async function afterTheEnd(within = 8000): Promise<StoredRun> {
  await expect.poll(() => studio.hasEnded, { timeout: within }).toBe(true);
  const stored = new StoredRuns(studio.home);
  expect(stored.integrity()).toBe('ok');
  const run = stored.run(id);
  stored.close();
  return run;
}

test('cancel keeps the window and the training', async ({ launch }) => {
  await startTraining(launch);
  await closeWindow();
  await expect(studio.byId(TEST_ID.dialogClosing)).toBeVisible();
  await studio.byId(TEST_ID.dialogClosing).getByTestId(TEST_ID.dialogCancel).click();
  await expect(studio.byId(TEST_ID.dialogClosing)).toHaveCount(0);
  const step = await numberOf(studio, TEST_ID.runStepCounter);
  await expect.poll(() => numberOf(studio, TEST_ID.runStepCounter)).toBeGreaterThan(step);
  expect(await windows()).toBe(1);
});

test('pause and close saves a checkpoint; the run goes on after the next start', async ({ launch }) => {
  await startTraining(launch);
  await closeWindow();
  await clickLast(TEST_ID.closingPause);
  const run = await afterTheEnd();
  expect(['paused', 'interrupted']).toContain(run.status);
  const again = await launch({ home: studio.home });
  const detail = await again.invoke('run:get', { id });
  expect(detail.summary.resumable).toBe(true);
  // Suspended runs keep every step: the checkpoint is where the curve ends.
  expect(detail.checkpoint?.step).toBe(run.steps_done);
  await again.invoke('run:continue', { id });
  await expect
    .poll(async () => (await again.invoke('run:get', { id })).summary.stepsDone, { timeout: 20_000 })
    .toBeGreaterThan(run.steps_done);
});

test('stop and close ends the run as if stopped by hand', async ({ launch }) => {
  await startTraining(launch);
  await closeWindow();
  await clickLast(TEST_ID.closingStop);
  expect((await afterTheEnd()).status).toBe('stopped');
});

test('keep training: the window goes, the run goes on, a new start shows it again', async ({ launch }) => {
  await startTraining(launch);
  await closeWindow();
  await clickLast(TEST_ID.closingKeep);
  await expect.poll(windows).toBe(0);
  expect(studio.hasEnded).toBe(false);
  const reopened = studio.electron.waitForEvent('window');
  await studio.electron.evaluate(({ app }) => app.emit('second-instance'));
  const page = await reopened;
  await page.waitForLoadState('load');
  const detail = await page.evaluate((run) => window.studio.invoke('run:get', { id: run }), id);
  expect(detail).toMatchObject({ ok: true, value: { summary: { id, status: 'running' } } });
});

test('keep training: the app ends by itself after the last run', async ({ launch }) => {
  await startTraining(launch, 8000);
  await closeWindow();
  await clickLast(TEST_ID.closingKeep);
  await expect.poll(windows).toBe(0);
  expect(studio.hasEnded).toBe(false);
  const run = await afterTheEnd(90_000);
  expect(run.status).toBe('completed');
  expect(run.epochs_done).toBe(8000);
});

test('a page that does not answer is not waited for: the system asks', async ({ launch }) => {
  await startTraining(launch);
  await studio.electron.evaluate(({ dialog }) => {
    dialog.showMessageBox = (...args: unknown[]) => {
      Reflect.set(globalThis, '__asked', args.at(-1));
      return Promise.resolve({ response: 2, checkboxChecked: false });
    };
  });
  const busy = studio.page.evaluate(() => {
    const until = performance.now() + 8000;
    while (performance.now() < until);
  });
  busy.catch(() => undefined);
  // Behind whatever the page was drawing, the loop has begun by now.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await closeWindow();
  expect((await afterTheEnd(12_000)).status).toBe('stopped');
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} saves a checkpoint and ends within five seconds`, async ({ launch }) => {
    await startTraining(launch);
    const started = Date.now();
    process.kill(studio.pid, signal);
    const run = await afterTheEnd();
    expect(Date.now() - started).toBeLessThan(6000);
    expect(['paused', 'interrupted']).toContain(run.status);
    expect(run.steps_done).toBeGreaterThan(50);
  });
}

test('paused runs do not ask', async ({ launch }) => {
  await startTraining(launch);
  await studio.byId(TEST_ID.runPause).click();
  await waitForStatus(studio, 'paused');
  await closeWindow();
  expect(['paused', 'interrupted']).toContain((await afterTheEnd()).status);
});
