/**
 * The multivariate variant of TPE: one kernel a trial over all parameters at once, so that settings that only work
 * together are drawn together (Falkner, Klein & Hutter, "BOHB", ICML 2018, section 3.2; widths by Scott's rule).
 */

import {
  countOf,
  positionOf,
  valueAt,
  type Distribution,
  type ParamValue,
  type TrialParams,
} from '../spec/search-space.ts';
import type { SweepSpec } from '../spec/sweep-spec.ts';
import type { Rng } from '../math/rng.ts';
import { kernelDensity, parzenKernel, sampleKernel, type ParzenKernel } from './parzen.ts';
import { drawing } from './seeds.ts';

interface Groups {
  readonly better: readonly TrialParams[];
  readonly rest: readonly TrialParams[];
}

/** A dimension of the joint densities. */
interface Axis {
  readonly path: string;
  readonly distribution: Distribution;
}

/** One kernel an axis, around where a trial lay; null is the prior, which knows nothing. */
type Centre = readonly ParzenKernel[] | null;

interface Mixture {
  readonly axes: readonly Axis[];
  readonly centres: readonly Centre[];
}

/** Scott's rule for the width of a kernel, as a share of the range: narrower the more trials, wider the more axes. */
const WIDTH = 0.2;

/** Values of the parameters that have no condition; the others are drawn one by one. */
export function jointSample(spec: SweepSpec, candidates: number, place: number, groups: Groups): TrialParams {
  const axes = Object.entries(spec.space)
    .filter(([, distribution]) => distribution.when === undefined)
    .map(([path, distribution]) => ({ path, distribution }));
  const rng = drawing(spec.seed, place, 'tpe jointly');
  const [l, g] = [mixtureOf(axes, groups.better), mixtureOf(axes, groups.rest)];
  let best: { params: TrialParams; gain: number } | null = null;
  for (let i = 0; i < candidates; i++) {
    const params = sampleMixture(l, rng);
    const u = positionsOf(axes, params);
    const gain = u === null ? -Infinity : logDensity(l, u) - logDensity(g, u);
    if (best === null || gain > best.gain) best = { params, gain };
  }
  return best?.params ?? {};
}

function positionsOf(axes: readonly Axis[], params: TrialParams): number[] | null {
  const positions = axes.map(({ path, distribution }) => positionOf(distribution, params[path]));
  return positions.includes(null) ? null : (positions as number[]);
}

function mixtureOf(axes: readonly Axis[], trials: readonly TrialParams[]): Mixture {
  const points = trials.flatMap((params) => {
    const positions = positionsOf(axes, params);
    return positions === null ? [] : [positions];
  });
  const width = WIDTH * Math.max(points.length, 1) ** (-1 / (axes.length + 4));
  return { axes, centres: [...points.map((point) => point.map((at) => parzenKernel(at, width))), null] };
}

/** Share of a choice's kernel that is spread over all values, so that none is ever impossible. */
function spread(mixture: Mixture, count: number): number {
  const prior = count / mixture.centres.length;
  return prior / (1 + prior);
}

function sampleMixture(mixture: Mixture, rng: Rng): TrialParams {
  const centre = mixture.centres[rng.int(mixture.centres.length)] ?? null;
  const drawn = mixture.axes.map(({ path, distribution }, axis): [string, ParamValue] => {
    const at = centre?.[axis];
    const loose = distribution.type === 'choice' && rng.uniform() < spread(mixture, countOf(distribution));
    if (at === undefined || loose) return [path, valueAt(distribution, rng.uniform())];
    return [path, valueAt(distribution, distribution.type === 'choice' ? at.centre : sampleKernel(rng, at))];
  });
  return Object.fromEntries(drawn);
}

function logDensity(mixture: Mixture, u: readonly number[]): number {
  const logs = mixture.centres.map((centre) =>
    mixture.axes.reduce((sum, { distribution }, axis) => {
      const [at, x] = [centre?.[axis], u[axis] as number];
      if (distribution.type !== 'choice') {
        return at === undefined ? sum : sum + Math.log(kernelDensity(x, at));
      }
      const count = countOf(distribution);
      if (at === undefined) return sum - Math.log(count);
      const loose = spread(mixture, count);
      return sum + Math.log(loose / count + (Math.floor(at.centre * count) === Math.floor(x * count) ? 1 - loose : 0));
    }, 0),
  );
  const top = Math.max(...logs);
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0) / logs.length);
}
