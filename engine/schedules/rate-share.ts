import type { RunSpec } from '../spec/run-spec.ts';
import { createSchedule } from './create-schedule.ts';
import { largestRate } from './largest-rate.ts';

/** The learning rate of the update before `step`, as a share of the largest the spec names; 1 before the first. */
export function rateShare(spec: RunSpec, step: number, totalSteps: number): number {
  if (step === 0) return 1;
  return createSchedule(spec.schedule, spec.optimizer.lr, totalSteps)(step - 1) / largestRate(spec);
}
