/**
 * Files a person chose in one of the system's dialogs. A page may name these and no others, so that a page taken
 * over by someone else cannot read the disk. Remembered across starts.
 */

import { said, say } from '../../../engine/spec/message.ts';
import { z } from 'zod';
import { StudioFailure } from '../../contract/outcome.ts';
import { parseRunSpec, type DataSource, type SpecIssue } from '../../../engine/spec/run-spec.ts';
import type { ParamValue } from '../../../engine/spec/search-space.ts';
import type { SweepSpec } from '../../../engine/spec/sweep-spec.ts';
import { readJsonFile, writeFileWhole } from '../json-file.ts';

/** The oldest are forgotten above this. */
const MOST_FILES = 1000;

const fileSchema = z.strictObject({ files: z.array(z.string()).default([]) });

export class ChosenFiles {
  readonly #file: string;
  readonly #readOnly: boolean;
  readonly #paths: Set<string>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, readOnly: boolean, paths: readonly string[]) {
    this.#file = file;
    this.#readOnly = readOnly;
    this.#paths = new Set(paths);
  }

  static async open(file: string, readOnly: boolean, now: number): Promise<ChosenFiles> {
    const { value, problem } = await readJsonFile(file, fileSchema, now);
    if (problem !== null) console.error(problem.message);
    return new ChosenFiles(file, readOnly, value.files);
  }

  /** Allows absolute paths from now on. */
  async add(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      this.#paths.delete(path);
      this.#paths.add(path);
    }
    for (const path of this.#paths) {
      if (this.#paths.size <= MOST_FILES) break;
      this.#paths.delete(path);
    }
    if (this.#readOnly) return;
    const write = (): Promise<void> => writeFileWhole(this.#file, JSON.stringify({ files: [...this.#paths] }));
    this.#writing = this.#writing.then(write, write);
    await this.#writing;
  }

  /** Throws a StudioFailure when the source names a file nobody chose. */
  requireSource(source: DataSource): void {
    this.#require(filesOf(source), 'data.source');
  }

  /** The same for all files of a run spec. A spec that is not right is left to whoever reads it next. */
  requireSpec(value: unknown): void {
    const parsed = parseRunSpec(value);
    if (!parsed.ok) return;
    this.requireSource(parsed.spec.data.source);
    if (parsed.spec.initialWeights !== null) this.#require([parsed.spec.initialWeights], 'initialWeights');
  }

  /** Files of a sweep nobody chose: those of its base, and those its search space would set. */
  sweepIssues({ base, space }: Pick<SweepSpec, 'base' | 'space'>): SpecIssue[] {
    const ofSpace = Object.entries(space).flatMap(([path, distribution]) => {
      const values = distribution.type === 'choice' ? distribution.values : [];
      return this.#issues(
        values.flatMap((value) => filesAt(path, value)),
        `space.${path}`,
      );
    });
    return [
      ...this.#issues(filesOf(base.data.source), 'base.data.source'),
      ...this.#issues(base.initialWeights === null ? [] : [base.initialWeights], 'base.initialWeights'),
      ...ofSpace,
    ];
  }

  /** Throws a StudioFailure when the sweep names a file nobody chose. */
  requireSweep(spec: Pick<SweepSpec, 'base' | 'space'>): void {
    refuse(this.sweepIssues(spec));
  }

  #require(paths: readonly string[], field: string): void {
    refuse(this.#issues(paths, field));
  }

  #issues(paths: readonly string[], field: string): SpecIssue[] {
    const path = paths.find((file) => !this.#paths.has(file));
    if (path === undefined) return [];
    return [{ path: field, ...say`${path} was not chosen on this computer yet; choose it with the file dialog` }];
  }
}

function refuse(issues: readonly SpecIssue[]): void {
  const [first] = issues;
  if (first !== undefined) throw new StudioFailure({ code: 'spec_invalid', ...said(first), issues });
}

const FILE_FIELDS: ReadonlySet<string> = new Set([
  'data.source.file',
  'data.source.images',
  'data.source.labels',
  'data.source.testImages',
  'data.source.testLabels',
  'initialWeights',
]);

/** The files a value names when it is put at a path of a run spec. */
function filesAt(path: string, value: ParamValue): string[] {
  if (typeof value === 'string') return FILE_FIELDS.has(path) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => filesAt(`${path}.${name}`, inner as ParamValue));
}

/** The files a data source names. */
export function filesOf(source: DataSource): string[] {
  if (typeof source === 'string') return [];
  if ('file' in source) return [source.file];
  const { images, labels, testImages, testLabels } = source;
  return [images, labels, testImages, testLabels].filter((file) => file !== undefined);
}
