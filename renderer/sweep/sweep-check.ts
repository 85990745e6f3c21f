/** Checks the form of a sweep field by field and as a whole: what is wrong and where, by path in the sweep spec. Pure. */

import { said, type Message } from '../../engine/spec/message.ts';
import type { DataPreview } from '../../electron/contract/data.ts';
import { countCells } from '../../engine/spec/grid.ts';
import { parseSweepSpec } from '../../engine/spec/parse-sweep-spec.ts';
import type { SpecIssue } from '../../engine/spec/run-spec.ts';
import type { Distribution, SearchSpace } from '../../engine/spec/search-space.ts';
import type { SweepSpec } from '../../engine/spec/sweep-spec.ts';
import type { NumberRange } from '../../engine/spec/numbers.ts';
import type { FieldDef } from '../forms/fields.ts';
import { checkNumber, type NumberIssue } from '../text/number-input.ts';
import { BUDGET_FIELDS, PRUNER_FIELDS, SAMPLER_FIELDS, SAMPLER_SWITCHES, type BudgetPath } from './method-fields.ts';
import { valuesOf, type ParamDraft, type SweepDraft } from './sweep-draft.ts';

/** What is wrong with one field. `rule` names a message under `sweep.problem`; `text` is a line of the checks themselves. */
export type SweepIssue =
  | { readonly kind: 'number'; readonly issue: NumberIssue; readonly range: NumberRange }
  | { readonly kind: 'rule'; readonly code: RuleCode; readonly values: Readonly<Record<string, string | number>> }
  | ({ readonly kind: 'text' } & Message);
export type RuleCode =
  | 'logFromZero'
  | 'logFromOne'
  | 'order'
  | 'step'
  | 'fewValues'
  | 'noWhen'
  | 'nothingVaries'
  | 'noName'
  | 'noClasses'
  | 'noValidation'
  | 'largeGrid'
  | 'parameterTwice';

export interface CheckedSweepDraft {
  /** The spec, when nothing is wrong with the draft by itself. */
  readonly spec: SweepSpec | null;
  readonly issues: ReadonlyMap<string, SweepIssue>;
  /** What a person should know before starting. */
  readonly warnings: readonly SpecIssue[];
  /** Cells of a grid whose space can be read; null otherwise. */
  readonly cells: number | null;
}

const limit: NumberRange = { min: -1e9, max: 1e9 };
const wholeLimit: NumberRange = { ...limit, integer: true };
const stepRange: NumberRange = { min: 1, max: 1e9, integer: true };

/** The issue at a parameter's field. */
export const paramPath = (path: string, field = ''): string =>
  field === '' ? `space.${path}` : `space.${path}.${field}`;

/** The draft as a person would write the spec; fields that cannot be read are left out and named in `issues`. */
export function sweepValue(draft: SweepDraft): {
  readonly value: Record<string, unknown>;
  readonly issues: Map<string, SweepIssue>;
} {
  const issues = new Map<string, SweepIssue>();
  const read = reader(issues);
  const method = (name: 'sampler' | 'pruner', defs: readonly FieldDef[], switches: readonly string[] = []) => {
    const { type, fields } = draft[name];
    const numbers = defs.map((def) => [def.name, read(`${name}.${def.name}`, def, fields[def.name] ?? '')] as const);
    return {
      type,
      ...Object.fromEntries(numbers.filter(([, value]) => value !== undefined)),
      ...Object.fromEntries(switches.map((one) => [one, fields[one] === 'true'])),
    };
  };
  const budget = (path: BudgetPath): number | undefined => read(path, BUDGET_FIELDS[path], draft.budget[path]);
  const space: Record<string, unknown> = {};
  for (const param of draft.space) {
    if (param.path in space) issues.set(paramPath(param.path), rule('parameterTwice', { path: param.path }));
    space[param.path] = readParam(param, read, issues);
  }
  if (draft.space.length === 0) issues.set('space', rule('nothingVaries'));
  if (draft.name.trim() === '') issues.set('name', rule('noName'));
  const value = {
    name: draft.name.trim(),
    seed: budget('seed'),
    base: draft.base,
    space,
    objective: { ...draft.objective },
    sampler: method('sampler', SAMPLER_FIELDS[draft.sampler.type], SAMPLER_SWITCHES[draft.sampler.type]),
    pruner: method('pruner', PRUNER_FIELDS[draft.pruner.type]),
    trials: budget('trials'),
    seedsPerTrial: budget('seedsPerTrial'),
    epochsPerTrial: budget('epochsPerTrial') ?? null,
    maxMinutes: budget('maxMinutes') ?? null,
    enqueue: draft.enqueue,
  };
  budget('workers');
  return { value: JSON.parse(JSON.stringify(value)) as Record<string, unknown>, issues };
}

type Read = (path: string, def: Pick<FieldDef, 'range' | 'optional'>, typed: string) => number | undefined;

