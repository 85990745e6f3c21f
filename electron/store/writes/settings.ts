/** Small JSON values by key. */

import type { ReadableDatabase, WritableDatabase } from '../database.ts';

export function readSetting(db: ReadableDatabase, key: string): unknown {
  const row = db.get<{ value: string }>('SELECT value FROM setting WHERE key = ?', [key]);
  return row === undefined ? null : (JSON.parse(row.value) as unknown);
}

export function writeSetting(db: WritableDatabase, key: string, value: unknown): void {
  db.run('INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', [
    key,
    JSON.stringify(value ?? null),
  ]);
}
