/** A page that crashes or is reloaded comes back, subscribes again and shows the whole curve; training goes on. */

import { fillDigitsForm, numberOf, openForm, train } from './support/pages.ts';
import type { StudioApp } from './support/studio-app.ts';
import { expect, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

/** Attribute of an element of the page that is there now; null without one. */
async function attribute(studio: StudioApp, testId: string, name: string): Promise<string | null> {
  return studio.inPage(
    ([id, key]) => document.querySelector(`[data-testid="${id}"]`)?.getAttribute(key ?? '') ?? null,
    [testId, name],
  );
}
const stepShown = async (studio: StudioApp): Promise<number> =>
  Number((await attribute(studio, TEST_ID.runStepCounter, 'data-value')) ?? NaN);

/** Menus open on pointer events, which a plain `click()` does not send. */
async function press(studio: StudioApp, testId: string): Promise<void> {
  await expect.poll(() => attribute(studio, testId, 'data-testid')).toBe(testId);
  await studio.inPage((id) => {
    const element = document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
    const options = { bubbles: true, button: 0, pointerType: 'mouse' };
    element?.dispatchEvent(new PointerEvent('pointerdown', options));
    element?.dispatchEvent(new PointerEvent('pointerup', options));
    element?.click();
  }, testId);
}

/** Ends the page's process, and waits for the page that takes its place. */
async function crash(studio: StudioApp, how: 'crashed' | 'killed' | 'reloaded'): Promise<void> {
  const before = await studio.inPage(() => performance.timeOrigin, null);
  const pid = await studio.electron.evaluate(({ BrowserWindow }, way) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (way === 'crashed') contents?.forcefullyCrashRenderer();
    if (way === 'reloaded') contents?.reload();
    return contents?.getOSProcessId() ?? 0;
  }, how);
  if (how === 'killed') process.kill(pid, 'SIGKILL');
  const isBack = (): Promise<boolean> =>
    studio.electron.evaluate(async ({ BrowserWindow }, origin) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents === undefined || contents.isCrashed() || contents.isLoading()) return false;
      // Asked of a page that dies at this moment, the question is never answered.
      const none = new Promise((resolve) => setTimeout(() => resolve(origin), 1000));
      return (await Promise.race([contents.executeJavaScript('performance.timeOrigin'), none])) !== origin;
    }, before);
  await expect.poll(isBack, { timeout: 20_000 }).toBe(true);
}

async function startLongRun(studio: StudioApp) {
  await openForm(studio);
  await fillDigitsForm(studio, 100_000);
  const id = await train(studio);
  await expect.poll(() => numberOf(studio, TEST_ID.runStepCounter)).toBeGreaterThan(200);
  return id;
}

for (const how of ['crashed', 'killed', 'reloaded'] as const) {
  test(`the run survives a page that is ${how}`, async ({ launch }) => {
    const studio = await launch();
    const id = await startLongRun(studio);
    const before = await numberOf(studio, TEST_ID.runStepCounter);
    await crash(studio, how);
    // The address is still the run's: its page opens by itself and is live again.
    await expect.poll(() => attribute(studio, TEST_ID.pageRun, 'data-run-id')).toBe(id);
    await expect.poll(() => attribute(studio, TEST_ID.runStatus, 'data-status')).toBe('running');
    await expect.poll(() => stepShown(studio)).toBeGreaterThan(before);
    const later = await stepShown(studio);
    await expect.poll(() => stepShown(studio)).toBeGreaterThan(later);
    await press(studio, TEST_ID.runStop);
    await expect.poll(() => attribute(studio, TEST_ID.runStatus, 'data-status')).toBe('stopped');

    const stored = await studio.inPage(async (runId) => {
      const argument = { id: runId, metric: 'loss', split: 'train', maxPoints: null };
      const outcome = (await window.studio.invoke('curve:read', argument)) as {
        value: { steps: Int32Array; values: Float32Array };
      };
      return [...outcome.value.steps].map((step, i) => [step, outcome.value.values[i]]);
    }, id);
    await press(studio, TEST_ID.chartMenu(TEST_ID.chartLoss));
    await press(studio, TEST_ID.chartMenuTable(TEST_ID.chartLoss));
    const table = TEST_ID.chartTable(TEST_ID.chartLoss);
    await expect.poll(() => attribute(studio, table, 'data-testid')).toBe(table);
    const shown = await studio.inPage(
      (name) =>
        [...document.querySelectorAll(`[data-testid="${name}"] td[data-series="train"]`)].map((cell) => [
          Number(cell.closest('tr')?.dataset['step']),
          Number(cell.getAttribute('data-value')),
        ]),
      table,
    );
    // A long curve is drawn with fewer points than it has; each one drawn is one that was stored, the ends included.
    const known = new Map(stored as [number, number][]);
    for (const [step = NaN, value] of shown) expect(known.get(step), `step ${step}`).toBe(value);
    expect(shown.length).toBeGreaterThan(100);
    expect(shown.at(0)).toEqual(stored.at(0));
    expect(shown.at(-1)).toEqual(stored.at(-1));
  });
}

test('a page that keeps crashing is given up after three reloads, and training goes on', async ({ launch }) => {
  const studio = await launch();
  await startLongRun(studio);
  await studio.electron.evaluate(({ dialog }) => {
    dialog.showMessageBox = (...args: unknown[]) => {
      Reflect.set(globalThis, '__asked', args.at(-1));
      return new Promise(() => undefined);
    };
  });
  for (let i = 0; i < 3; i++) await crash(studio, 'crashed');
  const asked = () => studio.electron.evaluate(() => Reflect.get(globalThis, '__asked') !== undefined);
  expect(await asked()).toBe(false);
  await studio.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  );
  await expect.poll(asked).toBe(true);
  expect(
    await studio.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.isCrashed()),
  ).toBe(true);
  expect(studio.hasEnded).toBe(false);
});
