/**
 * Files a person chose in one of the system's dialogs. A page may name these and no others, so that a page taken
 * over by someone else cannot read the disk. Remembered across starts.
 */

import { z } from 'zod';
import { StudioFailure } from '../../contract/outcome.ts';
import { parseRunSpec, type DataSource } from '../../../engine/spec/run-spec.ts';
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
    if (problem !== null) console.error(problem);
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

  #require(paths: readonly string[], field: string): void {
    const path = paths.find((file) => !this.#paths.has(file));
    if (path === undefined) return;
    const message = `${path} was not chosen on this computer yet; choose it with the file dialog`;
    throw new StudioFailure({ code: 'spec_invalid', message, issues: [{ path: field, message }] });
  }
}

/** The files a data source names. */
export function filesOf(source: DataSource): string[] {
  if (typeof source === 'string') return [];
  if ('file' in source) return [source.file];
  const { images, labels, testImages, testLabels } = source;
  return [images, labels, testImages, testLabels].filter((file) => file !== undefined);
}
