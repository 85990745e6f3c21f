/** Run specs side by side, a row a setting, and which of the settings differ. */

import type { LayerSpec } from '../../engine/spec/layer-spec.ts';
import { expandLayers, type RunSpec } from '../../engine/spec/run-spec.ts';
import { formatSetting } from '../text/format.ts';

export interface SettingRow {
  /** In the run spec: "optimizer.lr". */
  readonly path: string;
  /** As the table writes it: "lr". */
  readonly name: string;
  /** One a spec; null where the spec has no such setting. */
  readonly values: readonly (string | null)[];
  readonly differs: boolean;
}

/**
 * Every setting of the specs but their names, in the order of a run spec. When the layer lists are of the same kinds
 * their settings are compared one by one; otherwise the list as a whole is one setting.
 */
export function settingsTable(specs: readonly RunSpec[]): SettingRow[] {
  const layers = specs.map((spec) => expandLayers(spec.model.layers));
  const kinds = layers.map((list) => list.map((layer) => layer.type).join(' · '));
  const alike = kinds.every((kind) => kind === kinds[0]);
  const columns = specs.map((spec, i) => settingsOf(spec, layers[i] ?? [], alike));
  const paths = mergedOrder(columns.map((column) => [...column.keys()]));
  const rows = paths.map((path) => {
    const values = columns.map((column) => column.get(path) ?? null);
    return { path, values, differs: values.some((value) => value !== values[0]) };
  });
  const short = shortNames(paths);
  return rows.map((row) => ({ ...row, name: short.get(row.path) ?? row.path }));
}

function settingsOf(spec: RunSpec, layers: readonly LayerSpec[], alike: boolean): Map<string, string> {
  const settings = new Map<string, string>();
  const { name: _name, model: _model, loss, ...rest } = spec;
  const ordered = {
    optimizer: rest.optimizer,
    schedule: rest.schedule,
    loss: typeof loss === 'string' ? { type: loss } : loss,
    training: rest.training,
    data: rest.data,
    seed: rest.seed,
    initialWeights: rest.initialWeights,
  };
  add(settings, '', ordered);
  if (!alike) return settings.set('model.layers', layers.map(layerText).join(' · '));
  settings.set('model.layers', layers.map((layer) => layer.type).join(' · '));
  layers.forEach(({ type: _type, ...fields }, i) => add(settings, `model.layers.${i}`, fields));
  return settings;
}

function add(settings: Map<string, string>, path: string, value: unknown): void {
  if (value === undefined) return;
  if (isLeaf(path, value)) {
    settings.set(path, valueText(value));
    return;
  }
  for (const [key, inner] of Object.entries(value as object))
    add(settings, path === '' ? key : `${path}.${key}`, inner);
}

/** Initial weights and data sources are one setting each, however they are written. */
function isLeaf(path: string, value: unknown): boolean {
  return typeof value !== 'object' || value === null || Array.isArray(value) || /(^|\.)(init|source)$/.test(path);
}

/** 0.01, adam, normal 0.01, –: the words of the spec. */
export function valueText(value: unknown): string {
  if (typeof value === 'number') return formatSetting(value);
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${valueText(inner)}`)
    .join(', ');
}

/** "affine 64 he", "relu", "dropout 0.5 inverted" */
function layerText({ type, ...fields }: LayerSpec): string {
  return [type, ...Object.values(fields as Record<string, unknown>).map(valueText)].join(' ');
}

/** The paths of all columns: what a column adds stands before what follows it there. */
function mergedOrder(columns: readonly (readonly string[])[]): string[] {
  const merged: string[] = [];
  for (const column of columns) {
    column.forEach((path, i) => {
      if (merged.includes(path)) return;
      const next = column.slice(i + 1).find((later) => merged.includes(later));
      merged.splice(next === undefined ? merged.length : merged.indexOf(next), 0, path);
    });
  }
  return merged;
}

/** "lr" for "optimizer.lr" where no other row is called so; "optimizer" for "optimizer.type". */
function shortNames(paths: readonly string[]): Map<string, string> {
  const short = (path: string): string => {
    if (path.startsWith('model.layers')) return path.slice('model.'.length);
    const parts = path.split('.');
    return parts.at(-1) === 'type' ? (parts.at(-2) ?? path) : (parts.at(-1) ?? path);
  };
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(short(path), (counts.get(short(path)) ?? 0) + 1);
  return new Map(paths.map((path) => [path, counts.get(short(path)) === 1 ? short(path) : path]));
}
