/** Whether lanes began alike and saw the same mini-batches, told from the hashes of their runs. */

import type { Fingerprints } from '../../electron/contract/runs.ts';

export const SHARED_THINGS = ['initialWeights', 'batches', 'split'] as const;
export type SharedThing = (typeof SHARED_THINGS)[number];

export interface LaneFingerprints {
  readonly name: string;
  /** By seed, in the same order in every lane; null while a run has not started. */
  readonly seeds: readonly (Fingerprints | null)[];
}

export interface Sharing {
  readonly thing: SharedThing;
  /** `unknown`: fewer than two lanes have started with a common seed. */
  readonly state: 'same' | 'differs' | 'unknown';
  /** SHA-256 of the first lane's first seed, null when unknown. */
  readonly hash: string | null;
  /** Lanes whose hash is another one than the first lane's. */
  readonly differing: readonly string[];
  /** Lanes that have not started. */
  readonly waiting: readonly string[];
}

/** Lanes are compared seed by seed: two seeds are meant to differ. */
export function sharing(lanes: readonly LaneFingerprints[], thing: SharedThing): Sharing {
  const started = lanes.filter((lane) => lane.seeds.some((seed) => seed !== null));
  const waiting = lanes.filter((lane) => !started.includes(lane)).map((lane) => lane.name);
  const [first] = started;
  const hash = first?.seeds.find((seed) => seed !== null)?.[thing] ?? null;
  let compared = 0;
  const differing = started.slice(1).filter((lane) => {
    let other = false;
    lane.seeds.forEach((seed, i) => {
      const wanted = first?.seeds[i];
      if (seed === null || wanted === null || wanted === undefined) return;
      compared++;
      if (seed[thing] !== wanted[thing]) other = true;
    });
    return other;
  });
  const state = differing.length > 0 ? 'differs' : compared > 0 ? 'same' : 'unknown';
  return { thing, state, hash, differing: differing.map((lane) => lane.name), waiting };
}

/** "e01c…c556" */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 4)}…${hash.slice(-4)}`;
}
