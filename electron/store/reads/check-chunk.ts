/** Whether a chunk's bytes are the ones that were written. */

import { StudioFailure } from '../../contract/outcome.ts';
import { checksum } from '../blob.ts';

export interface StoredChunk {
  readonly steps: Buffer;
  readonly values: Buffer;
  /** null for chunks of an older program. */
  readonly crc32: number | null;
}

/** Throws a StudioFailure (`database_damaged`) when they are not. */
export function checkChunk({ steps, values, crc32 }: StoredChunk): void {
  if (crc32 === null || crc32 === checksum(steps, values)) return;
  throw new StudioFailure({
    code: 'database_damaged',
    message: 'a curve in the database is damaged: its bytes do not have the checksum they were saved with',
  });
}
