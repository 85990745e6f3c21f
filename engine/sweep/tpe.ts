/**
 * TPE, the tree-structured Parzen estimator (Bergstra, Bardenet, Bengio & Kégl, "Algorithms for Hyper-Parameter
 * Optimization", NeurIPS 2011): trials so far are split into the best few and the rest, densities l and g are put
 * over either group, and of some draws from l the one with the largest l / g is tried next.
 */

import {
  countOf,
  drawParams,
  positionOf,
  valueAt,
  type Distribution,
  type ParamValue,
  type TrialParams,
} from '../spec/search-space.ts';
import type { SamplerSpec, SweepSpec } from '../spec/sweep-spec.ts';
import type { Rng } from '../math/rng.ts';
import { rankEnded } from './objective.ts';
import { parzenDensity, parzenKernels, PRIOR_KERNEL, sampleKernel } from './parzen.ts';
import { randomParams } from './random.ts';
import { drawing } from './seeds.ts';
import { jointSample } from './tpe-joint.ts';
import type { Trial } from './trial.ts';

export type TpeSpec = Extract<SamplerSpec, { type: 'tpe' }>;

/** γ: share of the trials in the better group, and the most it ever holds. */
const BETTER_SHARE = 0.15;
const MOST_BETTER = 25;

export interface Split {
  readonly better: readonly TrialParams[];
  readonly rest: readonly TrialParams[];
}

/**
 * The first `startup` trials are random. Then every parameter has its own pair of densities (`multivariate`: the
 * parameters without conditions share one). Pruned trials rank below completed ones and failed ones below those, so
 * both teach what to avoid; trials still running count as the rest, which keeps workers from trying the same twice.
 *
 * What is suggested depends on which trials have ended when it is asked: with one worker a seed always gives the same
 * list, with more the order in which trials end shows in it.
 */
export function tpeParams(spec: SweepSpec, tpe: TpeSpec, place: number, trials: readonly Trial[]): TrialParams {
  const ended = rankEnded(spec.objective, trials);
  if (ended.length < tpe.startup) {
    return randomParams(
      spec.space,
      spec.seed,
      place,
      trials.map(({ params }) => params),
    );
  }
  const split = splitTrials(
    ended,
    trials.filter((trial) => trial.ended === null),
  );
  const joint = tpe.multivariate ? jointSample(spec, tpe.candidates, place, split) : {};
  return drawParams(spec.space, (path, distribution) =>
    path in joint
      ? (joint[path] as ParamValue)
      : singleSample(distribution, tpe.candidates, valuesAt(split, path), drawing(spec.seed, place, `tpe ${path}`)),
  );
}

/** `ended` best first. */
function splitTrials(ended: readonly Trial[], running: readonly Trial[]): Split {
  const count = Math.min(Math.ceil(BETTER_SHARE * ended.length), MOST_BETTER);
  const params = ended.map((trial) => trial.params);
  return { better: params.slice(0, count), rest: [...params.slice(count), ...running.map((trial) => trial.params)] };
}

interface Values {
  readonly better: readonly ParamValue[];
  readonly rest: readonly ParamValue[];
}

function valuesAt({ better, rest }: Split, path: string): Values {
  const pick = (group: readonly TrialParams[]): ParamValue[] =>
    group.flatMap((params) => (path in params ? [params[path] as ParamValue] : []));
  return { better: pick(better), rest: pick(rest) };
}

function singleSample(distribution: Distribution, candidates: number, values: Values, rng: Rng): ParamValue {
  const positions = (group: readonly ParamValue[]): number[] =>
    group.flatMap((value) => positionOf(distribution, value) ?? []);
  const [better, rest] = [positions(values.better), positions(values.rest)];
  const u =
    distribution.type === 'choice'
      ? sampleChoice(countOf(distribution), candidates, better, rest, rng)
      : sampleNumber(distribution, candidates, better, rest, rng);
  return valueAt(distribution, u);
}

function sampleNumber(
  distribution: Distribution,
  candidates: number,
  better: readonly number[],
  rest: readonly number[],
  rng: Rng,
): number {
  const [l, g] = [parzenKernels(better), parzenKernels(rest)];
  return largest(candidates, () => {
    const drawn = sampleKernel(rng, l[rng.int(l.length)] ?? PRIOR_KERNEL);
    // Judged where the value will lie: whole numbers are the middle of their share.
    const u = positionOf(distribution, valueAt(distribution, drawn)) ?? drawn;
    return { u, gain: parzenDensity(u, l) / parzenDensity(u, g) };
  });
}

/** Shares of the choices in either group, a single trial spread over all of them added. */
function sampleChoice(
  count: number,
  candidates: number,
  better: readonly number[],
  rest: readonly number[],
  rng: Rng,
): number {
  const shares = (group: readonly number[]): number[] => {
    const weights = Array.from({ length: count }, () => 1 / count);
    for (const u of group) weights[Math.floor(u * count)]! += 1;
    return weights.map((weight) => weight / (group.length + 1));
  };
  const [l, g] = [shares(better), shares(rest)];
  return largest(candidates, () => {
    const index = drawIndex(l, rng);
    return { u: (index + 0.5) / count, gain: (l[index] ?? 0) / (g[index] ?? 1) };
  });
}

/** An index, each as likely as its weight; the weights add up to 1. */
export function drawIndex(weights: readonly number[], rng: Rng): number {
  let left = rng.uniform();
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return i;
  }
  return weights.length - 1;
}

/** The draw with the largest gain, the first of equal ones. */
export function largest<T>(count: number, draw: () => { readonly u: T; readonly gain: number }): T {
  let best = draw();
  for (let i = 1; i < count; i++) {
    const next = draw();
    if (next.gain > best.gain) best = next;
  }
  return best.u;
}
