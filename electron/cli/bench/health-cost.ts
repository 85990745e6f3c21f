/** What the layers' health costs at its usual rate: the same training with and without, turn by turn. */

import type { Kernels } from '../../../engine/kernels/kernels.ts';
import { createTrainer } from '../../../engine/train/trainer.ts';
import type { Trainer } from '../../../engine/train/trainer-types.ts';
import { initialWeights, makeData, ROWS, specOf, type Workload } from './workloads.ts';

/** What looking at the layers' health costs a workload. */
export interface HealthCost {
  readonly workload: Workload;
  /** Time added to a step, as a share of a step without, one figure a pair of turns. */
  readonly shares: readonly number[];
}

/** Turns of each kind. */
const TURNS = 15;
const WARM_UP = 3;

/** @param seconds length of a turn */
export function measureHealthCost(kernels: Kernels, workloads: readonly Workload[], seconds: number): HealthCost[] {
  const data = makeData(ROWS);
  return workloads.map((workload) => {
    const trainerWith = (enabled: boolean): Trainer => {
      const bare = specOf(workload, false);
      const spec = { ...bare, training: { ...bare.training, health: { enabled, everySteps: null } } };
      return createTrainer({ spec, data, kernels, initialWeights: initialWeights(workload, spec) });
    };
    const off = trainerWith(false);
    const on = trainerWith(true);
    const shares: number[] = [];
    for (let turn = 0; turn < WARM_UP + TURNS; turn++) {
      // Who goes first changes, so that a machine that gets slower favours neither.
      const first = turn % 2 === 0 ? stepMs(off, seconds) : stepMs(on, seconds);
      const second = turn % 2 === 0 ? stepMs(on, seconds) : stepMs(off, seconds);
      const [without, withHealth] = turn % 2 === 0 ? [first, second] : [second, first];
      if (turn >= WARM_UP) shares.push(withHealth / without - 1);
    }
    return { workload, shares };
  });
}

/** Processor time of a step, milliseconds: what else the machine does meanwhile is left out. */
function stepMs(trainer: Trainer, seconds: number): number {
  const end = performance.now() + 1000 * seconds;
  const before = process.cpuUsage();
  let steps = 0;
  do {
    // Whole intervals of the usual rate, so that every turn holds its share of samples.
    for (let i = 0; i < 100; i++) {
      const result = trainer.trainStep();
      if (result.diverged) throw new Error(`bench: the run diverged at step ${result.step}`);
      if (trainer.healthDue()) trainer.health();
      if (result.epochEnded) trainer.finishEpoch();
    }
    steps += 100;
  } while (performance.now() < end);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / steps;
}
