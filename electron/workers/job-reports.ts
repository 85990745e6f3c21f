/** An epoch's and a run's end as the train worker reports them: plain numbers, null for what does not apply. */

import { say, type Message } from '../../engine/spec/message.ts';
import type { FinishedResult, SessionEvent } from '../../engine/train/session-types.ts';
import type { Trainer } from '../../engine/train/trainer-types.ts';
import type { EpochReport, RunFinished } from '../contract/jobs.ts';
import { weightsSha256 } from './weights-hash.ts';

/** What an epoch came to. */
export function toReport(event: Extract<SessionEvent, { type: 'epoch' }>): EpochReport {
  const { epoch, step, train, validation, best } = event.result;
  return {
    epoch,
    step,
    trainLoss: train.loss,
    trainAccuracy: train.accuracy,
    validationLoss: validation?.loss ?? NaN,
    validationAccuracy: validation?.accuracy ?? NaN,
    samplesPerSecond: event.samplesPerSecond,
    best,
    elapsedMs: event.elapsedMs,
  };
}

/** What a run came to. */
export function toFinished(result: FinishedResult, trainer: Trainer): RunFinished {
  return {
    status: result.status,
    message: messageOf(result),
    steps: result.steps,
    epochs: result.epochs,
    elapsedMs: result.elapsedMs,
    trainAccuracy: figure(result.train?.accuracy),
    validationAccuracy: figure(result.validation?.accuracy),
    bestEpoch: result.bestEpoch?.epoch ?? null,
    testLoss: figure(result.test?.loss),
    testAccuracy: figure(result.test?.accuracy),
    weightsSha256: weightsSha256(trainer.weights('last')),
  };
}

/** null for what does not apply (NaN: there is no accuracy in a regression). */
function figure(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function messageOf({ divergence, earlyStopped, epochs }: FinishedResult): Message | null {
  if (divergence !== null) {
    const { step, lr, problem } = divergence;
    return say`diverged at step ${step}: ${problem} (learning rate ${lr}); the last finite weights are kept`;
  }
  return earlyStopped ? say`stopped early after epoch ${epochs}` : null;
}
