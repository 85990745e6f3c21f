/** Small sweep specs for tests. */

import { parseSweepSpec } from '../../../engine/spec/parse-sweep-spec.ts';
import { SpecError, type RunSpecInput } from '../../../engine/spec/run-spec.ts';
import type { SweepSpec, SweepSpecInput } from '../../../engine/spec/sweep-spec.ts';

export const BASE: RunSpecInput = {
  data: { source: 'digits', validation: 0.2 },
  model: {
    layers: [
      { repeat: 2, layers: [{ type: 'affine', units: 20 }, { type: 'relu' }] },
      { type: 'affine', units: 10 },
    ],
  },
  optimizer: { type: 'momentum', lr: 0.01, momentum: 0.95 },
  training: { epochs: 9 },
};

export type SweepParts = Partial<SweepSpecInput>;

export const SPACE: SweepSpecInput['space'] = {
  'optimizer.lr': { type: 'log-uniform', min: 1e-6, max: 1e-2 },
  'optimizer.weightDecay': { type: 'log-uniform', min: 1e-8, max: 1e-4 },
};

export function sweepInput(parts: SweepParts = {}): SweepSpecInput {
  return { base: BASE, space: SPACE, ...parts };
}

/** The spec with its defaults; throws what is wrong with it. */
export function sweepOf(parts: SweepParts = {}): SweepSpec {
  const parsed = parseSweepSpec(sweepInput(parts));
  if (!parsed.ok) throw new SpecError(parsed.issues);
  return parsed.spec;
}

/** Every issue as one line; [] when the spec is right. */
export function problems(value: unknown): string[] {
  const parsed = parseSweepSpec(value);
  return parsed.ok ? [] : parsed.issues.map(({ path, message }) => `${path}: ${message}`);
}

export function warnings(parts: SweepParts): string[] {
  const parsed = parseSweepSpec(sweepInput(parts));
  if (!parsed.ok) throw new SpecError(parsed.issues);
  return parsed.warnings.map(({ path, message }) => `${path}: ${message}`);
}
