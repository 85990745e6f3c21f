/** The run a trial consists of. */

import { applyParams } from '../spec/apply-params.ts';
import type { ParsedRunSpec, RunSpec } from '../spec/run-spec.ts';
import type { SweepSpec } from '../spec/sweep-spec.ts';
import { runSeed } from './seeds.ts';
import type { Trial } from './trial.ts';

/** Run spec of one repeat of a trial: the base with the parameters, the sweep's length and a seed of its own. */
export function trialRunSpec(spec: SweepSpec, trial: Pick<Trial, 'number' | 'params'>, repeat: number): ParsedRunSpec {
  const base: RunSpec = {
    ...spec.base,
    name: runName(spec, trial.number, repeat),
    seed: runSeed(spec.seed, trial.number, repeat),
    training: withEpochs(spec.base.training, spec.epochsPerTrial),
  };
  return applyParams(base, trial.params);
}

function withEpochs(training: RunSpec['training'], epochs: number | null): RunSpec['training'] {
  if (epochs === null) return training;
  const { steps: _steps, ...rest } = training;
  return { ...rest, epochs };
}

function runName({ name, seedsPerTrial }: SweepSpec, trial: number, repeat: number): string {
  const end = ` · trial ${trial}${seedsPerTrial > 1 ? ` · seed ${repeat + 1} of ${seedsPerTrial}` : ''}`;
  return name.slice(0, 200 - end.length) + end;
}
