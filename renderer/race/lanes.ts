/** The lanes of a race from what shall differ: one spec each, with a name, and what is wrong with it. */

import { ratePath } from '../../engine/schedules/largest-rate.ts';
import { said, word, type Message } from '../../engine/spec/message.ts';
import { applyParams } from '../../engine/spec/apply-params.ts';
import type { OptimizerType } from '../../engine/spec/layer-spec.ts';
import type { RunSpec } from '../../engine/spec/run-spec.ts';
import type { ParamValue, TrialParams } from '../../engine/spec/search-space.ts';
import { inferShapes, type DataShape } from '../../engine/spec/shapes.ts';
import { expandLayers } from '../../engine/spec/run-spec.ts';
import { readNumber } from '../text/number-input.ts';
import { settingsTable, valueText } from './settings-table.ts';
import type { Dimension, RaceDraft } from './race-draft.ts';

export const OPTIMIZER_NAMES: Readonly<Record<OptimizerType, string>> = {
  sgd: 'SGD',
  momentum: 'Momentum',
  nesterov: 'Nesterov',
  adagrad: 'AdaGrad',
  rmsprop: 'RMSProp',
  adam: 'Adam',
  adamw: 'AdamW',
};

/** Why a lane cannot run. `code` names a message; `text` is a line of the checks themselves. */
export type LaneProblem =
  | { readonly code: 'spec'; readonly path: string; readonly text: Message }
  | { readonly code: 'shape'; readonly layer: number }
  | { readonly code: 'number'; readonly text: string }
  | { readonly code: 'sameName'; readonly lane: number }
  | { readonly code: 'sameSpec'; readonly lane: number }
  | { readonly code: 'noName' };

export interface RaceLane {
  /** Stays with the lane while others come and go: "optimizer:adam". */
  readonly key: string;
  readonly name: string;
  /** The name it has unless a person types another. */
  readonly usualName: string;
  /** null when it cannot be made. */
  readonly spec: RunSpec | null;
  readonly problem: LaneProblem | null;
  /** Already run: it is not started again. */
  readonly done: boolean;
}

interface Candidate {
  readonly key: string;
  readonly usualName: string;
  readonly params: TrialParams | null;
  readonly problem: LaneProblem | null;
}

/** Every lane of a draft in the order it was given. `data` is null while the data set's shape is not known. */
export function lanesOf(draft: RaceDraft, data: DataShape | null): RaceLane[] {
  const given = draft.given.map((lane): RaceLane => {
    const name = draft.names[lane.key] ?? lane.name;
    return { key: lane.key, name, usualName: lane.name, spec: lane.spec, problem: null, done: lane.done };
  });
  const made = candidates(draft).map((candidate): RaceLane => {
    const name = draft.names[candidate.key] ?? candidate.usualName;
    const { key, usualName } = candidate;
    if (candidate.params === null) return { key, name, usualName, spec: null, problem: candidate.problem, done: false };
    const applied = applyParams(draft.base, candidate.params);
    if (applied.ok) return { key, name, usualName, spec: applied.spec, problem: null, done: false };
    const [issue] = applied.issues;
    const problem = { code: 'spec', path: issue?.path ?? '', text: said(issue ?? word('')) } as const;
    return { key, name, usualName, spec: null, problem, done: false };
  });
  return withProblems(inOrder([...given, ...made], draft.order), data);
}

/** What differs is `differs` alone: the choices under the other headings rest. */
function candidates(draft: RaceDraft): Candidate[] {
  switch (draft.differs) {
    case 'none':
      return [];
    case 'optimizer':
      return draft.optimizers
        .filter((one) => one.on)
        .map(({ type, lr }) =>
          numberCandidate(`optimizer:${type}`, OPTIMIZER_NAMES[type], lr, (value) => ({
            'optimizer.type': type,
            [ratePath(draft.base.schedule)]: value,
          })),
        );
    case 'lr':
      return listed(draft.lrs).map((text) =>
        numberCandidate(`lr:${text}`, `lr ${text}`, text, (value) => ({ [ratePath(draft.base.schedule)]: value })),
      );
    case 'batch':
      return listed(draft.batches).map((text) =>
        numberCandidate(`batch:${text}`, `batch ${text}`, text, (value) => ({ 'training.batchSize': value })),
      );
    case 'init':
      return listed(draft.inits).map((text) => {
        const params = Object.fromEntries(initPaths(draft.base).map((path) => [path, initValue(text)]));
        return { key: `init:${text}`, usualName: text, params, problem: null };
      });
    case 'setting':
      return listed(draft.setting.values).map((text) => ({
        key: `${draft.setting.path}:${text}`,
        usualName: `${lastName(draft.setting.path)} ${text}`,
        params: { [draft.setting.path]: settingValue(text) },
        problem: null,
      }));
  }
}

function numberCandidate(
  key: string,
  usualName: string,
  text: string,
  params: (value: number) => TrialParams,
): Candidate {
  const value = readNumber(text);
  if (value === null) return { key, usualName, params: null, problem: { code: 'number', text } };
  return { key, usualName, params: params(value), problem: null };
}

