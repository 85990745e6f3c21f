/** What a run leads to: a state kept, a fork with another setting, the same once more, and a diverged run mended. */

import type { RunId } from '../../engine/spec/ids.ts';
import { fill, openRun, shownRun, waitForStatus } from './support/pages.ts';
import type { StudioApp } from './support/studio-app.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

const HIDDEN = [{ type: 'affine', units: 32 }, { type: 'relu' }] as const;

async function trained(studio: StudioApp, lr: number, status: string, depth = 1): Promise<RunId> {
  const id = (await studio.invoke('run:start', {
    spec: {
      data: { source: 'digits' },
      model: { layers: [...Array.from({ length: depth }, () => HIDDEN).flat(), { type: 'affine', units: 10 }] },
      optimizer: { type: 'sgd', lr },
      training: { epochs: 6, batchSize: 32, checkpoint: { everyEpochs: 1 } },
    },
  })) as RunId;
  await openRun(studio, id);
  await waitForStatus(studio, status);
  return id;
}

async function losses(studio: StudioApp, id: RunId): Promise<Map<number, number>> {
  const { steps, values } = await studio.invoke('curve:read', { id, metric: 'loss', split: 'batch', maxPoints: null });
  return new Map(Array.from(steps, (step, i) => [step, values[i] ?? NaN]));
}

test('a checkpoint is kept and forked with another rate; the run itself is repeated number for number', async ({
  launch,
}) => {
  const studio = await launch();
  const id = await trained(studio, 0.1, 'completed');
  await studio.byId(TEST_ID.runMore).click();
  await studio.byId(TEST_ID.runCheckpoints).click();
  const middle = studio.byId(TEST_ID.checkpoint).nth(2);
  const step = Number(await middle.getAttribute('data-step'));
  expect(step).toBeGreaterThan(0);
  await middle.getByTestId(TEST_ID.checkpointKeep).click();
  await expect(middle.getByTestId(TEST_ID.checkpointKeep)).toHaveAttribute('aria-pressed', 'true');
  const { checkpoints } = await studio.invoke('run:get', { id });
  expect(checkpoints.filter(({ kept }) => kept).map((checkpoint) => checkpoint.step)).toEqual([step]);

  await middle.getByTestId(TEST_ID.checkpointFork).click();
  await fill(studio, TEST_ID.formLr, 0.02);
  await studio.byId(TEST_ID.formTrain).click();
  await expect(studio.byId(TEST_ID.runOrigin)).toHaveAttribute('data-run-id', id);
  const fork = await shownRun(studio);
  await waitForStatus(studio, 'completed');
  const [parent, child] = [await losses(studio, id), await losses(studio, fork)];
  expect(child.size).toBe(parent.size);
  const first = [...parent.keys()].find((at) => child.get(at) !== parent.get(at)) ?? -1;
  // The step after the fork still has the parent's weights; the one after that is the first of another rate.
  expect(first).toBe(step + 1);

  await openRun(studio, id);
  await studio.byId(TEST_ID.runMore).click();
  await studio.byId(TEST_ID.runRepeat).click();
  await expect(studio.byId(TEST_ID.pageRun)).not.toHaveAttribute('data-run-id', id);
  await waitForStatus(studio, 'completed');
  await expect(studio.byId(TEST_ID.runOrigin)).toHaveAttribute('data-run-id', id);
  await expect(studio.byId(TEST_ID.runRepeated)).toHaveAttribute('data-identical', 'true');
  expect(await losses(studio, await shownRun(studio))).toEqual(parent);
  await expectCleanPage(studio);
});

test('a diverged run says why in the person’s language, and its first repair goes on calmly', async ({ launch }) => {
  const studio = await launch({ settings: { language: 'zh-CN' } });
  const broken = await trained(studio, 1e5, 'diverged', 5);
  const message = studio.byId(TEST_ID.runMessage);
  await expect(message).toHaveText(/affine \d 的.*(梯度过大|不是有限数)。/);
  expect(await message.textContent()).not.toMatch(/gradient|finite|diverged/);

  await studio.byId(TEST_ID.runRepair).click();
  await expect(studio.byId(TEST_ID.formFork)).toBeVisible();
  // A tenth of 100,000, but no more than is usual for sgd.
  await expect(studio.byId(TEST_ID.formLr)).toHaveValue('0.5');
  await studio.byId(TEST_ID.formTrain).click();
  await expect(studio.byId(TEST_ID.runOrigin)).toHaveAttribute('data-run-id', broken);
  await waitForStatus(studio, 'completed');
  const { spec } = await studio.invoke('run:get', { id: await shownRun(studio) });
  expect(spec.optimizer).toMatchObject({ type: 'sgd', lr: 0.5 });
  await expectCleanPage(studio);
});