/** Reads a number's text, or notes what is wrong with it. */
function reader(issues: Map<string, SweepIssue>): Read {
  return (path, def, typed) => {
    if (def.optional === true && typed.trim() === '') return undefined;
    const checked = checkNumber(typed, def.range);
    if (checked.ok) return checked.value;
    issues.set(path, { kind: 'number', issue: checked.issue, range: def.range });
    return undefined;
  };
}

function rule(code: RuleCode, values: Readonly<Record<string, string | number>> = {}): SweepIssue {
  return { kind: 'rule', code, values };
}

/** A distribution as far as it can be read; what is wrong with it stands in `issues`. */
function readParam(param: ParamDraft, read: Read, issues: Map<string, SweepIssue>): Record<string, unknown> {
  const { path, type } = param;
  const at = (field: string): string => paramPath(path, field);
  const when = readWhen(param, issues);
  if (type === 'choice') {
    const values = valuesOf(param.values);
    if (values.length < 2) issues.set(at('values'), rule('fewValues', { n: values.length }));
    return { type, values, ...when };
  }
  const whole = type === 'int' || type === 'log-int';
  const range = whole ? wholeLimit : limit;
  const min = read(at('min'), { range }, param.min);
  const max = read(at('max'), { range }, param.max);
  const step = type === 'int' ? read(at('step'), { range: stepRange }, param.step) : undefined;
  if (min !== undefined && type === 'log-uniform' && min <= 0) issues.set(at('min'), rule('logFromZero'));
  else if (min !== undefined && type === 'log-int' && min < 1) issues.set(at('min'), rule('logFromOne'));
  else if (min !== undefined && max !== undefined && min >= max) issues.set(at('max'), rule('order', { min }));
  else if (step !== undefined && min !== undefined && max !== undefined && step > max - min) {
    issues.set(at('step'), rule('step', { most: max - min }));
  }
  return { type, min, max, ...(step === undefined ? {} : { step }), ...when };
}

function readWhen({ path, when }: ParamDraft, issues: Map<string, SweepIssue>): Record<string, unknown> {
  if (when === null) return {};
  const values = valuesOf(when.in);
  if (values.length === 0) issues.set(paramPath(path, 'when.in'), rule('noWhen', { path: when.path }));
  return { when: { path: when.path, in: values } };
}

/** `data` is null while the data set is not read yet. */
export function checkSweepDraft(draft: SweepDraft, data: Pick<DataPreview, 'shape'> | null): CheckedSweepDraft {
  const { value, issues } = sweepValue(draft);
  const cells = draft.sampler.type === 'grid' && issues.size === 0 ? gridCells(value) : null;
  if (data?.shape.task === 'regression' && draft.objective.metric === 'accuracy') {
    issues.set('objective.metric', rule('noClasses'));
  }
  if (draft.objective.split === 'validation' && draft.base.data.validation === 0) {
    issues.set('objective.split', rule('noValidation'));
  }
  // A field that could not be read is left out of the value; its own message says more than the schema's.
  if (issues.size > 0) return { spec: null, issues, warnings: [], cells };
  const parsed = parseSweepSpec(value);
  if (parsed.ok) return { spec: parsed.spec, issues, warnings: parsed.warnings, cells };
  for (const { path, ...message } of parsed.issues) {
    const large = path === 'sampler' && cells !== null;
    issues.set(path, large ? rule('largeGrid', { n: cells }) : { kind: 'text', ...said(message) });
  }
  return { spec: null, issues, warnings: [], cells };
}

function gridCells(value: Record<string, unknown>): number | null {
  const space = value['space'] as SearchSpace;
  const { points = 5 } = value['sampler'] as { readonly points?: number };
  // Conditions that lead nowhere would make the count run in circles.
  const sound = Object.values(space).every(
    ({ when }) => when === undefined || (when.path in space && space[when.path]?.when === undefined),
  );
  return sound ? countCells(space, points) : null;
}

/** Values another parameter of the space takes, for a condition on it; null for a continuous one. */
export function conditionValues(param: ParamDraft): ReturnType<typeof valuesOf> | null {
  if (param.type === 'choice') return valuesOf(param.values);
  if (param.type !== 'int') return null;
  const [min, max, step] = [Number(param.min), Number(param.max), Number(param.step)];
  if (![min, max, step].every(Number.isInteger) || step < 1 || max <= min || (max - min) / step > 20) return null;
  return Array.from({ length: Math.floor((max - min) / step) + 1 }, (_, i) => min + i * step);
}

/** The distribution of a parameter that can be read, for its picture; null while it cannot. */
export function readDistribution(param: ParamDraft): Distribution | null {
  const issues = new Map<string, SweepIssue>();
  const read = readParam({ ...param, when: null }, reader(issues), issues);
  return issues.size > 0 ? null : (read as Distribution);
}
