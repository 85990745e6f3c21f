/** A database with a damaged page: whatever is asked, the answer is right or says that the file is damaged. */

import { copyFileSync, openSync, readFileSync, statSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StudioFailure } from '../../../electron/contract/outcome.ts';
import { unpackRows } from '../../../electron/contract/packed-rows.ts';
import { Store } from '../../../electron/store/store.ts';
import { checkpoint, chunk, epoch, newRun, RUN_A, started } from './run-samples.ts';
import { openStore, temporaryFolder } from './support.ts';

const PAGE = 4096;

function everything(store: Store): unknown[] {
  return [
    unpackRows(store.handle('run:list', { trash: false })),
    store.handle('run:get', { id: RUN_A }),
    store.handle('curve:read', { id: RUN_A, metric: 'loss', split: 'batch', maxPoints: null }),
    store.handle('curve:read', { id: RUN_A, metric: 'accuracy', split: 'batch', maxPoints: null }),
    store.handle('checkpoint:read', { id: RUN_A }),
    store.handle('run:append', { id: RUN_A, chunks: [chunk(3000, [1])] }),
  ];
}

/** 'same', 'different' or the code of the error. */
function outcome(path: string, wanted: unknown[]): string {
  let store: Store | null = null;
  try {
    store = new Store({ path, program: 'the command line' });
    const got = everything(store);
    return JSON.stringify(got) === JSON.stringify(wanted) ? 'same' : 'different';
  } catch (error) {
    if (!(error instanceof StudioFailure)) throw error;
    expect(error.error.message).toContain('damaged');
    return error.error.code;
  } finally {
    try {
      store?.close();
    } catch (error) {
      // Closing a damaged database may find the damage, too.
      expect(error).toBeInstanceOf(StudioFailure);
    }
  }
}

describe('a damaged page', () => {
  it('is never taken for data, and never deleted', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'db');
    const store = openStore(path);
    store.handle('run:create', newRun());
    const values = Array.from({ length: 3000 }, (_, i) => Math.sin(i));
    store.handle('run:append', {
      id: RUN_A,
      status: 'completed',
      started: { at: 1, report: started() },
      chunks: [chunk(0, values), chunk(0, values, { metric: 'accuracy' })],
      epochs: [epoch(1)],
      checkpoints: [checkpoint(3000, new Uint8Array(20_000).fill(9))],
    });
    store.close();
    const wanted = (() => {
      const copy = join(folder, 'whole');
      copyFileSync(path, copy);
      const whole = new Store({ path: copy, program: 'the app' });
      const result = everything(whole);
      whole.close();
      return result;
    })();

    const outcomes: string[] = [];
    for (let page = 1; page < statSync(path).size / PAGE; page++) {
      const copy = join(folder, `page-${page}`);
      copyFileSync(path, copy);
      const file = openSync(copy, 'r+');
      writeSync(file, Buffer.alloc(PAGE, 0xa5), 0, PAGE, page * PAGE);
      closeSync(file);
      outcomes.push(outcome(copy, wanted));
      expect(readFileSync(copy).length).toBeGreaterThan(0);
    }
    expect(new Set(outcomes)).toEqual(new Set(['same', 'database_damaged']));
    expect(outcomes.filter((word) => word === 'database_damaged').length).toBeGreaterThan(5);
  });
});
