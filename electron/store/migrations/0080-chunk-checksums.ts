import type { Migration } from './migration.ts';

/** SQLite does not notice a damaged page that holds nothing but a BLOB's bytes; curves carry a checksum of their own. */
export const chunkChecksums: Migration = {
  version: 80,
  name: 'chunk checksums',
  sql: `
    -- CRC-32 of the steps' and then the values' bytes; NULL for chunks written before there was one.
    ALTER TABLE metric_chunk ADD COLUMN crc32 INTEGER;
  `,
};
