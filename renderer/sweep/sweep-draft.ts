/** The form of a sweep as a person leaves it: plain data, saved as JSON, numbers still as the text that was typed. */

import { ratePath } from '../../engine/schedules/largest-rate.ts';
import { said, say, word, type Message } from '../../engine/spec/message.ts';
import { METRICS } from '../../engine/spec/metric.ts';
import { parseSweepSpec } from '../../engine/spec/parse-sweep-spec.ts';
import { issueMessage, parseRunSpec, type RunSpec } from '../../engine/spec/run-spec.ts';
import {
  DISTRIBUTION_TYPES,
  type Distribution,
  type ParamValue,
  type TrialParams,
} from '../../engine/spec/search-space.ts';
import type { Objective, SweepSpec } from '../../engine/spec/sweep-spec.ts';
import type { ChoiceDraft } from '../forms/draft.ts';
import type { FieldDef } from '../forms/fields.ts';
import { listed, settingValue } from '../race/lanes.ts';
import { valueText } from '../race/settings-table.ts';
import { baseFields, suggestedDistribution } from './base-fields.ts';
import {
  BUDGET_FIELDS,
  PRUNER_FIELDS,
  SAMPLER_FIELDS,
  SAMPLER_SWITCHES,
  type BudgetPath,
  type PrunerType,
  type SamplerType,
} from './method-fields.ts';
import { savedObject } from '../text/saved-object.ts';

export type DistributionType = Distribution['type'];

export interface ParamDraft {
  /** Stays with the parameter while others come and go; unique in the draft. */
  readonly key: number;
  path: string;
  type: DistributionType;
  min: string;
  max: string;
  step: string;
  /** Values of a choice, between commas. */
  values: string;
  when: { path: string; in: string } | null;
}

export interface SweepDraft {
  name: string;
  base: RunSpec;
  space: ParamDraft[];
  objective: { metric: Objective['metric']; split: Objective['split']; at: Objective['at'] };
  sampler: ChoiceDraft<SamplerType>;
  pruner: ChoiceDraft<PrunerType>;
  budget: Record<BudgetPath, string>;
  /** Suggestions by hand, tried first. */
  enqueue: TrialParams[];
}

const text = (value: number | null | undefined): string => (value === null || value === undefined ? '' : String(value));

/** The next free key of a space. */
export function nextParamKey(space: readonly ParamDraft[]): number {
  return space.reduce((highest, param) => Math.max(highest, param.key), 0) + 1;
}

export function paramDraft(key: number, path: string, distribution: Distribution): ParamDraft {
  const { type, when } = distribution;
  const range = type === 'choice' ? { min: '', max: '', step: '1' } : rangeTexts(distribution);
  return {
    key,
    path,
    type,
    ...range,
    values: type === 'choice' ? listText(distribution.values) : '',
    when: when === undefined ? null : { path: when.path, in: listText(when.in) },
  };
}

function rangeTexts(distribution: Exclude<Distribution, { type: 'choice' }>) {
  const step = distribution.type === 'int' ? text(distribution.step) : '1';
  return { min: text(distribution.min), max: text(distribution.max), step };
}

/** Values as they are written in a list. Round figures stay as a person types them: 0.001, not 1e-3. */
export function listText(values: readonly ParamValue[]): string {
  return values.map((value) => plainText(value)).join(', ');
}
function plainText(value: ParamValue): string {
  if (typeof value === 'number') return String(value);
  return isInit(value) || typeof value !== 'object' ? valueText(value).replaceAll('−', '-') : JSON.stringify(value);
}
function isInit(value: ParamValue): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const [entry, ...more] = Object.entries(value);
  return entry !== undefined && more.length === 0 && /^(normal|constant)$/.test(entry[0]);
}

/** The values of a list: numbers, true, false, null, JSON, "normal 0.01" for initial weights, or words. */
export function valuesOf(list: string): ParamValue[] {
  if (/^\s*\[.*\]\s*$/s.test(list)) {
    const value = settingValue(list.trim());
    if (Array.isArray(value)) return [...(value as readonly ParamValue[])];
  }
  return listed(list).map((item) => {
    const [, kind, amount] = /^(normal|constant)\s+(\S+)$/.exec(item) ?? [];
    const value = amount === undefined ? null : settingValue(amount);
    return kind !== undefined && typeof value === 'number' ? { [kind]: value } : settingValue(item);
  });
}

function choiceDraft<T extends string>(
  value: { readonly type: T },
  defs: readonly FieldDef[],
  switches: readonly string[] = [],
): ChoiceDraft<T> {
  const own = value as Readonly<Record<string, unknown>>;
  const fields = defs.map((def) => [def.name, text(own[def.name] as number | null)] as const);
  return {
    type: value.type,
    fields: Object.fromEntries([...fields, ...switches.map((name) => [name, String(own[name] === true)] as const)]),
  };
}

/** A fresh sampler or pruner of a kind, with its usual settings. */
export function usualSampler(type: SamplerType): ChoiceDraft<SamplerType> {
  const switches = SAMPLER_SWITCHES[type] ?? [];
  return {
    type,
    fields: { ...initials(SAMPLER_FIELDS[type]), ...Object.fromEntries(switches.map((s) => [s, 'false'])) },
  };
}
export function usualPruner(type: PrunerType): ChoiceDraft<PrunerType> {
  return { type, fields: initials(PRUNER_FIELDS[type]) };
}
const initials = (defs: readonly FieldDef[]): Record<string, string> =>
  Object.fromEntries(defs.map((def) => [def.name, def.initial]));

