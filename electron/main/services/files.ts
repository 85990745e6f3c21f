/** Everything that goes through the system's file dialogs. Paths come from here, never from a page. */

import { say, type Message } from '../../../engine/spec/message.ts';
import { dialog, type BrowserWindow, type FileFilter, type OpenDialogOptions } from 'electron';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import type { InvokeArgument, SavedFile } from '../../contract/invoke.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import { dataSourceSchema, type DataSource } from '../../../engine/spec/run-spec.ts';
import { writeFileWhole } from '../json-file.ts';
import type { Texts } from '../texts.ts';
import { filesOf, type ChosenFiles } from './chosen-files.ts';
import { requireWritableTarget, safeFileName } from './file-names.ts';
import type { RunsService } from './runs-types.ts';

/** A run spec larger than this is no run spec. */
const LARGEST_SPEC = 4 * 1024 * 1024;

type WeightsFormat = InvokeArgument<'weights:export'>['format'];
const FORMATS: readonly WeightsFormat[] = ['npz', 'safetensors', 'onnx', 'json'];
const FORMAT_NAMES: Readonly<Record<WeightsFormat, string>> = {
  npz: 'NumPy (npz)',
  safetensors: 'safetensors',
  onnx: 'ONNX',
  json: 'JSON',
};

export interface FilesOptions {
  readonly runs: RunsService;
  readonly chosen: ChosenFiles;
  readonly homeFolder: string;
  readonly window: () => BrowserWindow | null;
  readonly texts: () => Texts;
}

export class FilesService {
  readonly #options: FilesOptions;

  constructor(options: FilesOptions) {
    this.#options = options;
  }

  /** A table (CSV, npz) or a pair of IDX files; null when the person cancelled. */
  async chooseData(kind: 'table' | 'idx'): Promise<DataSource | null> {
    const { chosen } = this.#options;
    const texts = this.#options.texts();
    let source: DataSource;
    if (kind === 'table') {
      const file = await this.#open(texts.chooseData, { name: texts.dataTables, extensions: ['csv', 'npz', 'gz'] });
      if (file === null) return null;
      source = { file };
    } else {
      const images = await this.#open(texts.chooseImages, { name: texts.idxImages, extensions: ['*'] });
      if (images === null) return null;
      const labels = await this.#open(texts.chooseLabels, { name: texts.idxLabels, extensions: ['*'] });
      if (labels === null) return null;
      source = { images, labels };
    }
    await chosen.add(filesOf(source));
    return source;
  }

  async chooseWeights(): Promise<string | null> {
    const texts = this.#options.texts();
    const file = await this.#open(texts.chooseWeights, { name: texts.weights, extensions: [...FORMATS] });
    if (file !== null) await this.#options.chosen.add([file]);
    return file;
  }

