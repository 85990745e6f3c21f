/**
 * The search space of a sweep: which fields of the run spec vary, and how. Every distribution is also a map from
 * positions in [0, 1) to values and back, so that a sampler only has to think about the unit cube.
 */

import { say, type Message } from './message.ts';
import { z } from 'zod';
import { num, shown, text, raised } from './schema-parts.ts';

/** What a parameter can be set to: any JSON value. */
export type ParamValue =
  string | number | boolean | null | readonly ParamValue[] | { readonly [key: string]: ParamValue };
/** The parameters of one trial: path into the run spec → value. Parameters whose condition fails are left out. */
export type TrialParams = Readonly<Record<string, ParamValue>>;

const limit = { min: -1e9, max: 1e9 };
const whole = { ...limit, integer: true };
const paramValue: z.ZodType<ParamValue> = z.json();
/** The parameter exists only in trials whose value at `path` (another parameter) is one of `in`. */
const when = z
  .strictObject({
    path: text(300),
    in: z.array(paramValue).min(1, { error: 'expected at least one value' }),
  })
  .optional();

const uniform = z.strictObject({ type: z.literal('uniform'), min: num(limit), max: num(limit), when });
const logUniform = z.strictObject({ type: z.literal('log-uniform'), min: num(limit), max: num(limit), when });
const int = z.strictObject({
  type: z.literal('int'),
  min: num(whole),
  max: num(whole),
  step: num({ min: 1, max: 1e9, integer: true }).default(1),
  when,
});
const logInt = z.strictObject({ type: z.literal('log-int'), min: num(whole), max: num(whole), when });
const choice = z.strictObject({ type: z.literal('choice'), values: z.array(paramValue), when });

export const DISTRIBUTION_TYPES = ['uniform', 'log-uniform', 'int', 'log-int', 'choice'] as const;

export const distributionSchema = z
  .discriminatedUnion('type', [uniform, logUniform, int, logInt, choice], {
    error: (issue) =>
      typeof issue.input === 'object' && issue.input !== null
        ? `unknown distribution; expected one of ${DISTRIBUTION_TYPES.join(', ')}`
        : `expected a distribution such as {"type": "uniform", "min": 0, "max": 1}, got ${shown(issue.input)}`,
  })
  .superRefine((distribution, context) => {
    const problem = distribution.type === 'choice' ? choiceProblem(distribution) : rangeProblem(distribution);
    if (problem !== null) context.addIssue({ ...raised(problem), path: [problem.field] });
  });
export type Distribution = z.infer<typeof distributionSchema>;
export type SearchSpace = Readonly<Record<string, Distribution>>;
export type NumericDistribution = Exclude<Distribution, { type: 'choice' }>;

interface Problem extends Message {
  readonly field: string;
}

function rangeProblem(distribution: NumericDistribution): Problem | null {
  const { type, min, max } = distribution;
  if (type === 'log-uniform' && min <= 0)
    return { field: 'min', ...say`a logarithmic range needs a min above 0, got ${min}` };
  if (type === 'log-int' && min < 1)
    return { field: 'min', ...say`a logarithmic range needs a min of at least 1, got ${min}` };
  if (min >= max) return { field: 'max', ...say`expected a max above min, got min ${min} and max ${max}` };
  if (type !== 'int' || distribution.step <= max - min) return null;
  const message = say`expected a step of at most max − min = ${max - min}, got ${distribution.step}`;
  return { field: 'step', ...message };
}

function choiceProblem({ values }: Extract<Distribution, { type: 'choice' }>): Problem | null {
  if (values.length < 2) {
    const message = say`expected at least two values to choose from, got ${values.length}`;
    const advised = say`${message}; what does not vary belongs into the base run spec`;
    return { field: 'values', ...(values.length === 1 ? advised : message) };
  }
  const repeated = values.find((value, i) => values.findIndex((other) => sameValue(value, other)) !== i);
  if (repeated === undefined) return null;
  return { field: 'values', ...say`expected different values, got ${shown(repeated)} twice` };
}

