/** Runs on a disk without room: held back, and what is ordered meanwhile. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { endlessSpec, onDisk, TestStudio } from './studio.ts';

async function heldBack() {
  const disk = { full: false };
  const studio = new TestStudio({ storeOf: onDisk(disk, 'run:append') });
  const id = await studio.start(endlessSpec());
  await studio.next('epoch');
  const unsaved = studio.next('saved');
  const paused = studio.next('progress', ({ status }) => status === 'paused');
  disk.full = true;
  expect(await unsaved).toBe(false);
  await paused;
  const statusNow = (): unknown => studio.runs.progress()[0]?.status;
  const save = async (): Promise<void> => {
    disk.full = false;
    await studio.runs.retrySave();
    // What follows from an order has followed by then.
    await sleep(300);
  };
  return { studio, id, statusNow, save };
}

describe('a run that cannot be saved', () => {
  it('is held back, and goes on by itself once it can be', async () => {
    const { statusNow, save } = await heldBack();
    await expect(sleep(100).then(statusNow)).resolves.toBe('paused');
    await save();
    await expect.poll(statusNow).toBe('running');
  });

  it('stays paused when someone has paused it meanwhile', async () => {
    const { studio, id, statusNow, save } = await heldBack();
    await studio.runs.control(id, 'pause');
    await save();
    expect(statusNow()).toBe('paused');
  });

  it('trains nothing when it is told to go on, until it can be saved', async () => {
    const { studio, id, statusNow, save } = await heldBack();
    await studio.runs.control(id, 'pause');
    await studio.runs.control(id, 'resume');
    await expect(sleep(300).then(statusNow)).resolves.toBe('paused');
    await save();
    await expect.poll(statusNow).toBe('running');
  });
});
