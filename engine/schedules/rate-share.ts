import type { RunSpec } from '../spec/run-spec.ts';
import { createSchedule } from './create-schedule.ts';

/** The learning rate of the update before `step`, as a share of the largest the spec names; 1 before the first. */
export function rateShare({ schedule, optimizer }: RunSpec, step: number, totalSteps: number): number {
  if (step === 0) return 1;
  const largest = schedule.type === 'one-cycle' ? schedule.maxLr : optimizer.lr;
  return createSchedule(schedule, optimizer.lr, totalSteps)(step - 1) / largest;
}