/** A draft around a run spec, with nothing to vary yet. */
export function emptyDraft(base: RunSpec): SweepDraft {
  const classifies =
    typeof base.loss === 'string' ? base.loss === 'softmax-cross-entropy' : 'labelSmoothing' in base.loss;
  const { training } = base;
  const histograms = { ...training.histograms, enabled: false };
  const health = { ...training.health, enabled: false };
  return {
    name: `${base.name}: search`.slice(0, 200),
    // Thousands of runs would fill the disk with them.
    base: { ...base, training: { ...training, histograms, health } },
    space: [],
    objective: { metric: classifies ? 'accuracy' : 'loss', split: 'validation', at: 'best' },
    sampler: usualSampler('random'),
    pruner: usualPruner('none'),
    budget: Object.fromEntries(
      Object.entries(BUDGET_FIELDS).map(([path, def]) => [path, def.initial]),
    ) as SweepDraft['budget'],
    enqueue: [],
  };
}

/** A search around a run: its settings as the base, its learning rate as what is looked for first. */
export function draftAround(spec: RunSpec, name: string): SweepDraft {
  const made = { ...emptyDraft(spec), name: name.slice(0, 200) };
  const rate = baseFields(spec).find(({ path }) => path === ratePath(spec.schedule));
  return rate === undefined ? made : { ...made, space: [paramDraft(1, rate.path, suggestedDistribution(rate, spec))] };
}

/** A draft showing a spec; `workers` is no part of it. */
export function sweepDraftOf(spec: SweepSpec): SweepDraft {
  const { metric, split, at } = spec.objective;
  return {
    name: spec.name,
    base: spec.base,
    space: Object.entries(spec.space).map(([path, distribution], i) => paramDraft(i + 1, path, distribution)),
    objective: { metric, split, at },
    sampler: choiceDraft(spec.sampler, SAMPLER_FIELDS[spec.sampler.type], SAMPLER_SWITCHES[spec.sampler.type]),
    pruner: choiceDraft(spec.pruner, PRUNER_FIELDS[spec.pruner.type]),
    budget: {
      // A grid tries its cells, however many they become.
      trials: spec.sampler.type === 'grid' ? '' : text(spec.trials),
      epochsPerTrial: text(spec.epochsPerTrial),
      maxMinutes: text(spec.maxMinutes),
      seed: text(spec.seed),
      seedsPerTrial: text(spec.seedsPerTrial),
      workers: '',
    },
    enqueue: [...spec.enqueue],
  };
}

export type ReadDraft = { readonly ok: true; readonly draft: SweepDraft } | ({ readonly ok: false } & Message);

/** A draft from a sweep spec as a person, a file or a preset wrote it; the first thing wrong when it is not one. */
export function sweepDraftFrom(value: unknown): ReadDraft {
  const parsed = parseSweepSpec(value);
  if (!parsed.ok) {
    const [first] = parsed.issues;
    return { ok: false, ...said(first === undefined ? word('') : issueMessage(first)) };
  }
  const { objective } = parsed.spec;
  if (objective.direction !== METRICS[objective.metric].direction) {
    const { direction } = METRICS[objective.metric];
    return { ok: false, ...say`objective.direction: expected ${direction} for ${objective.metric}` };
  }
  return { ok: true, draft: sweepDraftOf(parsed.spec) };
}

const STORAGE_KEY = 'descent.sweep-draft';

/** Keeps the draft for the form, which opens on it. */
export function saveSweepDraft(draft: SweepDraft): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify(draft));
}
export function savedSweepDraft(): SweepDraft | null {
  return restoreSweepDraft(localStorage.getItem(STORAGE_KEY));
}

/** Reads a saved draft back: only if it still makes a draft of today's shape. */
export function restoreSweepDraft(saved: string | null): SweepDraft | null {
  const draft = savedObject(saved) as Partial<SweepDraft> | null;
  if (draft === null) return null;
  const base = parseRunSpec(draft.base);
  const whole =
    base.ok &&
    typeof draft.name === 'string' &&
    Array.isArray(draft.space) &&
    draft.space.every(isParam) &&
    draft.objective !== undefined &&
    draft.sampler !== undefined &&
    draft.sampler.type in SAMPLER_FIELDS &&
    typeof draft.sampler.fields === 'object' &&
    draft.pruner !== undefined &&
    draft.pruner.type in PRUNER_FIELDS &&
    typeof draft.pruner.fields === 'object' &&
    draft.budget !== undefined &&
    Object.keys(BUDGET_FIELDS).every((path) => typeof draft.budget?.[path as BudgetPath] === 'string') &&
    Array.isArray(draft.enqueue);
  return whole ? { ...(draft as SweepDraft), base: base.spec } : null;
}

function isParam(param: Partial<ParamDraft>): boolean {
  return (
    typeof param.key === 'number' &&
    [param.path, param.min, param.max, param.step, param.values].every((one) => typeof one === 'string') &&
    DISTRIBUTION_TYPES.some((type) => type === param.type) &&
    param.when !== undefined
  );
}
