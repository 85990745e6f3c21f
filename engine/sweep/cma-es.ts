/**
 * CMA-ES, the covariance matrix adaptation evolution strategy, after Hansen's "The CMA Evolution Strategy: A
 * Tutorial" (2016, arXiv:1604.00772): a generation of trials is drawn from a normal distribution over the unit cube,
 * whose mean, step size and covariance then move towards the better half. Symbols as in the tutorial's figure 6.
 */

import { drawParams, positionOf, valueAt, type ParamValue, type TrialParams } from '../spec/search-space.ts';
import type { SamplerSpec, SweepSpec } from '../spec/sweep-spec.ts';
import type { Rng } from '../math/rng.ts';
import { symmetricEigen, type Eigen, type Matrix } from './eigen.ts';
import { rankEnded } from './objective.ts';
import { drawing } from './seeds.ts';
import { hasEnded, type Trial } from './trial.ts';

export type CmaSpec = Extract<SamplerSpec, { type: 'cma-es' }>;

/** The distribution a generation is drawn from; positions in the unit cube. */
export interface CmaState {
  readonly generation: number;
  readonly mean: readonly number[];
  readonly sigma: number;
  readonly covariance: Matrix;
  /** p_σ and p_c, the evolution paths. */
  readonly sigmaPath: readonly number[];
  readonly covariancePath: readonly number[];
}

/** A draw outside the cube is drawn again this often before it is moved to the edge. */
const REDRAWS = 20;

export function populationOf(spec: SweepSpec, { population }: CmaSpec): number {
  return population ?? 4 + Math.floor(3 * Math.log(Object.keys(spec.space).length));
}

export interface CmaSuggestion {
  readonly params: TrialParams;
  readonly state: CmaState;
}

/**
 * The parameters at one place of the sequence, or null while trials of the generation before are still running: a
 * generation is a barrier, so any number of workers gives the same list (as long as scores do not depend on them; a
 * pruner's may). Takes numbers only. Failed trials are the worst of their generation, pruned ones come before them.
 * Suggestions by hand are not part of it. `known` is a state of an earlier generation of the same sweep, or null. It
 * saves work and changes nothing, unless a trial of a generation it has dealt with was retried since: its new score
 * counts only where the states are worked out anew, as after a restart.
 */
export function cmaParams(
  spec: SweepSpec,
  cma: CmaSpec,
  place: number,
  trials: readonly Trial[],
  known: CmaState | null,
): CmaSuggestion | null {
  const size = populationOf(spec, cma);
  const wanted = Math.floor(place / size);
  let state = known !== null && known.generation <= wanted ? known : firstState(spec, cma);
  while (state.generation < wanted) {
    const from = state.generation * size;
    const generation = trials.filter(
      (trial) => trial.place !== null && trial.place >= from && trial.place < from + size,
    );
    if (generation.length < size || !generation.every(hasEnded)) return null;
    state = nextState(spec, state, rankEnded(spec.objective, generation), size);
  }
  const x = drawPoint(state, drawing(spec.seed, place, 'cma-es'));
  let axis = 0;
  const params = drawParams(spec.space, (_path, distribution): ParamValue =>
    valueAt(distribution, x[axis++] as number),
  );
  return { params, state };
}

function firstState(spec: SweepSpec, { sigma }: CmaSpec): CmaState {
  const axes = Object.keys(spec.space);
  return {
    generation: 0,
    mean: axes.map(() => 0.5),
    sigma,
    covariance: axes.map((_, i) => axes.map((__, j) => (i === j ? 1 : 0))),
    sigmaPath: axes.map(() => 0),
    covariancePath: axes.map(() => 0),
  };
}

/** x = m + σ · B D z, z standard normal. */
function drawPoint({ mean, sigma, covariance }: CmaState, rng: Rng): number[] {
  const { values, vectors } = symmetricEigen(covariance);
  const scales = values.map((value) => Math.sqrt(Math.max(value, 0)));
  const draw = (): number[] => {
    const z = scales.map((scale) => scale * rng.normal());
    return mean.map((m, i) => m + sigma * dot(vectors[i] ?? [], z));
  };
  const inside = (point: readonly number[]): boolean => point.every((u) => u >= 0 && u < 1);
  let point = draw();
  for (let i = 0; i < REDRAWS && !inside(point); i++) point = draw();
  return point.map((u) => Math.min(Math.max(u, 0), 1 - 1e-12));
}

