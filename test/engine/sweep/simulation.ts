/** A sweep with pretended runs: the state machine's actions are carried out on a virtual clock, one tick an epoch. */

import type { TrialParams } from '../../../engine/spec/search-space.ts';
import { advance } from '../../../engine/sweep/sweep.ts';
import type { SweepAction, SweepEvent, SweepState } from '../../../engine/sweep/sweep-types.ts';

/** Values of the objective, one an epoch; `ticks` is how long each epoch takes. */
export interface PretendedRun {
  readonly curve: readonly number[];
  readonly ticks?: number;
  /** How it ends after its last epoch. */
  readonly end?: 'completed' | 'diverged' | 'failed';
}

interface Live {
  readonly repeat: number;
  readonly run: PretendedRun;
  epoch: number;
  until: number | null;
  wait: number;
  paused: boolean;
}

export class Simulation {
  state: SweepState;
  readonly log: string[] = [];
  /** Every action, oldest first. */
  readonly actions: SweepAction[] = [];
  readonly #live = new Map<number, Live>();
  readonly #stored = new Map<string, number>();
  readonly #runOf: (params: TrialParams, trial: number, repeat: number) => PretendedRun;

  constructor(state: SweepState, runOf: (params: TrialParams, trial: number, repeat: number) => PretendedRun) {
    this.state = state;
    this.#runOf = runOf;
  }

  get running(): number[] {
    return [...this.#live.keys()];
  }

  send(event: SweepEvent): this {
    const { state, actions } = advance(this.state, event);
    this.state = state;
    for (const action of actions) this.#perform(action);
    return this;
  }

  /** Until nothing runs any more, or `ticks` have passed; by far more than any of these sweeps needs. */
  run(ticks = 10_000): this {
    for (let t = 0; t < ticks && this.#live.size > 0; t++) {
      for (const [trial, live] of [...this.#live]) this.#tick(trial, live);
      if ([...this.#live.values()].every(({ paused }) => paused) && this.#live.size > 0) break;
    }
    return this;
  }

  /** A worker dies; its run keeps the epochs up to its last checkpoint, taken at every second epoch. */
  kill(trial: number): this {
    this.#save(trial);
    this.#live.delete(trial);
    return this.send({ type: 'run-ended', trial, outcome: { how: 'lost', message: 'the train worker died' } });
  }

  /** The program ends without a word. What was running can go on from its checkpoints. */
  vanish(): ReadonlyMap<string, number> {
    for (const trial of this.#live.keys()) this.#save(trial);
    return this.#stored;
  }

  /** Goes on with runs another simulation left. */
  adopt(stored: ReadonlyMap<string, number>): this {
    for (const [key, epoch] of stored) this.#stored.set(key, epoch);
    return this;
  }

  #save(trial: number): void {
    const live = this.#live.get(trial);
    if (live !== undefined) this.#stored.set(`${trial}/${live.repeat}`, live.epoch - (live.epoch % 2));
  }

  #perform(action: SweepAction): void {
    this.actions.push(action);
    switch (action.type) {
      case 'start': {
        const { trial, repeat, until } = action;
        const params = this.state.trials[trial]?.params ?? {};
        const epoch = this.#stored.get(`${trial}/${repeat}`) ?? 0;
        this.log.push(`${epoch > 0 ? 'continue' : 'start'} ${trial}/${repeat}`);
        const run = this.#runOf(params, trial, repeat);
        this.#live.set(trial, { repeat, run, epoch, until, wait: run.ticks ?? 1, paused: false });
        break;
      }
      case 'allow': {
        const live = this.#live.get(action.trial);
        if (live !== undefined) live.until = action.until;
        break;
      }
      case 'stop-run': {
        const live = this.#live.get(action.trial);
        this.#live.delete(action.trial);
        this.log.push(`stop ${action.trial} at ${live?.epoch}`);
        this.send({ type: 'run-ended', trial: action.trial, outcome: { how: 'stopped' } });
        break;
      }
      case 'pause-run':
      case 'resume-run': {
        const live = this.#live.get(action.trial);
        if (live !== undefined) live.paused = action.type === 'pause-run';
        break;
      }
      case 'trial-ended': {
        const trial = this.state.trials[action.trial];
        this.log.push(`${trial?.status} ${action.trial}`);
        break;
      }
      case 'sweep-ended':
        this.log.push(`sweep ${action.status}`);
        break;
      case 'save-trial':
      case 'save-sweep':
        break;
    }
  }

  #tick(trial: number, live: Live): void {
    if (live.paused || (live.until !== null && live.epoch >= live.until) || --live.wait > 0) return;
    live.wait = live.run.ticks ?? 1;
    const value = live.run.curve[live.epoch];
    if (value !== undefined) {
      live.epoch++;
      this.send({ type: 'report', trial, epoch: live.epoch, value });
      if (live.epoch < live.run.curve.length || !this.#live.has(trial)) return;
    }
    this.#live.delete(trial);
    const { end = 'completed' } = live.run;
    const outcome = end === 'completed' ? { how: end } : { how: end, message: `it ${end}` };
    this.send({ type: 'run-ended', trial, outcome });
  }
}
