/** `kill -9` in the middle of a run: nothing that was acknowledged is lost, and the run can go on. */

import { fillDigitsForm, numberOf, openForm, openRun, rowOf, goTo, train, waitForStatus } from './support/pages.ts';
import { StoredRuns } from './support/stored.ts';
import { expect, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

for (const afterMs of [700, 1900, 3300]) {
  test(`killed ${afterMs} ms into a run`, async ({ launch }) => {
    const studio = await launch();
    await openForm(studio);
    await fillDigitsForm(studio, 100_000);
    const id = await train(studio);
    await expect.poll(() => numberOf(studio, TEST_ID.runStepCounter)).toBeGreaterThan(0);
    // What the app says is saved, read as late as can be.
    await studio.page.evaluate((runId) => {
      const state = { saved: -1 };
      Reflect.set(window, '__state', state);
      window.studio.openFeed((frame) => {
        for (const run of frame.progress) if (run.id === runId) state.saved = Math.max(state.saved, run.savedStep);
      });
    }, id);
    await studio.page.waitForTimeout(afterMs);
    const acknowledged = await studio.page.evaluate(() => (Reflect.get(window, '__state') as { saved: number }).saved);
    await studio.kill('SIGKILL');

    const stored = new StoredRuns(studio.home);
    expect(stored.integrity()).toBe('ok');
    const { steps, values } = stored.curve(id, 'loss', 'batch');
    stored.close();
    expect(acknowledged).toBeGreaterThan(0);
    expect(steps.at(-1)).toBeGreaterThanOrEqual(acknowledged - 1);
    // No hole: every step from the first to the last, each once.
    expect([...steps]).toEqual(Array.from(steps, (_, i) => i));
    expect(values.every((value) => Number.isFinite(value))).toBe(true);

    const again = await launch({ home: studio.home });
    await goTo(again, 'runs');
    await expect(rowOf(again, id)).toHaveAttribute('data-status', 'interrupted');
    await openRun(again, id);
    await waitForStatus(again, 'interrupted');
    await again.byId(TEST_ID.runContinue).click();
    await waitForStatus(again, 'running');
    const resumed = await numberOf(again, TEST_ID.runStepCounter);
    await expect.poll(() => numberOf(again, TEST_ID.runStepCounter)).toBeGreaterThan(resumed + 50);
    await again.byId(TEST_ID.runStop).click();
    await waitForStatus(again, 'stopped');
    await again.close();

    const after = new StoredRuns(studio.home);
    const whole = after.curve(id, 'loss', 'batch');
    expect([...whole.steps]).toEqual(Array.from(whole.steps, (_, i) => i));
    // What was there before the kill and is not trained again is as it was.
    const kept = Math.min(steps.length, resumed);
    expect(whole.values.slice(0, kept)).toEqual(values.slice(0, kept));
    after.close();
  });
}
