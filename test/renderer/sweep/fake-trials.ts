/** Made-up trials of a sweep for tests. Deterministic. */

import type { TrialRow } from '../../../electron/contract/sweeps.ts';
import type { SweepId } from '../../../engine/spec/ids.ts';
import { parseSweepSpec } from '../../../engine/spec/parse-sweep-spec.ts';
import type { SweepSpec, SweepSpecInput } from '../../../engine/spec/sweep-spec.ts';

export function sweepSpec(change: Partial<SweepSpecInput> = {}): SweepSpec {
  const parsed = parseSweepSpec({
    base: {
      data: { source: 'digits' },
      model: { layers: [{ type: 'affine', units: 20 }, { type: 'relu' }, { type: 'affine', units: 10 }] },
      optimizer: { type: 'sgd', lr: 0.1 },
      training: { epochs: 10 },
    },
    space: {
      'optimizer.lr': { type: 'log-uniform', min: 1e-4, max: 1 },
      'optimizer.type': { type: 'choice', values: ['sgd', 'adam'] },
    },
    trials: 20,
    ...change,
  } satisfies SweepSpecInput);
  if (!parsed.ok) throw new Error(parsed.issues.map((issue) => `${issue.path}: ${issue.message}`).join('\n'));
  return parsed.spec;
}

/** A completed trial; give what matters to the test. */
export function fakeTrial(number: number, change: Partial<TrialRow> = {}): TrialRow {
  return {
    sweep: '000000000001' as SweepId,
    number,
    params: { 'optimizer.lr': 0.01 * (number + 1), 'optimizer.type': number % 2 === 0 ? 'sgd' : 'adam' },
    byHand: false,
    status: 'completed',
    score: 0.9,
    scores: [0.9],
    epochs: 10,
    epochsPlanned: 10,
    reason: null,
    runs: [],
    durationMs: 1000 + number,
    startedAt: 0,
    endedAt: 1,
    ended: number,
    validationRows: 360,
    ...change,
  };
}
