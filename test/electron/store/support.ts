/** Stores in temporary folders. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Store } from '../../../electron/store/store.ts';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'descent-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A new store; closed when the test ends unless the test closed it. */
export function openStore(path = join(temporaryFolder(), 'descent.sqlite3')): Store {
  const store = new Store({ path, program: 'the command line' });
  onTestFinished(() => store.close());
  return store;
}
