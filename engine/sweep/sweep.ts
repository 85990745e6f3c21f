/**
 * The sweep as a state machine: (state, event) → (state, actions). It decides, whoever runs it performs: starts runs,
 * stops them, saves. Nothing in here knows of workers, files or clocks, so every decision can be replayed in a test.
 */

import { sameValue, type TrialParams } from '../spec/search-space.ts';
import { fillWorkers, waitingRound } from './next-trial.ts';
import type { Step, SweepEvent, SweepState } from './sweep-types.ts';
import { reported, retryTrial, runEnded, stopTrial } from './trial-events.ts';
import { hasEnded } from './trial.ts';
import { Turn } from './turn.ts';

/** Throws a RangeError for an event about a trial that does not exist. */
export function advance(state: SweepState, event: SweepEvent): Step {
  const turn = new Turn(state);
  handle(turn, event);
  fillWorkers(turn);
  return turn.step;
}

function handle(turn: Turn, event: SweepEvent): void {
  switch (event.type) {
    case 'go':
      return go(turn);
    case 'pause':
      if (turn.state.status !== 'running') return;
      turn.saveSweep({ status: 'paused' });
      return eachRunning(turn, 'pause-run');
    case 'stop':
      return stop(turn);
    case 'suspend':
      return turn.saveSweep({ status: 'interrupted' });
    case 'time-up':
      return turn.saveSweep({ timeUp: true });
    case 'workers':
      return turn.saveSweep({ workers: event.count });
    case 'report':
      return reported(turn, turn.trial(event.trial), event.epoch, event.value);
    case 'run-ended':
      return runEnded(turn, turn.trial(event.trial), event.outcome);
    case 'stop-trial':
      return stopTrial(turn, turn.trial(event.trial));
    case 'retry-trial':
      if (retryTrial(turn, turn.trial(event.trial))) reopen(turn);
      return;
    case 'enqueue':
      turn.saveSweep({ queue: [...turn.state.queue, event.params], total: turn.state.total + 1 });
      return reopen(turn);
    case 'reorder':
      return reorder(turn, event);
    case 'edit-ranges': {
      const { sampler } = turn.state;
      const edited = { ...sampler.edited, [event.round]: event.space };
      return turn.saveSweep({ sampler: { ...sampler, edited } });
    }
  }
}

function go(turn: Turn): void {
  const { status, roundsConfirmed, trials } = turn.state;
  if (status === 'running') return;
  // Going on after a pause between rounds is the leave the next round waits for; while a round lasts it is not.
  const round = trials.every(hasEnded) ? waitingRound(turn.state) : null;
  turn.saveSweep({ status: 'running', roundsConfirmed: round ?? roundsConfirmed });
  if (status === 'paused') eachRunning(turn, 'resume-run');
}

function stop(turn: Turn): void {
  if (!['running', 'paused', 'interrupted'].includes(turn.state.status)) return;
  turn.change({ stopping: true });
  for (const trial of turn.state.trials) stopTrial(turn, trial);
}

/** A sweep that was over has something to do again. */
function reopen(turn: Turn): void {
  if (['completed', 'failed', 'stopped'].includes(turn.state.status)) go(turn);
}

function reorder(turn: Turn, { seen, order }: Extract<SweepEvent, { type: 'reorder' }>): void {
  const { queue, total } = turn.state;
  const now = placesNow(seen, queue);
  const wanted = [...new Set(order.flatMap((index) => now[index] ?? []))];
  const unseen = [...queue.keys()].filter((place) => !now.includes(place));
  const kept = [...wanted, ...unseen].map((place) => queue[place] as TrialParams);
  turn.saveSweep({ queue: kept, total: total - (queue.length - kept.length) });
}

/** Where each suggestion seen waits now; null for one that has been tried. From the end, as the queue moves up. */
function placesNow(seen: readonly TrialParams[], queue: readonly TrialParams[]): (number | null)[] {
  const taken = new Set<number>();
  return seen
    .toReversed()
    .map((params) => {
      const place = queue.findLastIndex((waiting, at) => !taken.has(at) && sameValue(waiting, params));
      if (place === -1) return null;
      taken.add(place);
      return place;
    })
    .toReversed();
}

function eachRunning(turn: Turn, type: 'pause-run' | 'resume-run'): void {
  for (const { number } of turn.running) turn.act({ type, trial: number });
}
