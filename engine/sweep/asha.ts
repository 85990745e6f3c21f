/**
 * ASHA, asynchronous successive halving (Li, Jamieson, Rostamizadeh, Gonina, Ben-tzur, Hardt, Recht & Talwalkar, "A
 * System for Massively Parallel Hyperparameter Tuning", MLSys 2020), in its stopping form: a trial that does not
 * belong to the best 1/η at its rung is stopped there instead of being kept for a later promotion.
 *
 * It will not prune: before `minEpochs`, between rungs (minEpochs · η^(bracket + rung)), after a trial's last epoch, the
 * first trials at a rung as long as they are the best there (with fewer than η trials only the best one goes on), and
 * a trial marked exempt. A trial that is stopped does not come back when later ones turn out worse.
 */

import type { PrunerSpec } from '../spec/sweep-spec.ts';
import type { Rungs } from './rungs.ts';

export function ashaRungs(
  { minEpochs, reduction, brackets }: Extract<PrunerSpec, { type: 'asha' }>,
  trial: number,
): Rungs {
  const bracket = trial % brackets;
  return { bracket, epochAt: (rung) => minEpochs * reduction ** (bracket + rung) };
}
