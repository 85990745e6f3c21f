/**
 * The sweep as a state machine: (state, event) → (state, actions). It decides, whoever runs it performs: starts runs,
 * stops them, saves. Nothing in here knows of workers, files or clocks, so every decision can be replayed in a test.
 */

import type { TrialParams } from '../spec/search-space.ts';
import { roundAt } from './narrow.ts';
import { scoreOf } from './objective.ts';
import { nextDecision, pruneDecision } from './pruner.ts';
import { completed, suggest } from './sampler.ts';
import type { RunOutcome, Step, SweepAction, SweepEvent, SweepState } from './sweep-types.ts';
import type { TrialReason } from '../spec/sweep-status.ts';
import { curveOf, hasEnded, newTrial, type Trial } from './trial.ts';

/** Throws a RangeError for an event about a trial that does not exist. */
export function advance(state: SweepState, event: SweepEvent): Step {
  return new Turn(state).handle(event).finish();
}

/** One event being worked off; gathers the actions. */
class Turn {
  #state: SweepState;
  readonly #actions: SweepAction[] = [];

  constructor(state: SweepState) {
    this.#state = state;
  }

  handle(event: SweepEvent): this {
    switch (event.type) {
      case 'go':
        this.#go();
        break;
      case 'pause':
        if (this.#state.status === 'running') {
          this.#setSweep({ status: 'paused' });
          this.#eachRunning('pause-run');
        }
        break;
      case 'stop':
        this.#stop();
        break;
      case 'suspend':
        this.#setSweep({ status: 'interrupted' });
        break;
      case 'time-up':
        this.#setSweep({ timeUp: true });
        break;
      case 'workers':
        this.#setSweep({ workers: event.count });
        break;
      case 'report':
        this.#report(this.#trial(event.trial), event.epoch, event.value);
        break;
      case 'run-ended':
        this.#runEnded(this.#trial(event.trial), event.outcome);
        break;
      case 'stop-trial':
        this.#stopTrial(this.#trial(event.trial));
        break;
      case 'retry-trial':
        this.#retryTrial(this.#trial(event.trial));
        break;
      case 'enqueue':
        this.#setSweep({ queue: [...this.#state.queue, event.params], total: this.#state.total + 1 });
        this.#reopen();
        break;
      case 'reorder':
        this.#reorder(event.order);
        break;
      case 'edit-ranges': {
        const { sampler } = this.#state;
        const edited = { ...sampler.edited, [event.round]: event.space };
        this.#setSweep({ sampler: { ...sampler, edited } });
        break;
      }
    }
    return this;
  }

  finish(): Step {
    this.#fill();
    return { state: this.#state, actions: this.#actions };
  }

  #go(): void {
    const { status, roundsConfirmed } = this.#state;
    if (status === 'running') return;
    // Going on after a pause between rounds is the leave the next round waits for.
    const round = this.#waitingRound();
    this.#setSweep({ status: 'running', roundsConfirmed: round ?? roundsConfirmed });
    if (status === 'paused') this.#eachRunning('resume-run');
  }

  #stop(): void {
    if (!['running', 'paused', 'interrupted'].includes(this.#state.status)) return;
    this.#state = { ...this.#state, stopping: true };
    for (const trial of this.#state.trials) if (!hasEnded(trial)) this.#stopTrial(trial);
  }

  #report(trial: Trial, epoch: number, value: number): void {
    // A trial that is on its way out has been decided on.
    if (trial.status !== 'running' || trial.reason !== null) return;
    const reports = [...trial.reports];
    const repeat = trial.scores.length;
    const curve = [...(reports[repeat] ?? [])];
    // After a resume the epochs since the checkpoint are reported again, with the same values.
    while (curve.length < epoch - 1) curve.push(NaN);
    curve[epoch - 1] = value;
    reports[repeat] = curve;
    this.#set({ ...trial, reports });
    if (repeat === 0 && epoch > trial.judged) this.#judge(trial.number);
  }

  /** Prunes the trial or lets it go on. */
  #judge(number: number): void {
    const trial = this.#trial(number);
    const { spec, trials } = this.#state;
    const epoch = curveOf(trial).length;
    if (nextDecision(spec, trial, epoch - 1) !== epoch) return;
    const reason = pruneDecision(spec, trial, trials);
    this.#set({ ...trial, judged: epoch, reason });
    if (reason === null) {
      this.#actions.push({ type: 'allow', trial: number, until: nextDecision(spec, trial, epoch) });
    } else {
      this.#actions.push({ type: 'save-trial', trial: number }, { type: 'stop-run', trial: number });
    }
  }

