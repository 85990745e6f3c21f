/** Trains the way from an earlier checkpoint to the last one again and compares every loss with the logged one. */

import type { LoggedLosses, LossComparison } from '../../engine/spec/loss-comparison.ts';
import { LossCheck } from '../../engine/train/loss-check.ts';
import type { Trainer } from '../../engine/train/trainer-types.ts';

/** How long it keeps the thread before messages are looked at. */
const SLICE_MS = 20;

/**
 * Leaves the trainer at `last`, as if nothing had happened. A replay that diverges or ends where the run went on says
 * so with a difference; null when `wanted` said no before it was through. Throws a CheckpointError for bytes that
 * belong to another run.
 */
export async function replay(
  trainer: Trainer,
  checkpoints: { readonly from: Uint8Array; readonly last: Uint8Array },
  logged: LoggedLosses,
  wanted: () => boolean,
): Promise<LossComparison | null> {
  const check = new LossCheck(logged);
  trainer.restore(checkpoints.from);
  let sliceEnds = performance.now() + SLICE_MS;
  while (!check.done && !trainer.done && wanted()) {
    const result = trainer.trainStep();
    check.step(result.step, result.loss);
    if (result.diverged) break;
    if (result.epochEnded) trainer.finishEpoch();
    if (performance.now() < sliceEnds) continue;
    await new Promise((resolve) => setImmediate(resolve));
    sliceEnds = performance.now() + SLICE_MS;
  }
  const called = !check.done && !trainer.done;
  trainer.restore(checkpoints.last);
  if (called) return null;
  check.breakOff();
  return check.result;
}
