/**
 * The handle the store's functions get: reads take a ReadableDatabase, writes a WritableDatabase, so a function that
 * reads cannot write by accident. Statements are prepared once and kept.
 */

import type BetterSqlite3 from 'better-sqlite3';
import type { SqliteConnection } from './sqlite.ts';

/** What SQLite takes and gives. Numbers are doubles: a NaN is bound as NULL, so floats that matter travel as BLOBs. */
export type SqlValue = string | number | bigint | Buffer | null;
export type SqlParameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;

export interface ReadableDatabase {
  all<Row>(sql: string, parameters?: SqlParameters): Row[];
  get<Row>(sql: string, parameters?: SqlParameters): Row | undefined;
}

export interface WritableDatabase extends ReadableDatabase {
  /** Number of rows changed. */
  run(sql: string, parameters?: SqlParameters): number;
  /** Runs a statement with RETURNING and gives its first row. */
  insert<Row>(sql: string, parameters?: SqlParameters): Row;
  exec(sql: string): void;
}

type Statement = BetterSqlite3.Statement<unknown[]>;

export class Database implements WritableDatabase {
  readonly connection: SqliteConnection;
  readonly #statements = new Map<string, Statement>();

  constructor(connection: SqliteConnection) {
    this.connection = connection;
  }

  all<Row>(sql: string, parameters: SqlParameters = []): Row[] {
    return this.#reading(sql).all(...spread(parameters)) as Row[];
  }

  get<Row>(sql: string, parameters: SqlParameters = []): Row | undefined {
    return this.#reading(sql).get(...spread(parameters)) as Row | undefined;
  }

  run(sql: string, parameters: SqlParameters = []): number {
    return this.#statement(sql).run(...spread(parameters)).changes;
  }

  insert<Row>(sql: string, parameters: SqlParameters = []): Row {
    const row = this.#statement(sql).get(...spread(parameters));
    if (row === undefined) throw new Error(`no row came back from: ${sql}`);
    return row as Row;
  }

  exec(sql: string): void {
    this.connection.exec(sql);
  }

  /** Runs `work` in one immediate transaction; an exception rolls it back. */
  transaction<T>(work: () => T): T {
    return this.connection.transaction(work).immediate();
  }

  /** The value of a pragma. */
  pragma(name: string): unknown {
    return this.connection.pragma(name, { simple: true });
  }

  #reading(sql: string): Statement {
    const statement = this.#statement(sql);
    if (!statement.readonly) throw new Error(`a read was asked to write: ${sql}`);
    return statement;
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.connection.prepare<unknown[]>(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function spread(parameters: SqlParameters): unknown[] {
  return Array.isArray(parameters) ? (parameters as unknown[]) : [parameters];
}
