/** One event being worked off: the state as it changes, and the actions gathered on the way. */

import type { Step, SweepAction, SweepState } from './sweep-types.ts';
import type { Trial } from './trial.ts';

export class Turn {
  #state: SweepState;
  readonly #actions: SweepAction[] = [];

  constructor(state: SweepState) {
    this.#state = state;
  }

  get state(): SweepState {
    return this.#state;
  }
  get step(): Step {
    return { state: this.#state, actions: this.#actions };
  }
  get running(): readonly Trial[] {
    return this.#state.trials.filter(({ status }) => status === 'running');
  }

  act(...actions: readonly SweepAction[]): void {
    this.#actions.push(...actions);
  }

  /** Throws a RangeError for a trial that does not exist. */
  trial(number: number): Trial {
    const trial = this.#state.trials[number];
    if (trial === undefined) throw new RangeError(`the sweep has no trial ${number}`);
    return trial;
  }

  add(trial: Trial): Trial {
    this.change({ trials: [...this.#state.trials, trial] });
    return trial;
  }

  set(trial: Trial): void {
    this.change({ trials: this.#state.trials.with(trial.number, trial) });
  }

  /** As `set`, and a restart must know of it. */
  save(trial: Trial): void {
    this.set(trial);
    this.act({ type: 'save-trial', trial: trial.number });
  }

  /** Changes what follows from what is saved anyway. */
  change(change: Partial<SweepState>): void {
    this.#state = { ...this.#state, ...change };
  }

  /** As `change`, and a restart must know of it. */
  saveSweep(change: Partial<SweepState>): void {
    this.change(change);
    this.act({ type: 'save-sweep' });
  }
}
