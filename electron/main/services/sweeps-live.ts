/** A sweep that is being carried out: performs what the state machine decides, and saves what it knows. */

import type { SweepId } from '../../../engine/spec/ids.ts';
import type { SweepSpec } from '../../../engine/spec/sweep-spec.ts';
import { advance } from '../../../engine/sweep/sweep.ts';
import type { RunOutcome, SweepAction, SweepEvent, SweepState } from '../../../engine/sweep/sweep-types.ts';
import { trialRunSpec } from '../../../engine/sweep/trial-run.ts';
import { joined, messageOf } from '../../../engine/spec/message.ts';
import { issueMessage } from '../../../engine/spec/run-spec.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { SavedSweep, SweepAppend } from '../../contract/sweep-store.ts';
import type { StoreClient } from '../hosts/store-host.ts';
import type { Emitter } from './emitter.ts';
import { SweepClock } from './sweeps-clock.ts';
import { SweepJournal } from './sweeps-journal.ts';
import { objectiveValue, progressOf, runKey, storedTrial } from './sweeps-stored.ts';
import type { KnownRun, SweepEvents, TrialEnding, TrialHandle, TrialListener, TrialRunner } from './sweeps-types.ts';

export interface LiveSweepOptions {
  readonly id: SweepId;
  readonly state: SweepState;
  readonly known: ReadonlyMap<string, KnownRun>;
  readonly elapsedMs: number;
  /** Of a sweep that was over. */
  readonly endedAt: number | null;
  readonly kernels: string;
  readonly store: StoreClient;
  readonly trials: TrialRunner;
  readonly events: Emitter<SweepEvents>;
  /** Nothing is left to do, and everything is committed. */
  readonly onEnded: (sweep: LiveSweep) => void;
}

export class LiveSweep {
  readonly id: SweepId;
  readonly #options: LiveSweepOptions;
  readonly #journal: SweepJournal;
  readonly #clock: SweepClock;
  readonly #known: Map<string, KnownRun>;
  readonly #handles = new Map<number, TrialHandle>();
  readonly #beginning = new Set<Promise<void>>();
  /** Starts that found no room on the disk. */
  #held: StartAction[] = [];
  #state: SweepState;
  #endedAt: number | null;
  #ending = false;

