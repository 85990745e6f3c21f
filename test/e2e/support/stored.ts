/** The database as it lies on the disk, read by the test itself after the app has closed. */

import Database from 'better-sqlite3';
import { join } from 'node:path';

export interface StoredRun {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly spec: string;
  readonly steps_done: number;
  readonly epochs_done: number;
  readonly best_validation_accuracy: number | null;
  readonly weights_sha256: string | null;
}

export interface StoredCurve {
  readonly steps: Int32Array;
  readonly values: Float32Array;
}

export interface StoredHistogram {
  readonly layer: number;
  readonly step: number;
  readonly edges: Float32Array;
  readonly counts: Uint32Array;
  readonly below: number;
  readonly above: number;
}

export class StoredRuns {
  readonly #database: Database.Database;

  /** Opens the database of a home folder for reading. */
  constructor(home: string) {
    this.#database = new Database(join(home, 'descent.db'), { readonly: true, fileMustExist: true });
  }

  /** 'ok' for a sound database. */
  integrity(): string {
    return String(this.#database.pragma('integrity_check', { simple: true }));
  }

  runs(): StoredRun[] {
    return this.#database.prepare<[], StoredRun>('SELECT * FROM run ORDER BY number').all();
  }

  run(id: string): StoredRun {
    const row = this.#database.prepare<[string], StoredRun>('SELECT * FROM run WHERE id = ?').get(id);
    if (row === undefined) throw new Error(`there is no run ${id} in the database`);
    return row;
  }

  curve(id: string, metric: string, split: string): StoredCurve {
    const chunks = this.#database
      .prepare<[string, string, string], { steps: Buffer; values: Buffer }>(
        `SELECT steps, "values" FROM metric_chunk JOIN metric_series s ON s.id = series JOIN run r ON r.number = s.run
         WHERE r.id = ? AND metric = ? AND split = ? ORDER BY metric_chunk.first_step`,
      )
      .all(id, metric, split);
    const steps = Buffer.concat(chunks.map((chunk) => chunk.steps));
    const values = Buffer.concat(chunks.map((chunk) => chunk.values));
    return { steps: new Int32Array(aligned(steps)), values: new Float32Array(aligned(values)) };
  }

  histograms(id: string, kind: string): StoredHistogram[] {
    return this.#database
      .prepare<
        [string, string],
        { layer: number; step: number; edges: Buffer; counts: Buffer; below: number; above: number }
      >(
        `SELECT layer, step, edges, counts, below, above FROM histogram_frame
         JOIN histogram_series s ON s.id = series JOIN run r ON r.number = s.run
         WHERE r.id = ? AND kind = ? ORDER BY layer, step`,
      )
      .all(id, kind)
      .map((row) => ({
        ...row,
        edges: new Float32Array(aligned(row.edges)),
        counts: new Uint32Array(aligned(row.counts)),
      }));
  }

  close(): void {
    this.#database.close();
  }
}

/** The bytes alone, at an address typed arrays accept. */
function aligned(bytes: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}
