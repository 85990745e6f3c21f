/** Which trials are given up: one pure function over all pruners, asked after an epoch of a trial's first repeat. */

import type { SweepSpec } from '../spec/sweep-spec.ts';
import { ashaRungs } from './asha.ts';
import { hyperbandRungs } from './hyperband.ts';
import { medianDecision } from './median.ts';
import { nextRung, rungDecision } from './rungs.ts';
import { thresholdDecision } from './threshold.ts';
import type { TrialReason } from '../spec/sweep-status.ts';
import { curveOf, type Trial } from './trial.ts';

/**
 * Why the trial should be pruned after the epochs it has reported, or null to let it go on. `trials` are all trials of
 * the sweep, the one in question among them. Trials marked exempt are never pruned, nor is one between the epochs its
 * pruner decides at.
 */
export function pruneDecision(spec: SweepSpec, trial: Trial, trials: readonly Trial[]): TrialReason | null {
  const epoch = curveOf(trial).length;
  if (epoch === 0 || nextDecision(spec, trial, epoch - 1) !== epoch) return null;
  const { pruner, objective } = spec;
  switch (pruner.type) {
    case 'none':
      return null;
    case 'median':
      return medianDecision(pruner, objective, trial, trials);
    case 'threshold':
      return thresholdDecision(pruner, trial);
    case 'asha':
      return rungDecision(objective, (other) => ashaRungs(pruner, other.number), pruner.reduction, trial, trials);
    case 'hyperband': {
      const epochs = plannedEpochs(spec) ?? Infinity;
      return rungDecision(
        objective,
        (other) => hyperbandRungs(pruner, epochs, other.number),
        pruner.reduction,
        trial,
        trials,
      );
    }
  }
}

/** The first epoch after `epoch` at which the trial can be pruned; null when it cannot any more. */
export function nextDecision(spec: SweepSpec, trial: Trial, epoch: number): number | null {
  if (trial.exempt) return null;
  const next = nextEpoch(spec, trial, epoch);
  const planned = plannedEpochs(spec);
  // After its last epoch a trial is done, and nothing is saved by giving it up.
  return next === null || (planned !== null && next >= planned) ? null : next;
}

function nextEpoch({ pruner, ...spec }: SweepSpec, trial: Trial, epoch: number): number | null {
  switch (pruner.type) {
    case 'none':
      return null;
    case 'median': {
      const first = pruner.warmupEpochs + 1;
      return epoch < first ? first : first + Math.ceil((epoch + 1 - first) / pruner.every) * pruner.every;
    }
    case 'threshold':
      return Math.max(epoch, pruner.warmupEpochs) + 1;
    case 'asha':
      return nextRung(ashaRungs(pruner, trial.number), epoch);
    case 'hyperband':
      return nextRung(hyperbandRungs(pruner, plannedEpochs({ ...spec, pruner }) ?? Infinity, trial.number), epoch);
  }
}

/** Epochs a trial trains when nothing ends it; null when its length is counted in steps or varies. */
export function plannedEpochs({ epochsPerTrial, base, space }: SweepSpec): number | null {
  if ('training.epochs' in space || 'training.steps' in space) return null;
  return epochsPerTrial ?? base.training.epochs ?? null;
}
