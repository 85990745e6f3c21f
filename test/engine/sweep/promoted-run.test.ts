import { describe, expect, it } from 'vitest';
import { parseSweepSpec } from '../../../engine/spec/parse-sweep-spec.ts';
import type { SweepSpec } from '../../../engine/spec/sweep-spec.ts';
import { promotedRunSpec } from '../../../engine/sweep/promoted-run.ts';

function sweep(changes: object = {}, training: object = { epochs: 5 }, base: object = {}): SweepSpec {
  const parsed = parseSweepSpec({
    base: {
      data: { source: 'iris' },
      model: { layers: [{ type: 'affine', units: 3 }] },
      optimizer: { type: 'sgd', lr: 0.1 },
      training,
      ...base,
    },
    space: { 'optimizer.lr': { type: 'uniform', min: 0.1, max: 1 } },
    ...changes,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.spec;
}

function trainingOf(spec: SweepSpec, ...reports: number[][]) {
  const parsed = promotedRunSpec(spec, { number: 0, params: { 'optimizer.lr': 0.5 }, reports });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.spec.training;
}

describe('how long a promoted trial trains', () => {
  it('to the first best epoch when the objective takes the best value', () => {
    expect(trainingOf(sweep(), [0.2, 0.9, NaN, 0.9, 0.1]).epochs).toBe(2);
    expect(trainingOf(sweep({ objective: { metric: 'loss' } }), [0.9, 0.5, 0.4, 0.6]).epochs).toBe(3);
  });

  it('as long as the trial when the objective takes the last', () => {
    expect(trainingOf(sweep({ objective: { at: 'last' } }), [0.2, 0.9, 0.3, 0.1]).epochs).toBe(4);
  });

  it('as long as the trial when the learning rate is stretched over the run', () => {
    const schedule = { type: 'warmup-cosine', warmup: 1, min: 0 };
    expect(trainingOf(sweep({}, { epochs: 5 }, { schedule }), [0.2, 0.9, 0.3, 0.1, 0.1]).epochs).toBe(5);
  });

  it('for the median of the repeats', () => {
    const spec = sweep({ seedsPerTrial: 4 });
    expect(trainingOf(spec, [1, 0], [0, 1], [0, 0, 0, 1], [0, 0, 1]).epochs).toBe(3);
  });

  it('in epochs, without what needs a validation split', () => {
    const early = { steps: 40, earlyStopping: { patience: 2 }, evaluate: 'best' };
    const training = trainingOf(sweep({}, early), [0.1, 0.2, 0.3]);
    expect(training).toMatchObject({ epochs: 3, earlyStopping: null, evaluate: 'last' });
    expect(training).not.toHaveProperty('steps');
    expect(() => trainingOf(sweep())).toThrow(RangeError);
  });
});
