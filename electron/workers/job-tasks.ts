/** What a train worker does besides training a run of its own. */

import { messageOf, type Message } from '../../engine/spec/message.ts';
import { writeWeightsFile } from './weights-file.ts';
import type { Trainer } from '../../engine/train/trainer-types.ts';
import { modelCardOf } from '../../engine/formats/model-card.ts';
import type { JobTaskName, JobTasks, Surroundings, WeightsChoice } from '../contract/job-tasks.ts';
import type { JobFolders } from '../contract/jobs.ts';
import { StudioFailure } from '../contract/outcome.ts';
import type { Evaluation } from '../contract/evaluation.ts';
import { checkpointWeights, type CheckpointWeights } from './checkpoint-weights.ts';
import { evaluateSplit } from './evaluate-split.ts';
import { checkCancelled, evaluationReport, sampleInputs } from './evaluation-report.ts';
import { kernelChoice, KernelsError, loadKernels, type LoadedKernels } from './load-kernels.ts';
import { lastData } from './data-cache.ts';
import { packFiles } from './pack-files.ts';
import { buildTrainer, describeRun, type PreparedRun } from './prepare-run.ts';
import type { TrainJobRunner } from './train-job.ts';

type TaskHandlers = {
  readonly [T in JobTaskName]: (
    args: JobTasks[T]['args'],
    live: TrainJobRunner | null,
  ) => Promise<JobTasks[T]['result']>;
};

/** Rejects with whatever went wrong; the worker turns it into a StudioError. */
export async function runTask<T extends JobTaskName>(
  task: T,
  args: JobTasks[T]['args'],
  live: TrainJobRunner | null,
): Promise<JobTasks[T]['result']> {
  const handler: TaskHandlers[T] = HANDLERS[task];
  return handler(args, live);
}

const HANDLERS: TaskHandlers = {
  async check({ spec, kernels, forkFrom, ...folders }) {
    const run = await lastData.prepare(spec, folders);
    const { kernels: loaded } = loadKernels(kernelChoice(kernels));
    return describeRun(run, await buildTrainer(run, loaded, folders, null, forkFrom));
  },

  async examine({ spec, kernels, ...folders }) {
    const { loaded } = await lastData.prepare(spec, folders);
    return { ...kernelsToBeHad(kernels), dataSha256: loaded.sha256 };
  },

  pack: ({ spec, ...folders }) => packFiles(spec, folders),

  async evaluate({ runId, spec, kernels, checkpoint, weights, split, ...folders }): Promise<Evaluation> {
    const run = await lastData.prepare(spec, folders);
    const { trainer, which, step, epoch } = await trainerAt(run, kernels, checkpoint, weights, folders);
    return evaluateSplit(run, trainer, { runId, split, weights: which, step, epoch });
  },

  async report({ runId, spec, kernels, checkpoint, weights, kept, split, control, ...folders }) {
    const run = await lastData.prepare(spec, folders);
    checkCancelled(control);
    const { trainer, which, step, epoch } = await trainerAt(run, kernels, checkpoint, weights, folders);
    return evaluationReport(run, trainer, { runId, split, weights: kept ? 'kept' : which, step, epoch }, control);
  },

  async samples({ spec, rows, ...folders }) {
    return sampleInputs(await lastData.prepare(spec, folders), rows);
  },

  async export({ card, checkpoint, weights, path }) {
    return writeWeightsFile(path, { card, weights: checkpointWeights(checkpoint, weights).weights });
  },

  async liveEvaluate({ split }, live) {
    const { run, trainer, runId } = alive(live);
    const { step, epoch } = trainer;
    return evaluateSplit(run, trainer, { runId, split, weights: 'live', step, epoch });
  },

  async liveReport({ split, weights, control }, live) {
    const { run, trainer, runId } = alive(live);
    const { bestEpoch } = trainer;
    const which = weights === 'best' && bestEpoch !== null ? 'best' : 'live';
    const { step, epoch } = which === 'best' && bestEpoch !== null ? bestEpoch : trainer;
    return trainer.withWeights(which === 'best' ? 'best' : 'last', () =>
      evaluationReport(run, trainer, { runId, split, weights: which, step, epoch }, control),
    );
  },

  async liveExport({ weights, path }, live) {
    const { run, trainer } = alive(live);
    return writeWeightsFile(path, { card: modelCardOf(run.spec, run.data), weights: trainer.weights(weights) });
  },
};

/** The run's network with the weights of a checkpoint in it. */
async function trainerAt(
  run: PreparedRun,
  kernels: string,
  checkpoint: Uint8Array,
  weights: WeightsChoice,
  folders: JobFolders,
): Promise<Omit<CheckpointWeights, 'weights'> & { readonly trainer: Trainer }> {
  const { kernels: loaded } = loadKernels(kernelChoice(kernels));
  const { weights: values, ...chosen } = checkpointWeights(checkpoint, weights);
  // The weights come from the checkpoint: what the run began with does not matter any more.
  const spec = { ...run.spec, initialWeights: null };
  const trainer = await buildTrainer({ ...run, spec }, loaded, folders, null);
  trainer.loadWeights(values);
  return { trainer, ...chosen };
}

/** Those asked for, or the fastest that load and why. */
function kernelsToBeHad(name: string): Omit<Surroundings, 'dataSha256'> {
  const had = ({ kernels }: LoadedKernels, note: Message | null): Omit<Surroundings, 'dataSha256'> => {
    return { kernels: kernels.name, kernelsDescription: kernels.description, note };
  };
  try {
    return had(loadKernels(kernelChoice(name)), null);
  } catch (error) {
    if (!(error instanceof KernelsError)) throw error;
    return had(loadKernels('auto'), messageOf(error));
  }
}

function alive(live: TrainJobRunner | null): TrainJobRunner {
  if (live === null) throw new StudioFailure({ code: 'not_found', message: 'the run has left its worker' });
  return live;
}