/** Equal as JSON; keys in the same order. */
export function sameValue(a: ParamValue | undefined, b: ParamValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** How many values there are; Infinity for a continuous range. */
export function countOf(distribution: Distribution): number {
  switch (distribution.type) {
    case 'uniform':
    case 'log-uniform':
      return Infinity;
    case 'int':
      return Math.floor((distribution.max - distribution.min) / distribution.step) + 1;
    case 'log-int':
      return distribution.max - distribution.min + 1;
    case 'choice':
      return distribution.values.length;
  }
}

/** The value at position `u` in [0, 1). Uniform positions give the distribution its name says. */
export function valueAt(distribution: Distribution, u: number): ParamValue {
  switch (distribution.type) {
    case 'uniform':
      return clamp(distribution.min + u * (distribution.max - distribution.min), distribution);
    case 'log-uniform': {
      const [from, to] = [Math.log(distribution.min), Math.log(distribution.max)];
      return clamp(Math.exp(from + u * (to - from)), distribution);
    }
    case 'int':
      return distribution.min + cell(u, countOf(distribution)) * distribution.step;
    case 'log-int': {
      const [from, to] = logIntEdges(distribution);
      return clamp(Math.round(Math.exp(from + u * (to - from))), distribution);
    }
    case 'choice':
      return distribution.values[cell(u, distribution.values.length)] as ParamValue;
  }
}

/**
 * The position of a value, in the middle of its share for whole numbers and choices; values outside a range (put in
 * by hand) lie at its ends. null for a value that is none of the choices, or no number where one is needed.
 */
export function positionOf(distribution: Distribution, value: ParamValue | undefined): number | null {
  if (distribution.type === 'choice') {
    const index = distribution.values.findIndex((one) => sameValue(one, value));
    return index < 0 ? null : (index + 0.5) / distribution.values.length;
  }
  if (typeof value !== 'number') return null;
  const inside = clamp(value, distribution);
  switch (distribution.type) {
    case 'uniform':
      return (inside - distribution.min) / (distribution.max - distribution.min);
    case 'log-uniform':
      return Math.log(inside / distribution.min) / Math.log(distribution.max / distribution.min);
    case 'int': {
      const count = countOf(distribution);
      return (Math.min(Math.round((inside - distribution.min) / distribution.step), count - 1) + 0.5) / count;
    }
    case 'log-int': {
      const [from, to] = logIntEdges(distribution);
      return (Math.log(inside) - from) / (to - from);
    }
  }
}

/** Half a number beyond both ends, so that the first and the last number get a full share. */
function logIntEdges({ min, max }: { min: number; max: number }): [number, number] {
  return [Math.log(min - 0.5), Math.log(max + 0.5)];
}

function cell(u: number, count: number): number {
  return Math.min(Math.floor(u * count), count - 1);
}

function clamp(value: number, { min, max }: { min: number; max: number }): number {
  return Math.min(Math.max(value, min), max);
}

/** Paths in an order in which every parameter comes after the one its condition names; otherwise as written. */
export function orderedPaths(space: SearchSpace): string[] {
  const ordered: string[] = [];
  const visit = (path: string, below: readonly string[]): void => {
    const parent = space[path]?.when?.path;
    if (ordered.includes(path) || below.includes(path)) return;
    if (parent !== undefined && parent in space) visit(parent, [...below, path]);
    ordered.push(path);
  };
  for (const path of Object.keys(space)) visit(path, []);
  return ordered;
}

/** Whether a parameter exists beside the ones drawn so far. */
export function isActive({ when: condition }: Distribution, params: TrialParams): boolean {
  if (condition === undefined) return true;
  if (!(condition.path in params)) return false;
  return condition.in.some((value) => sameValue(value, params[condition.path]));
}

/** Builds the parameters of a trial, conditions first; `pick` is asked for active parameters only. */
export function drawParams(
  space: SearchSpace,
  pick: (path: string, distribution: Distribution) => ParamValue,
): TrialParams {
  const drawn: Record<string, ParamValue> = {};
  for (const path of orderedPaths(space)) {
    const distribution = space[path] as Distribution;
    if (isActive(distribution, drawn)) drawn[path] = pick(path, distribution);
  }
  return inSpaceOrder(space, drawn);
}

/** The same parameters in the order of the space, whatever order the conditions asked for. */
export function inSpaceOrder(space: SearchSpace, params: TrialParams): TrialParams {
  const present = Object.keys(space).filter((path) => path in params);
  return Object.fromEntries(present.map((path) => [path, params[path] as ParamValue]));
}
