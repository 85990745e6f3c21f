/**
 * Hyperband (Li, Jamieson, DeSalvo, Rostamizadeh & Talwalkar, "Hyperband: A Novel Bandit-Based Approach to
 * Hyperparameter Optimization", JMLR 18, 2018): brackets of successive halving, from many short trials to few long
 * ones. Trials fill the brackets in the paper's order, n_s at a time, and start over when all are full; within a
 * bracket they are halved one by one as in ASHA, so that no worker waits for a whole rung.
 *
 * It will not prune: before a bracket's first rung, between rungs, after a trial's last epoch, trials of the last
 * bracket (s = 0: they all run to the end), the first ones at a rung as long as they are the best there, and a trial
 * marked exempt.
 */

import type { PrunerSpec } from '../spec/sweep-spec.ts';
import type { Rungs } from './rungs.ts';

type HyperbandSpec = Extract<PrunerSpec, { type: 'hyperband' }>;

/** n_s trials for each bracket, s from s_max to 0: n_s = ⌈(s_max + 1) / (s + 1) · η^s⌉, s_max = ⌊log_η(R / minEpochs)⌋. */
export function bracketSizes({ minEpochs, reduction }: HyperbandSpec, epochs: number): number[] {
  let most = 0;
  while (minEpochs * reduction ** (most + 1) <= epochs) most++;
  return Array.from({ length: most + 1 }, (_, i) => Math.ceil(((most + 1) / (most - i + 1)) * reduction ** (most - i)));
}

/** Rungs of bracket s: ⌊R · η^(i − s)⌋ epochs for i = 0 … s − 1; at i = s a trial is done. */
export function hyperbandRungs(pruner: HyperbandSpec, epochs: number, trial: number): Rungs {
  const sizes = bracketSizes(pruner, epochs);
  let place = trial % sizes.reduce((total, size) => total + size, 0);
  let index = 0;
  while (place >= (sizes[index] ?? Infinity)) place -= sizes[index++] ?? 0;
  const s = sizes.length - 1 - index;
  const { reduction } = pruner;
  return { bracket: s, epochAt: (rung) => (rung < s ? Math.floor(epochs / reduction ** (s - rung)) : Infinity) };
}
