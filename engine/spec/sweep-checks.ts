/** What is wrong with a sweep spec that no single field shows: paths, conditions, combinations, counts. */

import { said, say, word, type Message } from './message.ts';
import { applyParams } from './apply-params.ts';
import { countCells } from './grid.ts';
import type { RunSpec, SpecIssue } from './run-spec.ts';
import { shown } from './schema-parts.ts';
import {
  countOf,
  drawParams,
  isActive,
  positionOf,
  sameValue,
  valueAt,
  type Distribution,
  type ParamValue,
  type SearchSpace,
  type TrialParams,
} from './search-space.ts';
import type { SweepFields } from './sweep-spec.ts';

/** A grid with more cells than this is refused… */
export const LARGEST_GRID = 100_000;
/** …and one with more than this comes with a warning. */
const LARGE_GRID = 1000;
/** Dimensions the Sobol sequence has direction numbers for. */
export const SOBOL_DIMENSIONS = 64;
const DEFAULT_TRIALS = 100;

export interface CheckedSweep {
  readonly trials: number;
  readonly issues: readonly SpecIssue[];
  readonly warnings: readonly SpecIssue[];
}

export function checkSweep(sweep: SweepFields, base: RunSpec): CheckedSweep {
  const conditions = conditionIssues(sweep.space);
  // Without sound conditions nothing that follows can be worked out.
  if (conditions.length > 0) return { trials: 0, issues: conditions, warnings: [] };
  const size = sizeOfSweep(sweep);
  return {
    trials: size.trials,
    issues: [
      ...pathIssues(sweep, base),
      ...samplerIssues(sweep, size.trials),
      ...budgetIssues(sweep, base),
      ...size.issues,
      ...sweep.enqueue.flatMap((params, i) => enqueueIssues(sweep.space, base, params, `enqueue.${i}`)),
    ],
    warnings: [...size.warnings, ...sweep.enqueue.flatMap((params, i) => enqueueWarnings(sweep.space, params, i))],
  };
}

function conditionIssues(space: SearchSpace): SpecIssue[] {
  return Object.entries(space).flatMap(([path, { when }]) => {
    if (when === undefined) return [];
    const at = `space.${path}.when`;
    const parent = space[when.path];
    if (parent === undefined) {
      return [{ path: `${at}.path`, ...say`expected another parameter of the space, got ${shown(when.path)}` }];
    }
    if (runsInCircles(space, path)) return [{ path: `${at}.path`, message: 'the conditions run in a circle' }];
    if (countOf(parent) === Infinity) {
      const message = say`${when.path} is continuous; a condition needs a choice or whole numbers`;
      return [{ path: `${at}.path`, ...message }];
    }
    const never = when.in.findIndex((value) => !canBe(parent, value));
    return never < 0 ? [] : [{ path: `${at}.in.${never}`, ...say`${when.path} is never ${shown(when.in[never])}` }];
  });
}

function runsInCircles(space: SearchSpace, path: string): boolean {
  let at = space[path]?.when?.path;
  for (let i = 0; at !== undefined && i <= Object.keys(space).length; i++) {
    if (at === path) return true;
    at = space[at]?.when?.path;
  }
  return at !== undefined;
}

function canBe(distribution: Distribution, value: ParamValue): boolean {
  const at = positionOf(distribution, value);
  return at !== null && sameValue(valueAt(distribution, at), value);
}

/** Applies values from all over the space to the base; the first thing wrong with a parameter is said at the parameter. */
function pathIssues(sweep: SweepFields, base: RunSpec): SpecIssue[] {
  const { space } = sweep;
  const issues = new Map<string, Message>();
  for (const path of ['seed', 'name']) {
    if (path in space)
      issues.set(
        path,
        path === 'seed'
          ? word('seed is set by the sweep itself; see seedsPerTrial')
          : word('name is set by the sweep itself'),
      );
  }
  if (issues.size === 0) {
    for (const [path, distribution] of Object.entries(space)) {
      if (issues.has(path)) continue;
      for (const value of probes(distribution)) {
        const found = probeIssue(space, base, path, value);
        if (found === null) continue;
        issues.set(found.path, issues.get(found.path) ?? said(found));
        break;
      }
    }
  }
  return [...issues].map(([path, message]) => ({ path: `space.${path}`, ...message }));
}

/** Both ends and something odd in between; every choice. */
function probes(distribution: Distribution): ParamValue[] {
  if (distribution.type === 'choice') return [...distribution.values];
  return [0, 0.375, 0.999999].map((u) => valueAt(distribution, u));
}

function probeIssue(space: SearchSpace, base: RunSpec, path: string, value: ParamValue): SpecIssue | null {
  const fixed: Record<string, ParamValue> = { [path]: value };
  // The conditions that bring the parameter into being are met…
  for (let at = path; ;) {
    const when = space[at]?.when;
    if (when === undefined) break;
    fixed[when.path] = when.in[0] as ParamValue;
    at = when.path;
  }
  // …and everything else takes its first value.
  const params = drawParams(space, (other, distribution) =>
    other in fixed ? (fixed[other] as ParamValue) : valueAt(distribution, 0),
  );
  const applied = applyParams(base, params);
  if (applied.ok) return null;
  const [issue] = applied.issues;
  if (issue === undefined) return null;
  if (issue.path === path) return issue;
  if (!(issue.path in space)) return { path, ...say`${shown(value)} gives ${issue.path}: ${issue}` };
  // Another parameter does not go with this value: without a condition it never can.
  const message = say`${issue}, when ${path} is ${shown(value)}; a condition ("when") can leave it out`;
  return path in fixed && isChoice(space, path) ? { path: issue.path, ...message } : issue;
}

function isChoice(space: SearchSpace, path: string): boolean {
  return space[path]?.type === 'choice';
}