  constructor(options: LiveSweepOptions) {
    const { id, state, store, events } = options;
    this.id = id;
    this.#options = options;
    this.#state = state;
    this.#endedAt = options.endedAt;
    this.#known = new Map(options.known);
    this.#clock = new SweepClock(options.elapsedMs, state.spec.maxMinutes, () => this.send({ type: 'time-up' }));
    this.#journal = new SweepJournal({
      store,
      take: (trials) => this.#append(trials),
      onSaved: (saved) => this.#onSaved(saved),
      onFailed: (error) => events.emit('problem', { id, error }),
    });
  }

  get state(): SweepState {
    return this.#state;
  }
  get spec(): SweepSpec {
    return this.#state.spec;
  }

  send(event: SweepEvent): void {
    const { state, actions } = advance(this.#state, event);
    this.#state = state;
    this.#clock.run(state.status === 'running');
    if (state.status === 'running') this.#ending = false;
    for (const action of actions) this.#perform(action);
  }

  /** False while something waits for the disk: what it knows, or a trial to begin. */
  get saved(): boolean {
    return !this.#journal.stuck && this.#held.length === 0;
  }

  /** Resolves once everything decided so far is committed, rejects when it cannot be. */
  settle(): Promise<void> {
    return this.#journal.settle();
  }

  async retrySave(): Promise<void> {
    await this.#journal.retry();
    for (const start of this.#held.splice(0)) this.#perform(start);
  }

  /** What could not be committed is tried once more, for the last time. Rejects when it cannot be. */
  async saveAtLast(): Promise<void> {
    await this.#journal.retry();
    await this.#journal.settle();
  }

  /** Nothing starts any more; resolves when what was about to start has, or has given up. */
  async close(how: 'suspend' | 'stop'): Promise<void> {
    this.send({ type: how });
    this.#journal.close();
    for (const { trial } of this.#held.splice(0)) {
      this.send({ type: 'run-ended', trial, outcome: { how: how === 'stop' ? 'stopped' : 'suspended' } });
    }
    await Promise.all(this.#beginning);
  }

  #perform(action: SweepAction): void {
    switch (action.type) {
      case 'start': {
        const beginning = this.#begin(action).finally(() => this.#beginning.delete(beginning));
        this.#beginning.add(beginning);
        break;
      }
      case 'allow':
        this.#handles.get(action.trial)?.allow(action.until);
        break;
      case 'stop-run':
        this.#handles.get(action.trial)?.stop();
        break;
      case 'pause-run':
        this.#handles.get(action.trial)?.pause();
        break;
      case 'resume-run':
        this.#handles.get(action.trial)?.resume();
        break;
      case 'save-trial':
        this.#journal.touch(action.trial);
        break;
      case 'save-sweep':
        this.#journal.touch();
        break;
      case 'trial-ended':
        break;
      case 'sweep-ended':
        this.#endedAt = Date.now();
        this.#ending = true;
        this.#journal.touch();
        break;
    }
  }

  async #begin(start: StartAction): Promise<void> {
    const { trial, repeat, until } = start;
    const ended = (outcome: RunOutcome): void => this.send({ type: 'run-ended', trial, outcome });
    try {
      // A run must never be in the database without its trial.
      await this.#journal.saved();
      const call = this.#calledOff(trial);
      if (call !== null) return ended(call);
      const current = this.#state.trials[trial];
      if (current === undefined) throw new RangeError(`the sweep has no trial ${trial}`);
      const spec = trialRunSpec(this.spec, current, repeat);
      if (!spec.ok) return ended({ how: 'invalid', ...joined(spec.issues.map(issueMessage), '; ') });
      const known = this.#known.get(runKey(trial, repeat)) ?? null;
      const { trials, kernels } = this.#options;
      const job = { sweep: this.id, trial, repeat, spec: spec.spec, kernels, known, until };
      const handle = await trials.begin(job, this.#listener(trial, repeat));
      this.#known.set(runKey(trial, repeat), { id: handle.run, resumable: true });
      this.#handles.set(trial, handle);
      // Its row has a run now: who looks at the leaderboard can open it.
      this.#journal.touch(trial);
      // What was decided while it was on its way.
      if (this.#calledOff(trial)?.how === 'stopped') handle.stop();
    } catch (error) {
      this.#notBegun(start, error);
    }
  }

  #notBegun(start: StartAction, error: unknown): void {
    const { trial, repeat } = start;
    const key = runKey(trial, repeat);
    const known = this.#known.get(key);
    const failure = error instanceof StudioFailure ? error.error : null;
    if (failure?.code === 'disk_full') {
      this.#held.push(start);
      this.#options.events.emit('problem', { id: this.id, error: failure });
    } else if (failure?.code === 'not_exact' && known?.resumable === true) {
      // Trying to go on would only fail again.
      this.#known.set(key, { ...known, resumable: false });
      this.send({ type: 'run-ended', trial, outcome: { how: 'not-exact' } });
    } else {
      const called = failure?.code === 'cancelled' ? this.#calledOff(trial) : null;
      this.send({ type: 'run-ended', trial, outcome: called ?? failedToBegin(error) });
    }
  }

  /** How a trial ends that was stopped, or whose sweep was suspended, before its run could begin; else null. */
  #calledOff(trial: number): RunOutcome | null {
    if ((this.#state.trials[trial]?.reason ?? null) !== null) return { how: 'stopped' };
    return this.#state.status === 'interrupted' ? { how: 'suspended' } : null;
  }

  #listener(trial: number, repeat: number): TrialListener {
    return {
      started: () => {
        if (this.#state.status === 'paused') this.#handles.get(trial)?.pause();
      },
      epoch: (report) => {
        const { epoch } = report;
        const value = objectiveValue(this.spec.objective, report);
        this.#options.events.emit('report', { sweep: this.id, trial, repeat, epoch, value });
        this.send({ type: 'report', trial, epoch, value });
      },
      ended: (ending) => {
        const handle = this.#handles.get(trial);
        this.#handles.delete(trial);
        const key = runKey(trial, repeat);
        const id = handle?.run ?? this.#known.get(key)?.id;
        if (id !== undefined) this.#known.set(key, { id, resumable: ending.resumable });
        this.send({ type: 'run-ended', trial, outcome: this.#outcome(ending) });
      },
    };
  }

  #outcome({ how, message }: TrialEnding): RunOutcome {
    if (how === 'completed' || how === 'stopped' || how === 'suspended') return { how };
    // A worker that had to be ended because the program ends is no loss.
    if (how === 'lost' && this.#state.status === 'interrupted') return { how: 'suspended' };
    return { how, ...message };
  }

  #append(trials: readonly number[]): SweepAppend {
    const { status, workers } = this.#state;
    return {
      id: this.id,
      status,
      progress: progressOf(this.#state),
      workers,
      elapsedMs: this.#clock.elapsedMs,
      endedAt: ['completed', 'stopped', 'failed'].includes(status) ? this.#endedAt : null,
      trials: trials.flatMap((number) => {
        const trial = this.#state.trials[number];
        return trial === undefined ? [] : [storedTrial(trial)];
      }),
    };
  }

  #onSaved({ summary, trials }: SavedSweep): void {
    const { events, onEnded } = this.#options;
    if (trials.length > 0) events.emit('trials', trials);
    events.emit('summary', summary);
    if (!this.#ending || summary.endedAt === null) return;
    this.#ending = false;
    this.#clock.run(false);
    onEnded(this);
    events.emit('ended', summary);
  }
}

type StartAction = Extract<SweepAction, { type: 'start' }>;

function failedToBegin(error: unknown): RunOutcome {
  const code = error instanceof StudioFailure ? error.error.code : 'internal';
  if (code === 'cancelled') return { how: 'suspended' };
  return { how: code === 'worker_died' ? 'lost' : 'failed', ...messageOf(error) };
}
