import type { Schedule } from './schedule.ts';

/** lr(t) = lr·γ^⌊t/every⌋ */
export function stepSchedule(lr: number, gamma: number, every: number): Schedule {
  return (t) => lr * gamma ** Math.floor(t / every);
}