function samplerIssues({ sampler, space }: SweepFields, trials: number): SpecIssue[] {
  const entries = Object.entries(space);
  if (sampler.type === 'cma-es') {
    return entries.flatMap(([path, { type, when }]) => {
      if (type === 'choice')
        return [{ path: `space.${path}.type`, message: 'cma-es needs numbers; a choice has no order' }];
      return when === undefined ? [] : [{ path: `space.${path}.when`, message: 'cma-es cannot leave a parameter out' }];
    });
  }
  if (sampler.type === 'sobol' && entries.length > SOBOL_DIMENSIONS) {
    const message = say`sobol knows ${SOBOL_DIMENSIONS} dimensions, the space has ${entries.length}`;
    return [{ path: 'sampler.type', ...message }];
  }
  if (sampler.type === 'narrow' && trials < 2 * sampler.rounds) {
    const message = say`${sampler.rounds} rounds need at least ${2 * sampler.rounds} trials, got ${trials}`;
    return [{ path: 'sampler.rounds', ...message }];
  }
  return [];
}

function budgetIssues({ objective, pruner, epochsPerTrial, space }: SweepFields, base: RunSpec): SpecIssue[] {
  const issues: SpecIssue[] = [];
  if (objective.split === 'validation' && base.data.validation === 0) {
    const message = 'there is no validation split: base.data.validation is 0';
    issues.push({ path: 'objective.split', message });
  }
  for (const path of ['training.epochs', 'training.steps']) {
    if (!(path in space)) continue;
    if (epochsPerTrial !== null) issues.push({ path: 'epochsPerTrial', ...say`${path} is in the space already` });
    if (pruner.type === 'hyperband')
      issues.push({ path: `space.${path}`, message: 'hyperband decides how long a trial is' });
  }
  if (pruner.type !== 'hyperband') return issues;
  const epochs = epochsPerTrial ?? base.training.epochs;
  if (epochs === undefined) {
    issues.push({
      path: 'epochsPerTrial',
      message: 'hyperband counts in epochs and the base run spec in steps; set epochsPerTrial',
    });
  } else if (pruner.minEpochs * pruner.reduction > epochs) {
    const needed = pruner.minEpochs * pruner.reduction;
    const message = say`with a reduction of ${pruner.reduction} the first halving needs ${needed} epochs a trial, got ${epochs}`;
    issues.push({ path: 'pruner.minEpochs', ...message });
  }
  return issues;
}

interface SweepSize {
  readonly trials: number;
  readonly issues: readonly SpecIssue[];
  readonly warnings: readonly SpecIssue[];
}

function sizeOfSweep({ sampler, space, trials, enqueue }: SweepFields): SweepSize {
  if (sampler.type !== 'grid') {
    const wanted = trials ?? Math.max(DEFAULT_TRIALS, enqueue.length);
    const finite = Object.values(space).every((distribution) => countOf(distribution) < Infinity);
    const all = finite ? countCells(space, 'all') : Infinity;
    const message = say`the space has only ${all} combinations: some of the ${wanted} trials will repeat`;
    const warnings = all < wanted ? [{ path: 'trials', ...message }] : [];
    return { trials: wanted, issues: [], warnings };
  }
  const cells = countCells(space, sampler.points);
  if (cells > LARGEST_GRID) {
    const message = say`the grid has ${cells} cells, at most ${LARGEST_GRID} are allowed; take fewer values or another sampler`;
    return { trials: 0, issues: [{ path: 'sampler', ...message }], warnings: [] };
  }
  const all = cells + enqueue.length;
  const warnings: SpecIssue[] = [];
  if (trials !== undefined && trials < all) {
    warnings.push({ path: 'trials', ...say`the grid has ${cells} cells: ${trials} trials do not reach them all` });
  } else if (cells > LARGE_GRID) {
    warnings.push({ path: 'sampler', ...say`the grid has ${cells} cells, a trial each` });
  }
  return { trials: Math.min(trials ?? all, all), issues: [], warnings };
}

/** Also for suggestions made while a sweep runs. */
export function enqueueIssues(space: SearchSpace, base: RunSpec, params: TrialParams, at: string): SpecIssue[] {
  const issues: SpecIssue[] = [];
  for (const [path, value] of Object.entries(params)) {
    const distribution = space[path];
    if (distribution === undefined) {
      issues.push({ path: `${at}.${path}`, message: 'expected a parameter of the space' });
    } else if (positionOf(distribution, value) === null) {
      const wanted = distribution.type === 'choice' ? say`one of ${shown(distribution.values)}` : word('a number');
      issues.push({ path: `${at}.${path}`, ...say`expected ${wanted}, got ${shown(value)}` });
    } else if (!isActive(distribution, params)) {
      const { when } = distribution;
      issues.push({ path: `${at}.${path}`, ...say`exists only when ${when?.path} is one of ${shown(when?.in)}` });
    }
  }
  if (issues.length > 0) return issues;
  const whole = drawParams(space, (path, distribution) =>
    path in params ? (params[path] as ParamValue) : valueAt(distribution, 0),
  );
  const applied = applyParams(base, whole);
  return applied.ok ? [] : applied.issues.map((issue) => ({ ...issue, path: `${at}.${issue.path}` }));
}

function enqueueWarnings(space: SearchSpace, params: TrialParams, index: number): SpecIssue[] {
  return Object.entries(params).flatMap(([path, value]) => {
    const distribution = space[path];
    if (distribution === undefined || distribution.type === 'choice' || typeof value !== 'number') return [];
    if (value >= distribution.min && value <= distribution.max) return [];
    const message = say`${value} is outside the range from ${distribution.min} to ${distribution.max}`;
    return [{ path: `enqueue.${index}.${path}`, ...message }];
  });
}
