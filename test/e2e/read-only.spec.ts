/** A home folder that cannot be written: everything can be looked at, nothing is trained, and the app says so. */

import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fillDigitsForm, goTo, openForm, openRun, rowOf, train, waitForStatus } from './support/pages.ts';
import { cannotWrite, obedientElectron } from './support/fault-tools.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

test('a read-only home is looked at', async ({ launch }) => {
  const executable = await obedientElectron();
  test.skip(executable === 'impossible', 'permission bits do not stop root here, and setpriv cannot make them');
  const writable = await launch();
  await openForm(writable);
  await fillDigitsForm(writable, 3);
  const id = await train(writable);
  await waitForStatus(writable, 'completed');
  await writable.close();
  const { home } = writable;
  const before = await readdir(home);
  for (const name of before) await chmod(join(home, name), name === 'chromium' ? 0o555 : 0o444);
  await chmod(home, 0o555);
  try {
    // The fault is real: whoever is started like this cannot write there.
    expect(cannotWrite(join(home, 'probe'))).toBe(true);
    const studio = await launch({ home, ...(executable === null ? {} : { executable }) });
    expect(await studio.invoke('app:info', undefined)).toMatchObject({ readOnly: true });
    await goTo(studio, 'runs');
    await expect(rowOf(studio, id)).toBeVisible();
    await openRun(studio, id);
    await waitForStatus(studio, 'completed');
    await goTo(studio, 'runs');
    await expect(studio.byId(TEST_ID.newRun)).toBeDisabled();
    await expect(studio.byId(TEST_ID.statusBar)).toContainText(/read-only/i);
    const refused = await studio.page.evaluate(
      (run) => window.studio.invoke('run:rename', { id: run, name: 'new name' }),
      id,
    );
    expect(refused).toMatchObject({ ok: false, error: { code: 'read_only' } });
    await expectCleanPage(studio);
    await studio.close();
    expect(await readdir(home)).toEqual(before);
    expect((await stat(join(home, 'descent.db'))).mode & 0o222).toBe(0);
  } finally {
    await chmod(home, 0o755);
    for (const name of before) await chmod(join(home, name), 0o755);
  }
});
