/** What a diverged run's health says of its last gradient: which layer's, whose norm, and whether anything was updated by it. */

import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import { healthLayers, healthWidth, type HealthSamples } from '../../../engine/spec/health.ts';
import { isRefused, LARGEST_GRADIENT_NORM, lastGradient } from '../../../engine/spec/last-gradient.ts';
import { expandLayers } from '../../../engine/spec/run-spec.ts';
import { randomClasses, specOf, trainerOf } from '../../support/runs.ts';

const data = randomClasses(70, [30], 3, { validation: 20 });
const dense = (units: number) => [{ type: 'affine', units }, { type: 'relu' }] as const;

/** Trains to the end, or to where it diverges, and takes the samples as a session does. */
function trained(lr: number) {
  const spec = specOf({
    model: { layers: [...dense(40), ...dense(40), ...dense(40), { type: 'affine', units: 3 }] },
    optimizer: { type: 'sgd', lr },
    training: { batchSize: 10, epochs: 3, health: { everySteps: 1 } },
  });
  const trainer = trainerOf(createReferenceKernels(), spec, data);
  const layers = healthLayers(expandLayers(spec.model.layers));
  const steps: number[] = [];
  const rows: number[] = [];
  const take = (): void => {
    steps.push(trainer.step);
    rows.push(...trainer.health());
  };
  take();
  while (!trainer.done) {
    const { epochEnded, diverged } = trainer.trainStep();
    if (trainer.healthDue()) take();
    if (epochEnded && !diverged) trainer.finishEpoch();
  }
  const values = Float32Array.from(rows);
  const samples: HealthSamples = {
    steps: Int32Array.from(steps),
    values,
    elapsedMs: new Float32Array(steps.length),
    total: steps.length,
  };
  const norm = (at: number, row: number): number => values[at * healthWidth(layers) + row * 6] ?? NaN;
  return { trainer, layers, samples, norm, end: { stepsDone: trainer.step, clipNorm: spec.optimizer.clipNorm } };
}

describe('the last gradient', () => {
  test('of a run that its gradient ended is that of the refused update, in the layer the run names', () => {
    const { trainer, layers, samples, norm, end } = trained(1e3);
    expect(trainer.divergence?.problem.message).toContain('the gradient of');
    const last = lastGradient(samples, layers, end);
    expect(last).toMatchObject({ refused: true, step: trainer.step });
    expect(last?.norm).toBeGreaterThan(LARGEST_GRADIENT_NORM);
    // Both name the layer by the same norms, whichever tensor has the largest single value.
    expect(trainer.divergence?.tensor).toContain(`${last?.layer.name}, `);
    // The sample before it, at the same number of updates, is of an update that was made.
    const [made, refused] = [samples.steps.length - 2, samples.steps.length - 1];
    expect(samples.steps[made]).toBe(samples.steps[refused]);
    expect(isRefused(samples, layers, made, end)).toBe(false);
    const row = layers.findIndex(({ name }) => name === last?.layer.name);
    expect(last?.trend.slice(-2)).toEqual([norm(made, row), norm(refused, row)]);
    // Nothing is measured before the first update.
    expect(last?.trend).toHaveLength(samples.steps.length - 1);
  });

  test('of a run that went well is that of its last update', () => {
    const { trainer, layers, samples, end } = trained(0.01);
    expect(trainer.divergence).toBeNull();
    expect(lastGradient(samples, layers, end)).toMatchObject({ refused: false, step: trainer.step });
  });

  test('one that is not finite was refused; the layer nearest to the loss is named', () => {
    const { layers, samples, end } = trained(0.01);
    const spoilt = { ...samples, values: samples.values.slice() };
    const begin = (samples.steps.length - 1) * healthWidth(layers);
    spoilt.values[begin + 6] = Infinity;
    spoilt.values[begin + 12] = NaN;
    const last = lastGradient(spoilt, layers, { ...end, clipNorm: 1 });
    expect(last).toMatchObject({ refused: true, norm: Infinity });
    expect(last?.layer.name).toBe('affine 3');
    expect(last?.trend.at(-1)).toBeNaN();
  });

  test('a long one that was clipped led to an update', () => {
    const { layers, samples, end } = trained(1e3);
    const at = samples.steps.length - 1;
    expect(isRefused(samples, layers, at, end)).toBe(true);
    expect(isRefused(samples, layers, at, { ...end, clipNorm: 1 })).toBe(false);
  });

  test('is none where nothing was measured', () => {
    const { layers, end } = trained(0.01);
    const none = { steps: new Int32Array(), values: new Float32Array(), elapsedMs: new Float32Array(), total: 0 };
    expect(lastGradient(none, layers, end)).toBeNull();
  });
});