  /** Asks where, then has the weights written and verified. The extension chosen in the dialog is the format. */
  async exportWeights({ id, format, ...which }: InvokeArgument<'weights:export'>): Promise<SavedFile | null> {
    const { runs } = this.#options;
    const { summary } = await runs.get(id);
    const order = [format, ...FORMATS.filter((other) => other !== format)];
    const filters = order.map((name) => ({ name: FORMAT_NAMES[name], extensions: [name] }));
    const path = await this.#save(safeFileName(summary.name, `.${format}`), filters);
    if (path === null) return null;
    const known = FORMATS.some((name) => extname(path).toLowerCase() === `.${name}`);
    const target = known ? path : `${path}.${format}`;
    // The dialog asked about the name that was typed, not about the one with its ending.
    if (target !== path && existsSync(target)) {
      throw new StudioFailure({ code: 'conflict', ...say`${target} exists; choose that file itself to replace it` });
    }
    await requireWritableTarget(target, this.#options.homeFolder);
    return runs.exportWeights({ id, path: target, ...which });
  }

  /** A run spec from a file. The files it names were chosen with it; their paths come back absolute. */
  async openSpec(): Promise<{ fileName: string; spec: unknown } | null> {
    const texts = this.#options.texts();
    const file = await this.#open(texts.openSpec, { name: texts.runSpec, extensions: ['json'] });
    if (file === null) return null;
    if ((await stat(file)).size > LARGEST_SPEC) throw invalid(say`${file} is too large for a run spec (over 4 MB)`);
    const text = await readFile(file, 'utf8');
    let spec: unknown;
    try {
      spec = JSON.parse(text);
    } catch (error) {
      throw invalid(say`${file}: expected JSON, got ${error instanceof Error ? error.message : String(error)}`);
    }
    const paths: string[] = [];
    const absolute = withAbsolutePaths(spec, dirname(file), paths);
    await this.#options.chosen.add(paths);
    return { fileName: file, spec: absolute };
  }

  async saveSpec({ spec, suggestedName }: InvokeArgument<'spec:save'>): Promise<SavedFile | null> {
    const filter = { name: this.#options.texts().runSpec, extensions: ['json'] };
    return this.#write(
      safeFileName(suggestedName, '.json'),
      [filter],
      Buffer.from(`${JSON.stringify(spec, null, 2)}\n`),
    );
  }

  /** Saves what the page made: a chart as a picture or a table. */
  async saveFile({ suggestedName, bytes }: InvokeArgument<'file:save'>): Promise<SavedFile | null> {
    const extension = extname(suggestedName).toLowerCase();
    if (!/^\.(png|svg|csv|json|txt)$/.test(extension)) {
      throw invalid(say`${suggestedName}: expected a name that ends in .png, .svg, .csv, .json or .txt`);
    }
    const filter = { name: extension.slice(1).toUpperCase(), extensions: [extension.slice(1)] };
    return this.#write(safeFileName(suggestedName, extension), [filter], bytes);
  }

  async #write(name: string, filters: FileFilter[], bytes: Uint8Array): Promise<SavedFile | null> {
    const path = await this.#save(name, filters);
    if (path === null) return null;
    await requireWritableTarget(path, this.#options.homeFolder);
    await writeFileWhole(path, bytes);
    return { path, sizeBytes: bytes.byteLength };
  }

  async #save(name: string, filters: FileFilter[]): Promise<string | null> {
    const options = { defaultPath: name, filters };
    const window = this.#options.window();
    const result = await (window === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(window, options));
    return result.canceled || result.filePath === '' ? null : result.filePath;
  }

  async #open(title: string, filter: FileFilter): Promise<string | null> {
    const all = { name: this.#options.texts().allFiles, extensions: ['*'] };
    const filters = filter.extensions.includes('*') ? [filter] : [filter, all];
    const options: OpenDialogOptions = { title, properties: ['openFile'], filters };
    const window = this.#options.window();
    const result = await (window === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options));
    return result.canceled ? null : (result.filePaths[0] ?? null);
  }
}

/** Resolves the file paths of a spec against its folder and collects them; anything else stays as it is. */
function withAbsolutePaths(spec: unknown, folder: string, paths: string[]): unknown {
  if (!isRecord(spec)) return spec;
  const absolute = (path: string): string => {
    const full = resolve(folder, path);
    paths.push(full);
    return full;
  };
  const result = { ...spec };
  const data = spec['data'];
  if (isRecord(data)) {
    const parsed = dataSourceSchema.safeParse(data['source']);
    if (parsed.success) result['data'] = { ...data, source: mapFiles(parsed.data, absolute) };
  }
  if (typeof spec['initialWeights'] === 'string') result['initialWeights'] = absolute(spec['initialWeights']);
  return result;
}

function mapFiles(source: DataSource, map: (path: string) => string): DataSource {
  if (typeof source === 'string') return source;
  if ('file' in source) return { ...source, file: map(source.file) };
  return {
    images: map(source.images),
    labels: map(source.labels),
    ...(source.testImages === undefined ? {} : { testImages: map(source.testImages) }),
    ...(source.testLabels === undefined ? {} : { testLabels: map(source.testLabels) }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: Message): StudioFailure {
  return new StudioFailure({ code: 'file_invalid', ...message });
}
