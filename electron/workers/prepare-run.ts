/** From a run spec to a trainer: reads the data, splits it, checks memory, builds the network. */

import { messageOf, say } from '../../engine/spec/message.ts';
import { basename, resolve } from 'node:path';
import { prepareData } from '../../engine/data/prepare.ts';
import { DataError, type PreparedData } from '../../engine/data/dataset.ts';
import { checkGaps } from '../../engine/data/labels.ts';
import type { Kernels } from '../../engine/kernels/kernels.ts';
import { modelLabel } from '../../engine/spec/layer-names.ts';
import { expandLayers, type RunSpec } from '../../engine/spec/run-spec.ts';
import { inferShapes, sizeOf } from '../../engine/spec/shapes.ts';
import { stepsPerEpoch } from '../../engine/train/batcher.ts';
import { createTrainer } from '../../engine/train/trainer.ts';
import type { Trainer, WeightSet } from '../../engine/train/trainer-types.ts';
import type { CheckedRun } from '../contract/job-tasks.ts';
import type { ForkStart, JobFolders } from '../contract/jobs.ts';
import { StudioFailure } from '../contract/outcome.ts';
import { loadDataSet, loadPackedData, type LoadedData } from './data-source.ts';
import { checkMemory, estimateMemory } from './memory-budget.ts';
import { readWeightsFile } from './weights-file.ts';

/** Epochs with histograms, at most, however long the run. */
const MOST_HISTOGRAM_EPOCHS = 500;

/** A spec whose data is in memory. */
export interface PreparedRun {
  readonly spec: RunSpec;
  readonly loaded: LoadedData;
  readonly data: PreparedData;
}

/** Rejects with a StudioFailure (`data_invalid`, the issue at `data.source`) for data that cannot be used. */
export async function prepareRun(spec: RunSpec, folders: JobFolders): Promise<PreparedRun> {
  try {
    const loaded = await loadData(spec, folders);
    const { source } = spec.data;
    if (typeof source !== 'string') {
      checkGaps(loaded.dataset, basename('file' in source ? source.file : source.labels));
    }
    return { spec, loaded, data: prepareData(loaded.dataset, spec.data) };
  } catch (error) {
    throw atField(error, 'data_invalid', 'data.source');
  }
}

/** The data set a run is about, before it is split. */
export async function loadData({ data }: RunSpec, folders: JobFolders): Promise<LoadedData> {
  const { delivered, datasetsFolder: datasetsDir, baseFolder: baseDir } = folders;
  const loaded =
    typeof delivered?.data === 'string'
      ? await loadPackedData(delivered.data)
      : await loadDataSet(data.source, { datasetsDir, baseDir, splitSeed: data.splitSeed });
  if (delivered === undefined || delivered.dataSha256 === loaded.sha256) return loaded;
  throw new DataError(
    say`${loaded.title}: the data on this machine is not that of the sweep: expected ${delivered.dataSha256.slice(0, 12)}…, got ${loaded.sha256.slice(0, 12)}…`,
  );
}

/** Throws a SpecError for a spec that does not fit its data or the memory of this machine. */
export async function buildTrainer(
  run: PreparedRun,
  kernels: Kernels,
  folders: JobFolders,
  resumeFrom: Uint8Array | null,
  forkFrom: ForkStart | null = null,
): Promise<Trainer> {
  const { spec, data } = run;
  const layers = expandLayers(spec.model.layers);
  const shapes = inferShapes(data.shape, layers, spec.loss);
  // Layers that do not fit have no size to count; the trainer says what is wrong with them.
  if (shapes.issues.length === 0) checkMemory(estimateMemory(spec, data, shapes, kernels.dtype === 'float32' ? 4 : 8));
  // A checkpoint holds the weights; the file they began with may be gone by now.
  const initialWeights = resumeFrom === null && forkFrom === null ? await readInitialWeights(run, folders) : null;
  return createTrainer({ spec: withFewHistograms(spec, data), data, kernels, initialWeights, resumeFrom, forkFrom });
}

/**
 * A run of very many epochs takes its histograms at every n-th of them: nobody can look at more, and small nets end
 * hundreds of epochs a second. Depends on the spec and the data alone, so a resume takes the same ones.
 */
function withFewHistograms(spec: RunSpec, data: PreparedData): RunSpec {
  const { training } = spec;
  const { histograms } = training;
  const perEpoch = stepsPerEpoch(data.train.length, training.batchSize);
  const epochs = training.epochs ?? Math.ceil((training.steps ?? 0) / perEpoch);
  const everyEpochs = Math.max(histograms.everyEpochs, Math.ceil(epochs / MOST_HISTOGRAM_EPOCHS));
  return { ...spec, training: { ...training, histograms: { ...histograms, everyEpochs } } };
}

async function readInitialWeights({ spec, data }: PreparedRun, folders: JobFolders): Promise<WeightSet | null> {
  if (spec.initialWeights === null) return null;
  const model = { inputShape: data.shape.input, layers: expandLayers(spec.model.layers) };
  try {
    const path = folders.delivered?.initialWeights ?? resolve(folders.baseFolder, spec.initialWeights);
    return await readWeightsFile(path, model);
  } catch (error) {
    throw atField(error, 'file_invalid', 'initialWeights');
  }
}

/** What the runs table and the form want to know of a run before it begins. */
export function describeRun({ spec, loaded, data }: PreparedRun, trainer: Trainer): CheckedRun {
  return {
    data: loaded.title === '' || typeof spec.data.source === 'string' ? String(spec.data.source) : loaded.title,
    model: modelLabel(sizeOf(data.shape.input), expandLayers(spec.model.layers)),
    parameters: trainer.parameterCount,
    task: data.shape.task,
    stepsPerEpoch: trainer.stepsPerEpoch,
    stepsPlanned: trainer.totalSteps,
    epochsPlanned: Math.ceil(trainer.totalSteps / trainer.stepsPerEpoch),
    inputShape: data.shape.input,
    outputNames: data.outputNames,
    splitSizes: { train: data.train.length, validation: data.validation.length, test: data.test.length },
  };
}

/** A DataError as a failure a form can show at its field; anything else as it is. */
function atField(error: unknown, code: 'data_invalid' | 'file_invalid', path: string): unknown {
  if (!(error instanceof DataError)) return error;
  const message = messageOf(error);
  const at = error.field ?? path;
  return new StudioFailure({ code, ...message, issues: [{ path: at, ...message }] });
}
