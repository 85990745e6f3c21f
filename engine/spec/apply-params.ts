/** Sets the parameters of a trial in its base run spec. */

import { layerSchema, lossSchema, optimizerSchema, scheduleSchema } from './layer-spec.ts';
import { say, type Message } from './message.ts';
import { parseRunSpec, type ParsedRunSpec, type RunSpec, type SpecIssue } from './run-spec.ts';
import { sameValue, type ParamValue, type TrialParams } from './search-space.ts';

type Fields = Record<string, unknown>;

/**
 * The base run spec with every parameter set at its path ("optimizer.lr", "model.layers.0.units"), checked again.
 * Where a `type` changes, settings the new type lacks go, and settings left at the old type's default take the new
 * one's. Issues name the parameter at fault. The base is not touched.
 */
export function applyParams(base: RunSpec, params: TrialParams): ParsedRunSpec {
  const spec = copyOf(base) as Fields;
  const issues: SpecIssue[] = [];
  for (const path of inOrder(Object.keys(params))) {
    const message = setField(spec, path, params[path] as ParamValue);
    if (message !== null) issues.push({ path, ...message });
  }
  if (issues.length > 0) return { ok: false, issues };
  const parsed = parseRunSpec(spec);
  if (parsed.ok) return parsed;
  return { ok: false, issues: parsed.issues.map((issue) => blame(issue, Object.keys(params))) };
}

/** Outer fields before the fields inside them, and a type before its settings. */
function inOrder(paths: readonly string[]): string[] {
  const key = (path: string): string => (path.endsWith('.type') ? path.slice(0, -'type'.length) : path);
  const depth = (path: string): number => path.split('.').length;
  return [...paths].sort((a, b) => depth(a) - depth(b) || (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** Returns what is wrong with the path, or null. */
function setField(root: Fields, path: string, value: ParamValue): Message | null {
  const names = path.split('.');
  const last = names.pop() as string;
  let at: unknown = root;
  let field = '';
  for (const name of names) {
    const owner = at as Fields;
    if (!has(at, name)) return missing(path);
    field = field === '' ? name : `${field}.${name}`;
    // A loss without settings is written as its name alone.
    if (field === 'loss' && typeof owner[name] === 'string') owner[name] = { type: owner[name] };
    at = owner[name];
  }
  if (typeof at !== 'object' || at === null || last === '' || last.startsWith('__')) return missing(path);
  if (Array.isArray(at) && !has(at, last)) return missing(path);
  if (last === 'type') retype(at as Fields, field, value);
  else (at as Fields)[last] = copyOf(value);
  return null;
}

function has(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

function missing(path: string): Message {
  return say`unknown field: the base run spec has no ${JSON.stringify(path)}`;
}

/** A typed object's schema, as far as it matters here. */
interface Variant {
  readonly shape: Readonly<Record<string, { safeParse(value: unknown): { success: boolean; data?: unknown } }>>;
}

function variantsAt(field: string): readonly unknown[] {
  if (field === 'optimizer') return optimizerSchema.options;
  if (field === 'schedule') return scheduleSchema.options;
  if (field === 'loss') return lossSchema.options;
  return /^model\.layers(\.\d+\.layers)*\.\d+$/.test(field) ? layerSchema.options : [];
}

function variantOf(field: string, type: unknown): Variant | undefined {
  const variants = variantsAt(field).filter(
    (variant): variant is Variant => typeof variant === 'object' && variant !== null && 'shape' in variant,
  );
  return variants.find(({ shape }) => shape['type']?.safeParse(type).success === true);
}

function retype(object: Fields, field: string, type: ParamValue): void {
  const [before, after] = [variantOf(field, object['type']), variantOf(field, type)];
  if (before !== undefined && after !== undefined && before !== after) {
    for (const [name, value] of Object.entries(object)) {
      const standard = before.shape[name]?.safeParse(undefined);
      const untouched = standard?.success === true && sameValue(standard.data as ParamValue, value as ParamValue);
      if (!(name in after.shape) || untouched) delete object[name];
    }
  }
  object['type'] = copyOf(type);
}

/** Says the issue at the parameter that caused it, when one did. */
function blame(issue: SpecIssue, paths: readonly string[]): SpecIssue {
  const direct = paths.find((path) => issue.path === path || issue.path.startsWith(`${path}.`));
  if (direct !== undefined) return { ...issue, path: direct };
  const inside = paths.find(
    (path) =>
      path.slice(0, path.lastIndexOf('.')) === issue.path &&
      issue.message === `unknown field ${JSON.stringify(path.slice(path.lastIndexOf('.') + 1))}`,
  );
  return inside === undefined ? issue : { path: inside, ...missing(inside) };
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner)]));
}
