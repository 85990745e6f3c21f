/** A spec from outside: checked, and with its file paths absolute, so that a run can go on from anywhere. */

import { messageOf } from '../../../engine/spec/message.ts';
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { parseRunSpec, SpecError, type DataSource, type RunSpec } from '../../../engine/spec/run-spec.ts';
import { StudioFailure } from '../../contract/outcome.ts';

/** Throws a StudioFailure with an issue for every field at fault. */
export function readSpec(value: unknown): RunSpec {
  const result = parseRunSpec(value);
  if (result.ok) return result.spec;
  const { issues } = result;
  throw new StudioFailure({ code: 'spec_invalid', ...messageOf(new SpecError(issues)), issues });
}

/** Relative paths are taken from the first folder in which the file exists, else from the first folder. */
export function withAbsolutePaths(spec: RunSpec, folders: readonly string[]): RunSpec {
  const absolute = (path: string): string => {
    if (isAbsolute(path)) return path;
    const candidates = folders.map((folder) => resolve(folder, path));
    return candidates.find((candidate) => existsSync(candidate)) ?? candidates[0] ?? path;
  };
  return {
    ...spec,
    data: { ...spec.data, source: absoluteSource(spec.data.source, absolute) },
    initialWeights: spec.initialWeights === null ? null : absolute(spec.initialWeights),
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