  #runEnded(trial: Trial, outcome: RunOutcome): void {
    if (trial.status !== 'running' && trial.status !== 'interrupted') return;
    switch (outcome.how) {
      case 'completed':
        this.#repeatDone(trial);
        break;
      case 'stopped':
        this.#stopped(trial);
        break;
      case 'diverged':
        this.#fail(trial, { code: 'diverged', message: outcome.message, values: {} });
        break;
      case 'failed':
        this.#fail(trial, { code: 'error', message: outcome.message, values: {} });
        break;
      case 'invalid':
        this.#fail(trial, { code: 'invalid', message: outcome.message, values: {} });
        break;
      case 'lost':
        this.#lost(trial, outcome.message);
        break;
      case 'suspended':
        this.#set({ ...trial, status: 'interrupted' });
        this.#actions.push({ type: 'save-trial', trial: trial.number });
        break;
    }
  }

  #repeatDone(trial: Trial): void {
    const { objective, seedsPerTrial } = this.#state.spec;
    const score = scoreOf(objective, trial.reports[trial.scores.length] ?? []);
    if (!Number.isFinite(score)) {
      const message = `no ${objective.metric} on the ${objective.split} split at the end of any epoch`;
      return this.#fail(trial, { code: 'no-score', message, values: {} });
    }
    const scores = [...trial.scores, score];
    // A run that got to its end before it could be stopped has its score all the same.
    const next: Trial = { ...trial, scores, reason: null };
    if (scores.length === seedsPerTrial) {
      return this.#end({ ...next, status: 'completed', score: mean(scores) });
    }
    // Keeps its worker for the next repeat.
    this.#set({ ...next, status: 'queued' });
    this.#actions.push({ type: 'save-trial', trial: trial.number });
  }

  #stopped(trial: Trial): void {
    const reached = scoreOf(this.#state.spec.objective, trial.reports[trial.scores.length] ?? []);
    const scores = [...trial.scores, reached].filter(Number.isFinite);
    const reason = trial.reason ?? STOPPED;
    if (scores.length > 0) this.#end({ ...trial, status: 'pruned', reason, score: mean(scores) });
    else this.#fail(trial, reason);
  }

  /** A dead worker is forgiven once: the trial goes on from its checkpoint. */
  #lost(trial: Trial, message: string): void {
    if (trial.reason !== null) return this.#stopped(trial);
    if (trial.losses > 0) return this.#fail(trial, { code: 'worker-died', message: `twice: ${message}`, values: {} });
    this.#set({ ...trial, status: 'queued', losses: trial.losses + 1 });
    this.#actions.push({ type: 'save-trial', trial: trial.number });
  }

  #fail(trial: Trial, reason: TrialReason): void {
    this.#end({ ...trial, status: 'failed', reason, score: null });
  }

  #end(trial: Trial): void {
    const ended = this.#state.trials.reduce((last, other) => Math.max(last, other.ended ?? -1), -1) + 1;
    this.#set({ ...trial, ended });
    this.#actions.push({ type: 'save-trial', trial: trial.number }, { type: 'trial-ended', trial: trial.number });
  }

  #stopTrial(trial: Trial): void {
    if (hasEnded(trial)) return;
    if (trial.status !== 'running') return this.#stopped({ ...trial, reason: STOPPED });
    this.#set({ ...trial, reason: trial.reason ?? STOPPED });
    this.#actions.push({ type: 'save-trial', trial: trial.number }, { type: 'stop-run', trial: trial.number });
  }

  #retryTrial(trial: Trial): void {
    if (trial.status !== 'pruned' && trial.status !== 'failed') return;
    this.#set({ ...trial, status: 'queued', reason: null, score: null, exempt: true, losses: 0, ended: null });
    this.#actions.push({ type: 'save-trial', trial: trial.number });
    this.#reopen();
  }

  /** A sweep that was over has something to do again. */
  #reopen(): void {
    if (['completed', 'failed', 'stopped'].includes(this.#state.status)) this.#go();
  }

  #reorder(order: readonly number[]): void {
    const { queue } = this.#state;
    const known = order.filter((index, i) => queue[index] !== undefined && order.indexOf(index) === i);
    this.#setSweep({ queue: known.map((index) => queue[index] as TrialParams) });
  }

  /** Starts what can be started, and ends the sweep when nothing is left. */
  #fill(): void {
    if (this.#state.status !== 'running' && !this.#state.stopping) return;
    while (!this.#state.stopping && this.#running() < this.#state.workers) {
      const waiting = this.#state.trials.find(({ status }) => status === 'queued' || status === 'interrupted');
      const next = waiting ?? this.#ask();
      if (next === null) break;
      this.#start(next);
    }
    this.#endIfDone();
  }

  #start(trial: Trial): void {
    const interrupted = trial.status === 'interrupted';
    this.#set({ ...trial, status: 'running' });
    this.#actions.push({ type: 'save-trial', trial: trial.number });
    const repeat = trial.scores.length;
    if (interrupted && trial.reason !== null) return this.#stopped(this.#trial(trial.number));
    // What it reported last may not have been judged before the program ended.
    if (interrupted && repeat === 0 && curveOf(trial).length > trial.judged && this.#judgeAtRest(trial.number)) return;
    const { judged } = this.#trial(trial.number);
    const until = repeat === 0 ? nextDecision(this.#state.spec, trial, judged) : null;
    this.#actions.push({ type: 'start', trial: trial.number, repeat, until });
  }

  /** Judges a trial that has no worker. True when it was pruned. */
  #judgeAtRest(number: number): boolean {
    const trial = this.#trial(number);
    const epoch = curveOf(trial).length;
    const reason = pruneDecision(this.#state.spec, trial, this.#state.trials);
    if (nextDecision(this.#state.spec, trial, epoch - 1) === epoch) this.#set({ ...trial, judged: epoch, reason });
    if (reason === null) return false;
    this.#stopped(this.#trial(number));
    return true;
  }

  /** Adds the next trial; null when there is none, or none yet. */
  #ask(): Trial | null {
    const { spec, trials, total, queue, timeUp, sampler } = this.#state;
    if (timeUp || trials.length >= total) return null;
    const [byHand, ...rest] = queue;
    if (byHand !== undefined) {
      this.#setSweep({ queue: rest });
      return this.#add(newTrial(trials.length, null, completed(spec, trials.length, byHand)));
    }
    const place = this.#place();
    if (this.#waitingRound() !== null) {
      // All of the round before must have ended before someone can look at it.
      if (this.#running() === 0) this.#setSweep({ status: 'paused' });
      return null;
    }
    const suggestion = suggest(spec, place, trials, sampler);
    if (suggestion === null) return null;
    this.#state = { ...this.#state, sampler: suggestion.state };
    return this.#add(newTrial(trials.length, place, suggestion.params));
  }

  #place(): number {
    return this.#state.trials.filter(({ place }) => place !== null).length;
  }

  /** The round of narrow that may not begin before someone says so, or null. */
  #waitingRound(): number | null {
    const { spec, roundsConfirmed } = this.#state;
    if (spec.sampler.type !== 'narrow' || !spec.sampler.pause) return null;
    const round = roundAt(spec, spec.sampler, this.#place());
    return round > roundsConfirmed ? round : null;
  }

  #add(trial: Trial): Trial {
    this.#state = { ...this.#state, trials: [...this.#state.trials, trial] };
    return trial;
  }

  #endIfDone(): void {
    const { trials, total, status, stopping, timeUp } = this.#state;
    if (status === 'paused' && !stopping) return;
    if (!trials.every(hasEnded)) return;
    if (!stopping && !timeUp && trials.length < total) return;
    const scored = trials.some(({ score }) => score !== null);
    const end = stopping ? 'stopped' : scored ? 'completed' : 'failed';
    this.#setSweep({ status: end, stopping: false });
    this.#actions.push({ type: 'sweep-ended', status: end });
  }

  #running(): number {
    return this.#state.trials.filter(({ status }) => status === 'running').length;
  }

  #eachRunning(type: 'pause-run' | 'resume-run'): void {
    for (const { number, status } of this.#state.trials)
      if (status === 'running') this.#actions.push({ type, trial: number });
  }

  #trial(number: number): Trial {
    const trial = this.#state.trials[number];
    if (trial === undefined) throw new RangeError(`the sweep has no trial ${number}`);
    return trial;
  }

  #set(trial: Trial): void {
    this.#state = { ...this.#state, trials: this.#state.trials.with(trial.number, trial) };
  }

  #setSweep(change: Partial<SweepState>): void {
    this.#state = { ...this.#state, ...change };
    this.#actions.push({ type: 'save-sweep' });
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const STOPPED: TrialReason = { code: 'stopped', message: 'stopped by hand', values: {} };
