/** Refusals the services of runs, evaluations and sweeps share. */

import { messageOf, say, toMessage, type Message } from '../../../engine/spec/message.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { SpecError, type SpecIssue } from '../../../engine/spec/run-spec.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { RunSummary } from '../../contract/runs.ts';

/** What is asked for does not go with the state things are in. */
export function conflict(message: string | Message): StudioFailure {
  return new StudioFailure({ code: 'conflict', ...toMessage(message) });
}

/** The spec is at fault, an issue for every field. */
export function invalidSpec(issues: readonly SpecIssue[]): StudioFailure {
  return new StudioFailure({ code: 'spec_invalid', ...messageOf(new SpecError(issues)), issues });
}

/** It has no weights but those it was initialised with. */
export function nothingLearnt(id: RunId): StudioFailure {
  return new StudioFailure({ code: 'not_found', ...say`run ${id} ended before its first step` });
}

/** Going on with a trial's run is its sweep's business, which would not hear of it otherwise. Throws. */
export function refuseTrial({ number, trial }: RunSummary): void {
  if (trial === undefined) return;
  throw conflict(say`run #${number} is trial ${trial.trial} of a sweep; resume the sweep, or retry the trial there`);
}
