/** The first start: an empty state from which one click trains the book's net on the bundled digits. */

import { goTo, shownRun, waitForStatus } from './support/pages.ts';
import { StoredRuns } from './support/stored.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

test('one click trains the book’s net', async ({ launch }) => {
  const studio = await launch();
  await expect(studio.byId(TEST_ID.runsEmpty)).toBeVisible();
  await expect(studio.byId(TEST_ID.runsTable)).toHaveCount(0);
  await studio.byId(TEST_ID.emptyTrainDigits).click();
  const id = await shownRun(studio);
  await waitForStatus(studio, 'completed');
  await expectCleanPage(studio);
  await goTo(studio, 'runs');
  await expect(studio.byId(TEST_ID.runRow)).toHaveCount(1);
  await expect(studio.byId(TEST_ID.runsEmpty)).toHaveCount(0);
  await studio.close();

  const stored = new StoredRuns(studio.home);
  expect(stored.integrity()).toBe('ok');
  const run = stored.run(id);
  expect(run.status).toBe('completed');
  expect(JSON.parse(run.spec)).toMatchObject({
    data: { source: 'digits' },
    model: { layers: [{ type: 'affine', units: 50 }, { type: 'sigmoid' }, { type: 'affine', units: 10 }] },
    optimizer: { type: 'sgd' },
  });
  expect(run.best_validation_accuracy).toBeGreaterThan(0.9);
  stored.close();
});
