/** The set-up of a race as a person leaves it: plain data, saved as JSON, numbers still as the text that was typed. */

import type { OptimizerType } from '../../engine/spec/layer-spec.ts';
import { parseRunSpec, type RunSpec } from '../../engine/spec/run-spec.ts';
import { savedObject } from '../text/saved-object.ts';

/** What lanes differ in; `none`: the lanes that were given, and no others. */
export type Dimension = 'none' | 'optimizer' | 'lr' | 'init' | 'batch' | 'setting';

export interface OptimizerChoice {
  readonly type: OptimizerType;
  on: boolean;
  lr: string;
}

/** A lane that comes from a run rather than from a choice. */
export interface GivenLane {
  readonly key: string;
  readonly name: string;
  readonly spec: RunSpec;
  /** Its runs are there already; only the others are started. */
  readonly done: boolean;
}

export interface RaceDraft {
  name: string;
  /** What the lanes share. */
  base: RunSpec;
  differs: Dimension;
  optimizers: OptimizerChoice[];
  lrs: string;
  inits: string;
  batches: string;
  setting: { path: string; values: string };
  given: GivenLane[];
  /** Names a person typed, by lane key. */
  names: Record<string, string>;
  /** Lane keys in the order a person has put them; lanes not named here follow. */
  order: string[];
  seeds: string;
  /** Id of the race that gets more lanes, or null for a new one. */
  extends: string | null;
}

/**
 * Learning rates to race optimizers with: those of the book's comparison (chapter 6) for the optimizers it compares, the
 * usual start of the others.
 */
export const RACE_RATES: Readonly<Record<OptimizerType, string>> = {
  sgd: '0.01',
  momentum: '0.01',
  nesterov: '0.01',
  adagrad: '0.01',
  rmsprop: '0.001',
  adam: '0.001',
  adamw: '0.001',
};

/** In the order lanes are shown. */
export const RACE_OPTIMIZERS = ['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'] as const;
export const FIVE_OPTIMIZERS: readonly OptimizerType[] = ['sgd', 'momentum', 'adagrad', 'rmsprop', 'adam'];
/** Those the book draws side by side. */
export const BOOK_OPTIMIZERS: readonly OptimizerType[] = ['sgd', 'momentum', 'adagrad', 'adam'];

/** A race of these optimizers around a spec, each at its usual rate. */
export function optimizerRace(base: RunSpec, name: string, types: readonly OptimizerType[]): RaceDraft {
  return {
    name,
    base,
    differs: 'optimizer',
    optimizers: RACE_OPTIMIZERS.map((type) => ({ type, on: types.includes(type), lr: RACE_RATES[type] })),
    lrs: '0.1, 0.01, 0.001',
    inits: 'he, xavier, normal 0.01',
    batches: '32, 100, 256',
    setting: { path: 'optimizer.weightDecay', values: '0, 0.0001, 0.001' },
    given: [],
    names: {},
    order: [],
    seeds: '1',
    extends: null,
  };
}

/** A race of lanes that exist already as specs. */
export function givenRace(name: string, lanes: readonly Omit<GivenLane, 'key'>[], seeds: number): RaceDraft | null {
  const [first] = lanes;
  if (first === undefined) return null;
  const draft = optimizerRace(first.spec, name, []);
  draft.differs = 'none';
  draft.given = lanes.map((lane, i) => ({ ...lane, key: `given:${i}` }));
  draft.seeds = String(seeds);
  return draft;
}

const STORAGE_KEY = 'descent.race-draft';

/** Keeps the draft for the set-up page, which opens on it. */
export function saveRace(draft: RaceDraft): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify(draft));
}

/** The draft that was left, if it adds lanes to this race (its id) or makes a new one (null). Lanes for another are dropped. */
export function savedRace(extending: string | null): RaceDraft | null {
  const draft = restoreRace(localStorage.getItem(STORAGE_KEY));
  if (draft?.extends === extending) return draft;
  if (draft !== null && draft.extends !== null) localStorage.removeItem(STORAGE_KEY);
  return null;
}

/** Reads a saved draft back: only if it still makes a draft of today's shape. */
export function restoreRace(saved: string | null): RaceDraft | null {
  const draft = savedObject(saved) as Partial<RaceDraft> | null;
  if (draft === null) return null;
  const base = parseRunSpec(draft.base);
  const whole =
    base.ok &&
    typeof draft.name === 'string' &&
    typeof draft.differs === 'string' &&
    Array.isArray(draft.optimizers) &&
    [draft.lrs, draft.inits, draft.batches, draft.seeds].every((text) => typeof text === 'string') &&
    typeof draft.setting === 'object' &&
    Array.isArray(draft.given) &&
    draft.given.every((lane) => parseRunSpec(lane.spec).ok) &&
    typeof draft.names === 'object' &&
    Array.isArray(draft.order);
  return whole ? { ...(draft as RaceDraft), base: base.spec, extends: draft.extends ?? null } : null;
}
