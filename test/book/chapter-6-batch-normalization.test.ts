/**
 * Chapter 6, "Evaluating batch normalization": five hidden layers, 1,000 pictures, 20 epochs, weights drawn with 16
 * standard deviations from 1 to 0.0001. With batch norm the network learns at every one of them, without it at few.
 */

import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Workplace } from '../electron/cli/support.ts';

const example = (name: string): string => fileURLToPath(new URL(`../../examples/book/${name}.json`, import.meta.url));
/** Far above the 10 % of guessing. */
const LEARNT = 0.4;

async function learntAt(name: string): Promise<boolean[]> {
  const work = new Workplace();
  const { status, lines } = await work.run(['sweep', example(name), '--json', '--workers', '2'], {
    DESCENT_KERNELS: 'wasm',
  });
  expect(status).toBe(0);
  const trials = lines().filter(({ event }) => event === 'trial');
  return trials.sort((a, b) => Number(a['trial']) - Number(b['trial'])).map(({ score }) => Number(score ?? 0) > LEARNT);
}

test('batch norm lets a network learn from weights of any scale', async () => {
  expect(await learntAt('sweep-batch-norm-on')).toEqual(Array.from({ length: 16 }, () => true));
});

test('without it few scales do', async () => {
  const learnt = await learntAt('sweep-batch-norm-off');
  expect(learnt).toHaveLength(16);
  const count = learnt.filter(Boolean).length;
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(5);
});
