/** Writes a run as the app's journal does: an append that failed is kept, and tried again. Prints each failure. */

import { StudioFailure } from '../../../../electron/contract/outcome.ts';
import type { RunAppend } from '../../../../electron/contract/store-requests.ts';
import { Store } from '../../../../electron/store/store.ts';
import { chunk, newRun, RUN_A } from '../run-samples.ts';

const path = process.argv[2];
if (path === undefined) throw new Error('expected the path of a database');
const store = new Store({ path, program: 'the app' });
store.handle('run:create', newRun());

function write(append: RunAppend): void {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      store.handle('run:append', append);
      return;
    } catch (error) {
      if (!(error instanceof StudioFailure)) throw error;
      process.stdout.write(`failed ${error.error.message.includes('FSYNC') ? 'fsync' : error.error.message}\n`);
    }
  }
  throw new Error('it never worked');
}

for (let step = 0; step < 600; step += 10) {
  const values = Array.from({ length: 10 }, (_, i) => step + i);
  write({ id: RUN_A, status: 'running', chunks: [chunk(step, values)], step: step + 10 });
}
store.close();