/** The values of a list: "0.1, 0.01, 0.001". Separated by commas, semicolons or line breaks; each once. */
export function listed(text: string): string[] {
  const values = text
    .split(/[,;，；\n]/)
    .map((value) => value.trim())
    .filter((value) => value !== '');
  return [...new Set(values)];
}

/** Layers with initial weights, `repeat` entries too. */
export function initPaths(spec: RunSpec): string[] {
  const paths: string[] = [];
  const visit = (list: readonly unknown[], path: string): void => {
    list.forEach((entry, i) => {
      if (typeof entry !== 'object' || entry === null) return;
      if ('layers' in entry && Array.isArray(entry.layers)) visit(entry.layers, `${path}.${i}.layers`);
      else if ('init' in entry) paths.push(`${path}.${i}.init`);
    });
  };
  visit(spec.model.layers, 'model.layers');
  return paths;
}

/** "he", or "normal 0.01" and "constant 0.1" with their amount. */
function initValue(text: string): ParamValue {
  const [kind = '', amount] = text.split(/\s+/);
  const value = amount === undefined ? null : readNumber(amount);
  return value === null ? text : { [kind]: value };
}

/** A value as a person writes it in a list: a number, true, false, null, JSON, or a word. */
export function settingValue(text: string): ParamValue {
  const number = readNumber(text);
  if (number !== null) return number;
  if (/^(true|false|null|\{.*\}|\[.*\])$/.test(text)) {
    try {
      return JSON.parse(text) as ParamValue;
    } catch {
      return text; // not JSON after all: the checks of the spec say what is expected
    }
  }
  return text;
}

function lastName(path: string): string {
  return path.split('.').at(-1) ?? path;
}

/** Lanes a person has moved first, in the order they were put; the others after them. */
function inOrder(lanes: readonly RaceLane[], order: readonly string[]): RaceLane[] {
  const place = (lane: RaceLane): number => {
    const at = order.indexOf(lane.key);
    return at < 0 ? order.length : at;
  };
  return lanes
    .map((lane, i) => ({ lane, i }))
    .sort((a, b) => place(a.lane) - place(b.lane) || a.i - b.i)
    .map(({ lane }) => lane);
}

function withProblems(lanes: readonly RaceLane[], data: DataShape | null): RaceLane[] {
  const names = new Map<string, number>();
  const specs = new Map<string, number>();
  return lanes.map((lane, i) => {
    const problem = lane.problem ?? problemOf(lane, i, names, specs, data);
    return { ...lane, problem };
  });
}

function problemOf(
  lane: RaceLane,
  index: number,
  names: Map<string, number>,
  specs: Map<string, number>,
  data: DataShape | null,
): LaneProblem | null {
  if (lane.spec === null) return null;
  const name = lane.name.trim();
  if (name === '') return { code: 'noName' };
  const sameName = names.get(name);
  if (sameName !== undefined) return { code: 'sameName', lane: sameName };
  names.set(name, index);
  const text = JSON.stringify({ ...lane.spec, name: '' });
  const sameSpec = specs.get(text);
  if (sameSpec !== undefined) return { code: 'sameSpec', lane: sameSpec };
  specs.set(text, index);
  if (data === null) return null;
  const { loss, model } = lane.spec;
  const { issues } = inferShapes(data, expandLayers(model.layers), typeof loss === 'string' ? loss : loss.type);
  return issues[0] === undefined ? null : { code: 'shape', layer: issues[0].layer };
}

/** What makes each lane another one than the first, in a few words: "adam, lr 0.001". */
export function laneTexts(lanes: readonly RaceLane[]): string[] {
  const made = lanes.flatMap((lane) => (lane.spec === null ? [] : [lane.spec]));
  const rows = settingsTable(made).filter((row) => row.differs);
  const texts = made.map((_, i) =>
    rows
      .filter((row) => row.values[i] !== null)
      .map((row) => (row.path === 'optimizer.type' ? row.values[i] : `${row.name} ${row.values[i] ?? ''}`))
      .join(', '),
  );
  let at = 0;
  return lanes.map((lane) => (lane.spec === null ? '' : (texts[at++] ?? '')));
}

/** Settings of a spec that a list of values can be given for, by path; the name and the seed are not among them. */
export function settingPaths(spec: RunSpec): { readonly path: string; readonly value: string }[] {
  const paths: { path: string; value: string }[] = [];
  const visit = (value: unknown, path: string): void => {
    if (/(^|\.)(init|source)$/.test(path) || typeof value !== 'object' || value === null) {
      if (path !== 'name' && path !== 'seed' && value !== undefined) paths.push({ path, value: valueText(value) });
      return;
    }
    for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}.${key}`);
  };
  const { optimizer, schedule, training, model, data, loss, ...rest } = spec;
  visit({ optimizer, schedule, training, model, data, loss, ...rest }, '');
  return paths;
}

/** Heads under which lanes are made. */
export const DIMENSIONS: readonly Exclude<Dimension, 'none'>[] = ['optimizer', 'lr', 'init', 'batch', 'setting'];
