/** A spec from outside: checked, and with its file paths absolute, so that a run can go on from anywhere. */

import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { parseRunSpec, type DataSource, type RunSpec } from '../../../engine/spec/run-spec.ts';
import type { Distribution, ParamValue, TrialParams } from '../../../engine/spec/search-space.ts';
import type { SweepSpec } from '../../../engine/spec/sweep-spec.ts';
import { invalidSpec } from './run-refusals.ts';

/** Throws a StudioFailure with an issue for every field at fault. */
export function readSpec(value: unknown): RunSpec {
  const result = parseRunSpec(value);
  if (result.ok) return result.spec;
  throw invalidSpec(result.issues);
}

/** Relative paths are taken from the first folder in which the file exists, else from the first folder. */
export function withAbsolutePaths(spec: RunSpec, folders: readonly string[]): RunSpec {
  const absolute = absoluteFrom(folders);
  return {
    ...spec,
    data: { ...spec.data, source: absoluteSource(spec.data.source, absolute) },
    initialWeights: spec.initialWeights === null ? null : absolute(spec.initialWeights),
  };
}

/** The same for the files a sweep chooses from; its base is left as it is. */
export function withAbsoluteChoices(spec: SweepSpec, folders: readonly string[]): SweepSpec {
  const absolute = absoluteFrom(folders);
  const valuesOf = (path: string, values: readonly ParamValue[]): ParamValue[] =>
    values.map((value) => absoluteValue(path, value, absolute));
  const distributionOf = (path: string, distribution: Distribution): Distribution => {
    const { when } = distribution;
    return {
      ...distribution,
      ...(distribution.type === 'choice' ? { values: valuesOf(path, distribution.values) } : {}),
      ...(when === undefined ? {} : { when: { ...when, in: valuesOf(when.path, when.in) } }),
    };
  };
  return {
    ...spec,
    space: mapped(spec.space, distributionOf),
    enqueue: spec.enqueue.map((params) => mapped(params, (path, value) => absoluteValue(path, value, absolute))),
  };
}

const FILE_FIELDS = /^(initialWeights|data\.source\.(file|images|labels|testImages|testLabels))$/;

/** A parameter may be a file, or an object with files in it. */
function absoluteValue(path: string, value: ParamValue, absolute: (path: string) => string): ParamValue {
  if (typeof value === 'string') return FILE_FIELDS.test(path) ? absolute(value) : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return mapped(value as TrialParams, (field, inner) => absoluteValue(`${path}.${field}`, inner, absolute));
}

function mapped<T>(record: Readonly<Record<string, T>>, change: (key: string, value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(key, value)]));
}

/** Where relative paths are looked for, in this order. */
export function foldersOf({
  baseFolder,
  specFolder,
}: {
  readonly baseFolder: string;
  readonly specFolder?: string | undefined;
}): string[] {
  return [baseFolder, ...(specFolder === undefined ? [] : [specFolder])];
}

function absoluteFrom(folders: readonly string[]): (path: string) => string {
  return (path) => {
    if (isAbsolute(path)) return path;
    const candidates = folders.map((folder) => resolve(folder, path));
    return candidates.find((candidate) => existsSync(candidate)) ?? candidates[0] ?? path;
  };
}

function absoluteSource(source: DataSource, absolute: (path: string) => string): DataSource {
  if (typeof source === 'string') return source;
  if ('file' in source) return { ...source, file: absolute(source.file) };
  return {
    images: absolute(source.images),
    labels: absolute(source.labels),
    ...(source.testImages === undefined ? {} : { testImages: absolute(source.testImages) }),
    ...(source.testLabels === undefined ? {} : { testLabels: absolute(source.testLabels) }),
  };
}
