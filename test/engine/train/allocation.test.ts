/** A training step makes no arrays, views, closures or objects: what V8 boxes for a dozen numbers is all there is. */

import { expect, test } from 'vitest';
import type { RunSpecInput } from '../../../engine/spec/run-spec.ts';
import { KERNELS } from '../../support/kernels.ts';
import { randomClasses, specOf, trainerOf } from '../../support/runs.ts';

/** Two thousand steps of a compiled kernel box about 100 bytes each; one small array a step would double that. */
const MOST_BYTES = 190;
const compiled = KERNELS.filter(({ name }) => !name.startsWith('reference'));

const cases = compiled.flatMap(({ name, kernels }) => [
  { name, kernels, health: { enabled: false } },
  { name: `${name}, looking at every step`, kernels, health: { everySteps: 1 } },
]);

test.skipIf(compiled.length === 0).each(cases)('$name', ({ kernels, health }) => {
  const layers = [
    { type: 'affine', units: 12 },
    { type: 'batch-norm' },
    { type: 'relu' },
    { type: 'dropout', rate: 0.2 },
    { type: 'affine', units: 3 },
  ] as RunSpecInput['model']['layers'];
  const spec = specOf({
    model: { layers },
    optimizer: { type: 'adam', lr: 0.01, weightDecay: 0.01, clipNorm: 1 },
    schedule: { type: 'warmup-cosine', warmup: 10 },
    training: { batchSize: 10, steps: 1_000_000, sampling: 'replacement', histograms: { enabled: false }, health },
  });
  const trainer = trainerOf(kernels, spec, randomClasses(20_000, [6], 3));
  const bytesAStep = (): number => {
    const steps = 1000;
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < steps; i++) {
      trainer.trainStep();
      if (trainer.healthDue()) trainer.health();
    }
    return (process.memoryUsage().heapUsed - before) / steps;
  };
  const finish = (): void => void trainer.finishEpoch();
  // V8 compiles beside the training: on a busy machine it takes many rounds until it sees what may stay out of the heap.
  const measured: number[] = [];
  for (let round = 0; round < 200; round++) {
    if (trainer.step % trainer.stepsPerEpoch === 0 && trainer.step > 0) finish();
    measured.push(bytesAStep());
    if (settled(measured) < MOST_BYTES) break;
  }
  expect(settled(measured)).toBeLessThan(MOST_BYTES);
});

/** The median of the last 20 rounds, less those with a collection in them; infinite while there are too few. */
function settled(measured: readonly number[]): number {
  const bytes = measured.slice(-20).filter((value) => value > 0);
  bytes.sort((a, b) => a - b);
  return bytes.length > 5 && measured.length >= 20 ? (bytes[Math.floor(bytes.length / 2)] ?? Infinity) : Infinity;
}
