/** Everything on this machine's disk that a run needs elsewhere. */

import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { RunSpec } from '../../engine/spec/run-spec.ts';
import type { PackedFile, PackedFiles } from '../contract/job-tasks.ts';
import type { JobFolders } from '../contract/jobs.ts';
import { fileError } from './data-bytes.ts';
import { packDataSet } from './packed-data.ts';
import { loadData } from './prepare-run.ts';
import { weightsFormatOf } from './weights-file.ts';

/** null for data on board, which every worker has. Rejects with what reading the files throws. */
export async function packFiles(spec: RunSpec, folders: JobFolders): Promise<PackedFiles> {
  const { dataset, sha256 } = await loadData(spec, folders);
  const onBoard = typeof spec.data.source === 'string';
  return {
    dataSha256: sha256,
    data: onBoard ? null : { bytes: packDataSet(dataset), extension: 'data' },
    initialWeights: spec.initialWeights === null ? null : await wholeFile(folders.baseFolder, spec.initialWeights),
  };
}

async function wholeFile(folder: string, path: string): Promise<PackedFile> {
  const absolute = resolve(folder, path);
  try {
    return { bytes: new Uint8Array(await readFile(absolute)), extension: weightsFormatOf(absolute) };
  } catch (error) {
    throw fileError(basename(absolute), error);
  }
}
