/** A database that cannot be written in place, copied to where it can be opened. */

import { chmod, copyFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from './json-file.ts';

/** The write-ahead log holds what was committed last; the shared index is made again when the copy is opened. */
const PARTS = ['', '-wal'] as const;

/** Copies the database into `folder`. Without one, the path of a database to be made there. */
export async function copyDatabase(database: string, folder: string): Promise<string> {
  const copy = join(folder, basename(database));
  for (const part of PARTS) {
    try {
      await copyFile(database + part, copy + part);
      await chmod(copy + part, 0o600);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
  return copy;
}

/** Removes a copy and what lies beside it. */
export async function removeDatabase(copy: string): Promise<void> {
  for (const part of [...PARTS, '-shm', '-lock']) await rm(copy + part, { force: true });
}
