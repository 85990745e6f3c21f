/** The run a trial is promoted to: its settings once more, on train and validation rows together. */

import { parseRunSpec, type ParsedRunSpec, type RunSpec } from '../spec/run-spec.ts';
import type { Objective, SweepSpec } from '../spec/sweep-spec.ts';
import { bestOf } from './objective.ts';
import { trialRunSpec } from './trial-run.ts';
import type { Trial } from './trial.ts';

/**
 * Run spec of a promoted trial: same parameters, seed and test split, no validation split, so nothing chooses an epoch
 * any more. Its length is `promotedEpochs`.
 */
export function promotedRunSpec(spec: SweepSpec, trial: Pick<Trial, 'number' | 'params' | 'reports'>): ParsedRunSpec {
  const run = trialRunSpec(spec, trial, 0);
  if (!run.ok) return run;
  const { epochs: _epochs, steps: _steps, ...training } = run.spec.training;
  const epochs = promotedEpochs(spec.objective, run.spec, trial.reports);
  return parseRunSpec({
    ...run.spec,
    name: promotedName(spec.name, trial.number),
    data: { ...run.spec.data, validation: 0 },
    training: { ...training, epochs, earlyStopping: null, evaluate: 'last' },
  } satisfies RunSpec);
}

/**
 * Passes over the data, as in Goodfellow, Bengio & Courville 2016, algorithm 7.2: with the rows that were held out
 * there is nothing left to stop by, so the number of passes comes from the search. Where the objective takes the best
 * epoch's value, that epoch; else as many as the trial trained. A schedule that stretches over the whole run needs
 * the whole run, so it keeps the trial's length. Of several repeats the median, the greater of the two in the middle.
 */
export function promotedEpochs(objective: Objective, run: RunSpec, reports: Trial['reports']): number {
  const atBest = objective.at === 'best' && !STRETCHED.includes(run.schedule.type);
  const lengths = reports.map((curve) => (atBest ? curve.indexOf(bestOf(objective, curve)) + 1 : curve.length));
  const sorted = lengths.filter((length) => length > 0).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) throw new RangeError('a trial without an epoch has no length to retrain for');
  return median;
}

/** Learning rates that depend on how long the run is. */
const STRETCHED: readonly RunSpec['schedule']['type'][] = ['warmup-cosine', 'one-cycle'];

function promotedName(sweep: string, trial: number): string {
  const end = ` · trial ${trial} promoted`;
  return sweep.slice(0, 200 - end.length) + end;
}
