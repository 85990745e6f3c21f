/** From a schedule's spec to the schedule. */

import type { ScheduleSpec } from '../spec/layer-spec.ts';
import { constantSchedule } from './constant.ts';
import { exponentialSchedule } from './exponential.ts';
import { oneCycleSchedule } from './one-cycle.ts';
import type { Schedule } from './schedule.ts';
import { stepSchedule } from './step.ts';
import { warmupCosineSchedule } from './warmup-cosine.ts';

/** `lr` is the optimizer's learning rate, `total` the number of steps of the whole run. */
export function createSchedule(spec: ScheduleSpec, lr: number, total: number): Schedule {
  switch (spec.type) {
    case 'constant':
      return constantSchedule(lr);
    case 'exponential':
      return exponentialSchedule(lr, spec.gamma);
    case 'step':
      return stepSchedule(lr, spec.gamma, spec.every);
    case 'warmup-cosine':
      return warmupCosineSchedule(lr, spec.warmup, spec.min, total);
    case 'one-cycle':
      return oneCycleSchedule(spec.maxLr, spec.pctStart, spec.divFactor, spec.finalDivFactor, total);
  }
}
