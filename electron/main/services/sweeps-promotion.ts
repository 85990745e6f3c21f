/** Promotion: a trial's settings retrained with all rows, and the one time its test split is opened. */

import { say, word } from '../../../engine/spec/message.ts';
import type { RunId, SweepId } from '../../../engine/spec/ids.ts';
import { bestTrial } from '../../../engine/sweep/objective.ts';
import { promotedRunSpec } from '../../../engine/sweep/promoted-run.ts';
import type { SweepState } from '../../../engine/sweep/sweep-types.ts';
import type { Trial } from '../../../engine/sweep/trial.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import { conflict, invalidSpec } from './run-refusals.ts';
import type { RunsService } from './runs-types.ts';

/** The sweep a trial is taken from, and how its runs were computed. */
export interface PromotionSource {
  readonly id: SweepId;
  readonly state: SweepState;
  readonly kernels: string;
}

/** Starts the run; `trial` null takes the best one. Rejects with a StudioFailure (`conflict`, `not_found`). */
export async function promoteTrial(runs: RunsService, source: PromotionSource, trial: number | null): Promise<RunId> {
  const chosen = chosenTrial(source, trial);
  const parsed = promotedRunSpec(source.state.spec, chosen);
  if (!parsed.ok) throw invalidSpec(parsed.issues);
  const { kernels } = source;
  const { checked } = await runs.check(parsed.spec, { baseFolder: process.cwd(), kernels });
  if (checked.splitSizes.test === 0) throw conflict('there is no test split to score it on: base.data.test is 0');
  return runs.start(parsed.spec, {
    baseFolder: process.cwd(),
    kernels,
    promotedFrom: { sweep: source.id, trial: chosen.number },
  });
}

function chosenTrial({ id, state }: PromotionSource, number: number | null): Trial {
  if (number === null) {
    const best = bestTrial(state.spec.objective, state.trials);
    if (best === null) throw conflict('no trial of this sweep has completed yet');
    return best;
  }
  const trial = state.trials[number];
  if (trial === undefined) {
    throw new StudioFailure({ code: 'not_found', ...say`sweep ${id} has no trial ${number}` });
  }
  if (trial.status !== 'completed') {
    throw conflict(say`trial ${number} is ${word(trial.status)}; only a completed one can be promoted`);
  }
  return trial;
}