/** Recombination weights and learning rates for n dimensions and λ trials (tutorial, table 1). */
function constants(n: number, lambda: number) {
  const raw = Array.from({ length: lambda }, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1));
  const mu = Math.floor(lambda / 2);
  const effective = (weights: readonly number[]): number => sum(weights) ** 2 / sum(weights.map((w) => w * w));
  const [muEff, muEffMinus] = [effective(raw.slice(0, mu)), effective(raw.slice(mu))];
  const cSigma = (muEff + 2) / (n + muEff + 5);
  const dSigma = 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma;
  const cc = (4 + muEff / n) / (n + 4 + (2 * muEff) / n);
  const c1 = 2 / ((n + 1.3) ** 2 + muEff);
  const cMu = Math.min(1 - c1, (2 * (0.25 + muEff + 1 / muEff - 2)) / ((n + 2) ** 2 + muEff));
  const limit = Math.min(1 + c1 / cMu, 1 + (2 * muEffMinus) / (muEff + 2), (1 - c1 - cMu) / (n * cMu));
  const [positive, negative] = [sum(raw.filter((w) => w > 0)), -sum(raw.filter((w) => w < 0))];
  const weights = raw.map((w) => (w >= 0 ? w / positive : (limit * w) / negative));
  const chiN = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  return { mu, muEff, cSigma, dSigma, cc, c1, cMu, weights, chiN };
}

function nextState(spec: SweepSpec, state: CmaState, ranked: readonly Trial[], lambda: number): CmaState {
  const generation = state.generation + 1;
  // Without a single score there is nothing to learn from.
  if (ranked.every(({ score }) => score === null)) return { ...state, generation };
  const n = state.mean.length;
  const { mu, muEff, cSigma, dSigma, cc, c1, cMu, weights, chiN } = constants(n, lambda);
  const y = ranked.map((trial) => stepOf(spec, state, trial));
  const best = y.slice(0, mu);
  const yw = state.mean.map((_, i) => sum(best.map((one, k) => (weights[k] ?? 0) * (one[i] ?? 0))));
  const eigen = symmetricEigen(state.covariance);
  const whitened = whiten(eigen, yw);
  const gain = Math.sqrt(cSigma * (2 - cSigma) * muEff);
  const sigmaPath = state.sigmaPath.map((p, i) => (1 - cSigma) * p + gain * (whitened[i] ?? 0));
  const length = Math.sqrt(dot(sigmaPath, sigmaPath));
  const settled = length / Math.sqrt(1 - (1 - cSigma) ** (2 * generation)) < (1.4 + 2 / (n + 1)) * chiN ? 1 : 0;
  const covariancePath = state.covariancePath.map(
    (p, i) => (1 - cc) * p + settled * Math.sqrt(cc * (2 - cc) * muEff) * (yw[i] ?? 0),
  );
  // Negative weights are scaled so that a single far step cannot make the matrix indefinite.
  const scaled = weights.map((w, k) => {
    if (w >= 0) return w;
    const z = whiten(eigen, y[k] ?? []);
    return (w * n) / Math.max(dot(z, z), 1e-12);
  });
  const keep = 1 + c1 * (1 - settled) * cc * (2 - cc) - c1 - cMu * sum(weights);
  const covariance = state.covariance.map((row, i) =>
    row.map((value, j) => {
      const rankMu = sum(y.map((one, k) => (scaled[k] ?? 0) * (one[i] ?? 0) * (one[j] ?? 0)));
      return keep * value + c1 * (covariancePath[i] ?? 0) * (covariancePath[j] ?? 0) + cMu * rankMu;
    }),
  );
  return {
    generation,
    mean: state.mean.map((m, i) => m + state.sigma * (yw[i] ?? 0)),
    // A step larger than the cube or smaller than a double can tell would be of no use.
    sigma: Math.min(Math.max(state.sigma * Math.exp((cSigma / dSigma) * (length / chiN - 1)), 1e-8), 1),
    covariance,
    sigmaPath,
    covariancePath,
  };
}

/** (x − m) / σ, from the values the trial really had: whole numbers lie where they were rounded to. */
function stepOf(spec: SweepSpec, { mean, sigma }: CmaState, { params }: Trial): number[] {
  return Object.entries(spec.space).map(([path, distribution], i) => {
    const m = mean[i] ?? 0;
    return ((positionOf(distribution, params[path]) ?? m) - m) / sigma;
  });
}

/** C^(−1/2) · y */
function whiten({ values, vectors }: Eigen, y: readonly number[]): number[] {
  const along = values.map(
    (value, k) =>
      dot(
        vectors.map((row) => row[k] ?? 0),
        y,
      ) / Math.sqrt(Math.max(value, 1e-20)),
  );
  return vectors.map((row) => dot(row, along));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, x, i) => total + x * (b[i] ?? 0), 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, x) => total + x, 0);
}
