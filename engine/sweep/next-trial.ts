/** Which trials start now, and whether the sweep has come to its end. */

import { roundAt } from './narrow.ts';
import { nextDecision } from './pruner.ts';
import { completed, suggest } from './sampler.ts';
import type { SweepState } from './sweep-types.ts';
import { judgedAtRest, stopped } from './trial-events.ts';
import { curveOf, hasEnded, newTrial, type Trial } from './trial.ts';
import type { Turn } from './turn.ts';

/** Starts what can be started, and ends the sweep when nothing is left. */
export function fillWorkers(turn: Turn): void {
  if (turn.state.status !== 'running' && !turn.state.stopping) return;
  while (!turn.state.stopping && turn.running.length < turn.state.workers) {
    const waiting = turn.state.trials.find(({ status }) => status === 'queued' || status === 'interrupted');
    const next = waiting ?? addNext(turn);
    if (next === null) break;
    start(turn, next);
  }
  endIfDone(turn);
}

function start(turn: Turn, trial: Trial): void {
  const interrupted = trial.status === 'interrupted';
  turn.save({ ...trial, status: 'running' });
  const repeat = trial.scores.length;
  if (interrupted && trial.reason !== null) return stopped(turn, turn.trial(trial.number));
  // What it reported last may not have been judged before the program ended.
  if (interrupted && repeat === 0 && curveOf(trial).length > trial.judged && judgedAtRest(turn, trial.number)) return;
  const { judged } = turn.trial(trial.number);
  const until = repeat === 0 ? nextDecision(turn.state.spec, trial, judged) : null;
  turn.act({ type: 'start', trial: trial.number, repeat, until });
}

/** Adds the next trial; null when there is none, or none yet. */
function addNext(turn: Turn): Trial | null {
  const { spec, trials, total, queue, timeUp, sampler } = turn.state;
  if (timeUp || trials.length >= total) return null;
  const [byHand, ...rest] = queue;
  if (byHand !== undefined) {
    turn.saveSweep({ queue: rest });
    return turn.add(newTrial(trials.length, null, completed(spec, trials.length, byHand)));
  }
  const place = placeOf(turn.state);
  if (waitingRound(turn.state) !== null) {
    // All of the round before must have ended before someone can look at it.
    if (turn.running.length === 0) turn.saveSweep({ status: 'paused' });
    return null;
  }
  const suggestion = suggest(spec, place, trials, sampler);
  if (suggestion === null) return null;
  turn.change({ sampler: suggestion.state });
  return turn.add(newTrial(trials.length, place, suggestion.params));
}

/** Where the sampler's own sequence stands. */
function placeOf({ trials }: SweepState): number {
  return trials.filter(({ place }) => place !== null).length;
}

/** The round of narrow that may not begin before someone says so, or null. */
export function waitingRound(state: SweepState): number | null {
  const { spec, roundsConfirmed } = state;
  if (spec.sampler.type !== 'narrow' || !spec.sampler.pause) return null;
  const round = roundAt(spec, spec.sampler, placeOf(state));
  return round > roundsConfirmed ? round : null;
}

function endIfDone(turn: Turn): void {
  const { trials, total, status, stopping, timeUp } = turn.state;
  if (status === 'paused' && !stopping) return;
  if (!trials.every(hasEnded)) return;
  if (!stopping && !timeUp && trials.length < total) return;
  const scored = trials.some(({ score }) => score !== null);
  const end = stopping ? 'stopped' : scored ? 'completed' : 'failed';
  turn.saveSweep({ status: end, stopping: false });
  turn.act({ type: 'sweep-ended', status: end });
}
