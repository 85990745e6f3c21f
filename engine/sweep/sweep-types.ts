/** Words of the sweep state machine: what it knows, what can happen to it, what it wants done. Plain values. */

import type { Message } from '../spec/message.ts';
import type { TrialParams, SearchSpace } from '../spec/search-space.ts';
import type { SweepSpec } from '../spec/sweep-spec.ts';
import type { SweepStatus } from '../spec/sweep-status.ts';
import type { SamplerState } from './sampler.ts';
import type { Trial } from './trial.ts';

export interface SweepState {
  readonly spec: SweepSpec;
  readonly status: SweepStatus;
  /** Asked to stop: running trials are on their way out, no new one starts. */
  readonly stopping: boolean;
  /** Trials at once. */
  readonly workers: number;
  /** By number, without gaps. */
  readonly trials: readonly Trial[];
  /** Trials in all; more than the spec says when suggestions came by hand later on. */
  readonly total: number;
  /** Suggestions by hand that have not been tried yet, the next one first. */
  readonly queue: readonly TrialParams[];
  /** The time budget is used up: running trials end, no new one starts. */
  readonly timeUp: boolean;
  /** Rounds of narrow a person has let begin; the first one needs no leave. */
  readonly roundsConfirmed: number;
  readonly sampler: SamplerState;
}

/** How a trial's run ended. */
export type RunOutcome =
  /** All its epochs, or early stopping. */
  | { readonly how: 'completed' }
  /** Someone stopped it: the pruner, the sweep, a person. */
  | { readonly how: 'stopped' }
  | ({ readonly how: 'diverged' } & Message)
  | ({ readonly how: 'failed' } & Message)
  /** Its worker died. */
  | ({ readonly how: 'lost' } & Message)
  /** Saved and left, because the program ends. */
  | { readonly how: 'suspended' }
  /** It cannot go on as it was: data, kernels or engine have changed since. The repeat begins anew. */
  | { readonly how: 'not-exact' }
  /** The parameters do not make a run. */
  | ({ readonly how: 'invalid' } & Message);

export type SweepEvent =
  /** Begin, or go on after a restart, a pause or the end (when there is something left to do). */
  | { readonly type: 'go' }
  | { readonly type: 'pause' }
  | { readonly type: 'stop' }
  /** The program ends: nothing starts any more. */
  | { readonly type: 'suspend' }
  | { readonly type: 'time-up' }
  | { readonly type: 'workers'; readonly count: number }
  /** The objective after an epoch, counted from 1. */
  | { readonly type: 'report'; readonly trial: number; readonly epoch: number; readonly value: number }
  | { readonly type: 'run-ended'; readonly trial: number; readonly outcome: RunOutcome }
  | { readonly type: 'stop-trial'; readonly trial: number }
  /** Lets a pruned or failed trial go on to its end, whatever the pruner thinks of it. */
  | { readonly type: 'retry-trial'; readonly trial: number }
  | { readonly type: 'enqueue'; readonly params: TrialParams }
  /**
   * The waiting suggestions in a new order: indices into `seen`, the queue as someone saw it. Those left out are
   * dropped, a trial less each; those that have begun meanwhile are passed over, those that have come are kept.
   */
  | { readonly type: 'reorder'; readonly seen: readonly TrialParams[]; readonly order: readonly number[] }
  /** Ranges of a round of narrow, instead of those worked out. Only for rounds that have not begun. */
  | { readonly type: 'edit-ranges'; readonly round: number; readonly space: SearchSpace };

export type SweepAction =
  /** Start the run of a trial's repeat, or go on with it when it exists. `until`: the first epoch to wait after. */
  | { readonly type: 'start'; readonly trial: number; readonly repeat: number; readonly until: number | null }
  /** The run may go on to the end of this epoch, null: to its own end. */
  | { readonly type: 'allow'; readonly trial: number; readonly until: number | null }
  | { readonly type: 'stop-run'; readonly trial: number }
  | { readonly type: 'pause-run'; readonly trial: number }
  | { readonly type: 'resume-run'; readonly trial: number }
  /** The trial has changed in a way a restart must know of. Comes before the actions that rely on it. */
  | { readonly type: 'save-trial'; readonly trial: number }
  | { readonly type: 'trial-ended'; readonly trial: number }
  /** Status, queue or ranges have changed. */
  | { readonly type: 'save-sweep' }
  | { readonly type: 'sweep-ended'; readonly status: SweepStatus };

export interface Step {
  readonly state: SweepState;
  readonly actions: readonly SweepAction[];
}
