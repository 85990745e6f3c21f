/** Settings as fields of a query, by their dotted path in the run spec: `training.batchSize>=100 schedule.type:cosine`. */

import type { RunSummary } from '../../electron/contract/runs.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import { fieldNamed, RUN_FIELDS, type QueryField, type QueryFields } from './fields.ts';
import { readFigure } from './parse.ts';
import { tokenize, type FilterToken } from './tokens.ts';

/** The value each run has; runs without the setting are not in it. */
export type SettingMap = ReadonlyMap<RunId, number | string>;

const PATH = /^(seed|loss|initialWeights|(data|model|optimizer|schedule|training)\.[A-Za-z0-9.]+)$/;

/** Settings people ask for, offered while they type. Any other path can be typed too. */
const OFFERED: readonly string[] = [
  'optimizer.type',
  'optimizer.momentum',
  'optimizer.beta1',
  'optimizer.beta2',
  'optimizer.rho',
  'optimizer.weightDecay',
  'optimizer.clipNorm',
  'schedule.type',
  'training.batchSize',
  'training.epochs',
  'training.steps',
  'training.sampling',
  'data.source',
  'data.normalize',
  'data.validation',
  'data.limit',
  'data.splitSeed',
  'model.layers.0.units',
  'seed',
  'loss',
];

function settingTokens(text: string): FilterToken[] {
  return tokenize(text).filter(
    (token): token is FilterToken =>
      token.kind === 'filter' && PATH.test(pathOf(token.field)) && fieldNamed(token.field, RUN_FIELDS) === null,
  );
}

/** As it is written in specs, whatever the case it was typed in. */
function pathOf(typed: string): string {
  return OFFERED.find((path) => path.toLowerCase() === typed.toLowerCase()) ?? typed;
}

/** Paths of the settings a query asks for. */
export function settingPathsIn(text: string): readonly string[] {
  return [...new Set(settingTokens(text).map((token) => pathOf(token.field)))];
}

/**
 * The fields of runs, and the settings the query asks for. A setting that is still being read matches no run; one that
 * no run has is no field.
 */
export function withSettings(text: string, values: ReadonlyMap<string, SettingMap>): QueryFields<RunSummary> {
  const asked = settingTokens(text).flatMap((token): QueryField[] => {
    const known = values.get(pathOf(token.field));
    if (known?.size === 0) return [];
    return [settingField(token.field, known ?? new Map(), readFigure(token.value) !== null)];
  });
  return { ...RUN_FIELDS, list: [...RUN_FIELDS.list, ...asked] };
}

/** All fields a person is offered. */
export const OFFERED_FIELDS: QueryFields<RunSummary> = {
  ...RUN_FIELDS,
  list: [...RUN_FIELDS.list, ...OFFERED.map((name): QueryField => settingField(name, new Map(), false))],
};

/** A number while all its values are; a text otherwise. `numeric`: how to take it before its values are known. */
function settingField(name: string, values: SettingMap, numeric: boolean): QueryField {
  const path = name.includes('.');
  const known = [...values.values()];
  const isNumber = known.length === 0 ? numeric : known.every((value) => typeof value === 'number');
  if (isNumber) {
    const read = (row: RunSummary): number | null => {
      const value = values.get(row.id);
      return typeof value === 'number' ? value : null;
    };
    return { name, kind: 'number', path, read };
  }
  const read = (row: RunSummary): readonly string[] => {
    const value = values.get(row.id);
    return value === undefined ? [] : [String(value)];
  };
  return { name, kind: 'choice', path, read };
}
