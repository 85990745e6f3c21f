/**
 * A line nobody may cross: a trial is pruned when its objective falls below `below`, rises above `above`, or is no
 * number at all.
 *
 * It will not prune: in the first `warmupEpochs` epochs, after a trial's last epoch, a value exactly on the line, and a
 * trial marked exempt.
 */

import { say, word, type Message } from '../spec/message.ts';
import type { PrunerSpec } from '../spec/sweep-spec.ts';
import { figure } from './rungs.ts';
import type { TrialReason } from '../spec/sweep-status.ts';
import { curveOf, type Trial } from './trial.ts';

export function thresholdDecision(
  { below, above }: Extract<PrunerSpec, { type: 'threshold' }>,
  trial: Trial,
): TrialReason | null {
  const epoch = curveOf(trial).length;
  const value = curveOf(trial).at(-1) ?? NaN;
  if (!Number.isFinite(value)) {
    return { code: 'not-finite', ...say`not a finite number at epoch ${epoch}: ${value}`, values: { epoch } };
  }
  const crossed = (side: Message, sign: string, bound: number): TrialReason => ({
    code: 'threshold',
    ...say`${side} the threshold at epoch ${epoch}: ${figure(value)} ${sign} ${figure(bound)}`,
    values: { epoch, value, bound },
  });
  if (below !== null && value < below) return crossed(word('below'), '<', below);
  if (above !== null && value > above) return crossed(word('above'), '>', above);
  return null;
}
