import type { RunSpec } from '../spec/run-spec.ts';

type Rates = Pick<RunSpec, 'schedule' | 'optimizer'>;

/** Where a spec names its learning rate: the one-cycle schedule has one of its own and leaves the optimizer's unused. */
export function ratePath(schedule: RunSpec['schedule']): 'optimizer.lr' | 'schedule.maxLr' {
  return schedule.type === 'one-cycle' ? 'schedule.maxLr' : 'optimizer.lr';
}

/** The largest learning rate a spec names. */
export function largestRate({ schedule, optimizer }: Rates): number {
  return schedule.type === 'one-cycle' ? schedule.maxLr : optimizer.lr;
}
