import type { Schedule } from './schedule.ts';

/** lr(t) = lr·γ^t */
export function exponentialSchedule(lr: number, gamma: number): Schedule {
  return (t) => lr * gamma ** t;
}
