/** Copies the rows of a table that can be read out of a damaged database, and steps over the ones that cannot. */

import { sqliteCode } from '../errors.ts';
import type { SqliteConnection } from '../sqlite.ts';

interface ColumnInfo {
  readonly name: string;
  readonly type: string;
  /** Place in the primary key, from 1; 0: none. */
  readonly pk: number;
}

/** What came of one table. */
export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
  /** True when some place of the table could not be read. */
  readonly damaged: boolean;
}

/** Beyond this many keys in a row without a readable one, the rest of a table is given up. */
const LARGEST_GAP = 2 ** 40;

/**
 * Both databases have the table; columns only one of them has are left out, and so are rows the target's constraints
 * refuse: their values are not the ones that were written.
 */
export function copyTable(from: SqliteConnection, to: SqliteConnection, table: string): CopiedTable {
  const columns = commonColumns(from, to, table);
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const marks = columns.map(() => '?').join(', ');
  const insert = to.prepare(`INSERT OR REPLACE INTO ${quoted(table)} (${names}) VALUES (${marks})`);
  const key = keyOf(from, table);
  let rows = 0;
  let damaged = false;
  /** null: from the start. */
  let after: unknown = null;
  for (;;) {
    const where = after === null ? '' : `WHERE ${key.name} > ?`;
    const read = `SELECT ${key.name} AS "after", ${names} FROM ${quoted(table)} ${where} ORDER BY ${key.name}`;
    try {
      for (const row of from
        .prepare(read)
        .raw()
        .iterate(...(after === null ? [] : [after])) as Iterable<unknown[]>) {
        after = row[0];
        if (isTaken(() => insert.run(...row.slice(1)))) rows++;
        else damaged = true;
      }
      return { table, rows, damaged };
    } catch (error) {
      if (!isDamage(error)) throw error;
      damaged = true;
      const next = key.isNumber ? keyBeforeReadable(from, table, key.name, Number(after ?? 0)) : null;
      if (next === null) return { table, rows, damaged };
      after = next;
    }
  }
}

function isTaken(insert: () => unknown): boolean {
  try {
    insert();
    return true;
  } catch (error) {
    if (/^SQLITE_(CONSTRAINT|MISMATCH)/.test(sqliteCode(error) ?? '')) return false;
    throw error;
  }
}

/** Damage may call itself a lack of memory: a length read from a broken page is anything. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error) ?? '';
  return ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_NOMEM', 'SQLITE_IOERR'].some((prefix) => code.startsWith(prefix));
}

function commonColumns(from: SqliteConnection, to: SqliteConnection, table: string): ColumnInfo[] {
  const there = new Set(columnsOf(to, table).map(({ name }) => name));
  return columnsOf(from, table).filter(({ name }) => there.has(name));
}

function columnsOf(connection: SqliteConnection, table: string): ColumnInfo[] {
  return connection.pragma(`table_info(${quoted(table)})`) as ColumnInfo[];
}

/** Tables without a rowid are read along their primary key's first column, of which several rows may share a value. */
function keyOf(from: SqliteConnection, table: string): { readonly name: string; readonly isNumber: boolean } {
  const { sql } = from.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) as {
    sql: string;
  };
  if (!/WITHOUT\s+ROWID/i.test(sql)) return { name: 'rowid', isNumber: true };
  const first = columnsOf(from, table).find(({ pk }) => pk === 1);
  return { name: quoted(first?.name ?? 'rowid'), isNumber: first?.type === 'INTEGER' };
}

/** The largest key below the next readable row, found by doubling the gap and halving it again; null when there is none. */
function keyBeforeReadable(from: SqliteConnection, table: string, key: string, after: number): number | null {
  const probe = from.prepare(`SELECT 1 FROM ${quoted(table)} WHERE ${key} > ? ORDER BY ${key} LIMIT 1`);
  const readable = (gap: number): boolean | 'end' => {
    try {
      return probe.get(after + gap) === undefined ? 'end' : true;
    } catch (error) {
      if (isDamage(error)) return false;
      throw error;
    }
  };
  let [bad, good] = [0, 1];
  for (;;) {
    const found = readable(good);
    if (found === true) break;
    if (found === 'end' || good > LARGEST_GAP) return null;
    [bad, good] = [good, good * 2];
  }
  while (good - bad > 1) {
    const middle = Math.floor((bad + good) / 2);
    if (readable(middle) === true) good = middle;
    else bad = middle;
  }
  return after + good;
}

/** A name as SQL has it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
