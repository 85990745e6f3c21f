/** Writes a run in small appends as fast as it can and prints the last step of each one once it is committed. */

import { writeSync } from 'node:fs';
import { Store } from '../../../../electron/store/store.ts';
import { checkpoint, chunk, newRun, RUN_A } from '../run-samples.ts';

const path = process.argv[2];
if (path === undefined) throw new Error('expected the path of a database');
const store = new Store({ path, program: 'the app' });
store.handle('run:create', newRun());
const bytes = new Uint8Array(50_000);
for (let step = 0; ; step += 10) {
  const values = Array.from({ length: 10 }, (_, i) => step + i);
  bytes.fill(step % 251);
  store.handle('run:append', {
    id: RUN_A,
    status: 'running',
    chunks: [chunk(step, values), chunk(step, values, { metric: 'accuracy' })],
    step: step + 10,
    checkpoints: [checkpoint(step + 10, bytes)],
  });
  // Straight to the pipe: what the parent reads was committed before.
  writeSync(1, `${step + 9}\n`);
}
