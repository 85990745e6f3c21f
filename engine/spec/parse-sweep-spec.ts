/** From any value to a sweep spec, or everything that is wrong with it. */

import { parseRunSpec, toSpecIssue, type SpecIssue } from './run-spec.ts';
import { checkSweep } from './sweep-checks.ts';
import { sweepFieldsSchema, type SweepSpec } from './sweep-spec.ts';

export type ParsedSweepSpec =
  | {
      readonly ok: true;
      readonly spec: SweepSpec;
      /** What a person should know before starting: a large grid, combinations that will repeat. */
      readonly warnings: readonly SpecIssue[];
    }
  | { readonly ok: false; readonly issues: readonly SpecIssue[] };

/** Checks an unknown value and fills in the defaults. Never throws. */
export function parseSweepSpec(value: unknown): ParsedSweepSpec {
  const fields = sweepFieldsSchema.safeParse(value);
  const base = parseRunSpec(baseOf(value));
  const issues = [
    ...(fields.success ? [] : fields.error.issues.map(toSpecIssue)),
    ...(base.ok ? [] : base.issues.map((issue) => ({ ...issue, path: joined('base', issue.path) }))),
  ];
  if (!fields.success || !base.ok) return { ok: false, issues };
  const { trials, issues: problems, warnings } = checkSweep(fields.data, base.spec);
  if (problems.length > 0) return { ok: false, issues: problems };
  return { ok: true, spec: { ...fields.data, base: base.spec, trials }, warnings };
}

/** Histograms of thousands of trials would fill the disk for nobody: they are taken only where the base asks for them. */
function baseOf(value: unknown): unknown {
  const base = fieldOf(value, 'base');
  const training = fieldOf(base, 'training');
  if (!isObject(base) || !isObject(training)) return base;
  return { ...base, training: { histograms: { enabled: false }, health: { enabled: false }, ...training } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function joined(prefix: string, path: string): string {
  return path === '' ? prefix : `${prefix}.${path}`;
}
