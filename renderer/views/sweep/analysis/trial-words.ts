/** Words for the state of a trial. */

import type { TrialStatus } from '../../../../engine/spec/sweep-status.ts';

export function trialStateKey(status: TrialStatus): string {
  return `analysis.state.${status}`;
}
