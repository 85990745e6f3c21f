import type { Schedule } from './schedule.ts';

/** lr(t) = lr */
export function constantSchedule(lr: number): Schedule {
  return () => lr;
}
