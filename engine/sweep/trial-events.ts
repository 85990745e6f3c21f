/** What can happen to a trial once it has begun: it reports, is judged, ends by itself, is stopped or tried again. */

import { said, say, word, type Message } from '../spec/message.ts';
import type { TrialReason } from '../spec/sweep-status.ts';
import { scoreOf } from './objective.ts';
import { nextDecision, pruneDecision } from './pruner.ts';
import type { RunOutcome } from './sweep-types.ts';
import { curveOf, hasEnded, type Trial } from './trial.ts';
import type { Turn } from './turn.ts';

const STOPPED: TrialReason = { code: 'stopped', message: 'stopped by hand', values: {} };

/** Takes the objective after an epoch, counted from 1, and asks the pruner when it is time to. */
export function reported(turn: Turn, trial: Trial, epoch: number, value: number): void {
  // A trial that is on its way out has been decided on.
  if (trial.status !== 'running' || trial.reason !== null) return;
  const reports = [...trial.reports];
  const repeat = trial.scores.length;
  const curve = [...(reports[repeat] ?? [])];
  // After a resume the epochs since the checkpoint are reported again, with the same values.
  while (curve.length < epoch - 1) curve.push(NaN);
  curve[epoch - 1] = value;
  reports[repeat] = curve;
  turn.set({ ...trial, reports });
  if (repeat === 0 && epoch > trial.judged) judge(turn, trial.number);
}

/** Prunes the trial or lets it go on. */
function judge(turn: Turn, number: number): void {
  const trial = turn.trial(number);
  const { spec, trials } = turn.state;
  const epoch = curveOf(trial).length;
  if (nextDecision(spec, trial, epoch - 1) !== epoch) return;
  const reason = pruneDecision(spec, trial, trials);
  turn.set({ ...trial, judged: epoch, reason });
  if (reason === null) {
    turn.act({ type: 'allow', trial: number, until: nextDecision(spec, trial, epoch) });
  } else {
    turn.act({ type: 'save-trial', trial: number }, { type: 'stop-run', trial: number });
  }
}

/** Judges a trial that has no worker. True when it was pruned. */
export function judgedAtRest(turn: Turn, number: number): boolean {
  const trial = turn.trial(number);
  const { spec, trials } = turn.state;
  const epoch = curveOf(trial).length;
  const reason = pruneDecision(spec, trial, trials);
  if (nextDecision(spec, trial, epoch - 1) === epoch) turn.set({ ...trial, judged: epoch, reason });
  if (reason === null) return false;
  stopped(turn, turn.trial(number));
  return true;
}

export function runEnded(turn: Turn, trial: Trial, outcome: RunOutcome): void {
  if (trial.status !== 'running' && trial.status !== 'interrupted') return;
  switch (outcome.how) {
    case 'completed':
      return repeatDone(turn, trial);
    case 'stopped':
      return stopped(turn, trial);
    case 'diverged':
      return fail(turn, trial, { code: 'diverged', ...said(outcome), values: {} });
    case 'failed':
      return fail(turn, trial, { code: 'error', ...said(outcome), values: {} });
    case 'invalid':
      return fail(turn, trial, { code: 'invalid', ...said(outcome), values: {} });
    case 'lost':
      return lost(turn, trial, said(outcome));
    case 'suspended':
      return turn.save({ ...trial, status: 'interrupted' });
    case 'not-exact':
      return beginAnew(turn, trial);
  }
}

function repeatDone(turn: Turn, trial: Trial): void {
  const { objective, seedsPerTrial } = turn.state.spec;
  const score = scoreOf(objective, trial.reports[trial.scores.length] ?? []);
  if (!Number.isFinite(score)) {
    const message = say`no ${word(objective.metric)} on the ${word(objective.split)} split at the end of any epoch`;
    return fail(turn, trial, { code: 'no-score', ...message, values: {} });
  }
  const scores = [...trial.scores, score];
  // A run that got to its end before it could be stopped has its score all the same.
  const next: Trial = { ...trial, scores, reason: null };
  if (scores.length === seedsPerTrial) return end(turn, { ...next, status: 'completed', score: mean(scores) });
  // Keeps its worker for the next repeat.
  turn.save({ ...next, status: 'queued' });
}

/** The trial's run was stopped: it keeps what it had reached, or has failed when that is nothing. */
export function stopped(turn: Turn, trial: Trial): void {
  const reached = scoreOf(turn.state.spec.objective, trial.reports[trial.scores.length] ?? []);
  const scores = [...trial.scores, reached].filter(Number.isFinite);
  const reason = trial.reason ?? STOPPED;
  if (scores.length > 0) end(turn, { ...trial, status: 'pruned', reason, score: mean(scores) });
  else fail(turn, trial, reason);
}

/** A dead worker is forgiven once: the trial goes on from its checkpoint. */
function lost(turn: Turn, trial: Trial, message: Message): void {
  if (trial.reason !== null) return stopped(turn, trial);
  if (trial.losses > 0) return fail(turn, trial, { code: 'worker-died', ...say`twice: ${message}`, values: {} });
  turn.save({ ...trial, status: 'queued', losses: trial.losses + 1 });
}

/** The repeat forgets what it had reported: no value of the run before may count as one of the next. */
function beginAnew(turn: Turn, trial: Trial): void {
  if (trial.reason !== null) return stopped(turn, trial);
  const repeat = trial.scores.length;
  const judged = repeat === 0 ? 0 : trial.judged;
  turn.save({ ...trial, status: 'queued', reports: trial.reports.slice(0, repeat), judged });
}

function fail(turn: Turn, trial: Trial, reason: TrialReason): void {
  end(turn, { ...trial, status: 'failed', reason, score: null });
}

function end(turn: Turn, trial: Trial): void {
  const ended = turn.state.trials.reduce((last, other) => Math.max(last, other.ended ?? -1), -1) + 1;
  turn.save({ ...trial, ended });
  turn.act({ type: 'trial-ended', trial: trial.number });
}

/** Asks a running trial to stop; any other one that has not ended is stopped at once. */
export function stopTrial(turn: Turn, trial: Trial): void {
  if (hasEnded(trial)) return;
  if (trial.status !== 'running') return stopped(turn, { ...trial, reason: STOPPED });
  turn.save({ ...trial, reason: trial.reason ?? STOPPED });
  turn.act({ type: 'stop-run', trial: trial.number });
}

/** Queues a pruned or failed trial again, out of the pruner's reach. False for any other. */
export function retryTrial(turn: Turn, trial: Trial): boolean {
  if (trial.status !== 'pruned' && trial.status !== 'failed') return false;
  turn.save({ ...trial, status: 'queued', reason: null, score: null, exempt: true, losses: 0, ended: null });
  return true;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
