/** A page that crashes or is reloaded comes back, subscribes again and shows the whole curve; training goes on. */

import { chartTable, fillDigitsForm, numberOf, openForm, openRun, train, waitForStatus } from './support/pages.ts';
import type { StudioApp } from './support/studio-app.ts';
import { expect, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

async function pageIsBack(studio: StudioApp): Promise<void> {
  await expect
    .poll(() =>
      studio.electron.evaluate(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        return contents?.isCrashed() === false && !contents.isLoading();
      }),
    )
    .toBe(true);
}

for (const how of ['crashed', 'killed', 'reloaded'] as const) {
  test(`the run survives a page that is ${how}`, async ({ launch }) => {
    const studio = await launch();
    await openForm(studio);
    await fillDigitsForm(studio, 100_000);
    const id = await train(studio);
    await expect.poll(() => numberOf(studio, TEST_ID.runStepCounter)).toBeGreaterThan(200);
    const before = await numberOf(studio, TEST_ID.runStepCounter);

    const reloaded = studio.page.waitForEvent('load');
    if (how === 'reloaded') {
      await studio.page.reload();
    } else {
      const pid = await studio.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
      );
      if (how === 'killed') process.kill(pid ?? 0, 'SIGKILL');
      else {
        await studio.electron.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
        );
      }
    }
    await reloaded;
    await pageIsBack(studio);
    await openRun(studio, id);
    await waitForStatus(studio, 'running');
    await expect.poll(() => numberOf(studio, TEST_ID.runStepCounter)).toBeGreaterThan(before);
    await studio.byId(TEST_ID.runStop).click();
    await waitForStatus(studio, 'stopped');

    const { steps, values } = await studio.invoke('curve:read', {
      id,
      metric: 'loss',
      split: 'train',
      maxPoints: null,
    });
    const shown = (await chartTable(studio, TEST_ID.chartLoss)).get('train') ?? new Map<number, number>();
    expect([...shown.keys()]).toEqual([...steps]);
    expect([...shown.values()]).toEqual([...values]);
  });
}

test('a page that keeps crashing is given up after three reloads, and training goes on', async ({ launch }) => {
  const studio = await launch();
  await openForm(studio);
  await fillDigitsForm(studio, 100_000);
  await train(studio);
  await studio.electron.evaluate(({ dialog }) => {
    dialog.showMessageBox = (...args: unknown[]) => {
      Reflect.set(globalThis, '__asked', args.at(-1));
      return new Promise(() => undefined);
    };
  });
  for (let i = 0; i < 3; i++) {
    const loaded = studio.page.waitForEvent('load');
    await studio.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    await loaded;
    await pageIsBack(studio);
  }
  await studio.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  );
  await expect.poll(() => studio.electron.evaluate(() => Reflect.get(globalThis, '__asked') !== undefined)).toBe(true);
  expect(
    await studio.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.isCrashed()),
  ).toBe(true);
  expect(studio.hasEnded).toBe(false);
});
