/** Puts a run together: checks that spec and data fit, reserves all memory at once, sets the initial weights. */

import { say } from '../spec/message.ts';
import type { PreparedData } from '../data/dataset.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { createLoss } from '../losses/create-loss.ts';
import type { Loss } from '../losses/loss.ts';
import { RowSource, type IntTensor } from '../math/tensor.ts';
import { createOptimizer } from '../optimizers/create-optimizer.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { createSchedule } from '../schedules/create-schedule.ts';
import type { Schedule } from '../schedules/schedule.ts';
import { expandLayers, SpecError } from '../spec/run-spec.ts';
import { inferShapes } from '../spec/shapes.ts';
import { dataIssue, outputIssue } from './data-issue.ts';
import { BEGINNING, type Origin } from './checkpoint.ts';
import { batchGenerator, Batcher, indicesSize, largestBatch, stepsPerEpoch } from './batcher.ts';
import { buildModel, type Model } from './model.ts';
import { usualOutput } from './probe-edges.ts';
import { HealthProbe } from './health.ts';
import { Probes } from './probes.ts';
import { PROBED_ROWS, Scorer } from './scoring.ts';
import { StopPolicy } from './stop-policy.ts';
import type { TrainerOptions } from './trainer-types.ts';
import { initializeModel } from './weights.ts';

export interface TrainerParts {
  readonly kernels: Kernels;
  readonly data: PreparedData;
  readonly source: RowSource;
  readonly indices: IntTensor;
  readonly model: Model;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly optimizerType: string;
  readonly schedule: Schedule;
  readonly batcher: Batcher;
  readonly scorer: Scorer;
  readonly probes: Probes;
  readonly health: HealthProbe;
  readonly policy: StopPolicy;
  readonly totalSteps: number;
  readonly origin: Origin;
  /** λ of the decay that goes through the gradient; 0 for adamw, which has its own. */
  readonly weightDecay: number;
  readonly clipNorm: number | null;
  readonly keepGradients: boolean;
}

/** Throws a SpecError for a spec that does not fit its data, cannot be trained, or needs more memory than can be had. */
export function buildParts(options: TrainerOptions, origin: Origin = BEGINNING): TrainerParts {
  const { spec, data, kernels } = options;
  const { training, optimizer: optimizerSpec } = spec;
  const layers = expandLayers(spec.model.layers);
  const issue = dataIssue(spec, data) ?? outputIssue(spec, layers);
  if (issue !== null) throw new SpecError([issue]);
  const shapes = inferShapes(data.shape, layers, spec.loss);
  const rows = data.train.length;
  const perEpoch = stepsPerEpoch(rows, training.batchSize);
  const totalSteps = training.steps ?? origin.step + ((training.epochs ?? 1) - origin.epoch) * perEpoch;
  const scoredRows = Math.max(rows, data.validation.length, data.test.length);
  const capacity = Math.max(
    largestBatch(training.sampling, rows, training.batchSize),
    Math.min(PROBED_ROWS, scoredRows),
  );

  const arena = kernels.createArena();
  const inputShape = data.shape.input;
  const model = buildModel({ layers, shapes, inputShape, kernels, arena, capacity, seed: spec.seed, training: true });
  const classes = data.labels !== null;
  const loss = createLoss(
    { kernels, arena, capacity, outputs: model.outputs, columns: model.columns, classes },
    spec.loss,
  );
  const optimizer = createOptimizer({ kernels, arena, parameters: model.parameters }, optimizerSpec);
  const source = arena.rows(new RowSource(data.x, data.rowSize, data.scale, data.shift));
  const indices = arena.ints(indicesSize(training.sampling, rows, training.batchSize));
  const scorer = new Scorer(arena, kernels, model, loss, data, source);
  const probeRows = (data.validation.length > 0 ? data.validation : data.train).subarray(0, PROBED_ROWS);
  const health = new HealthProbe(arena, {
    kernels,
    model,
    scorer,
    layers,
    spec: training.health,
    rows: probeRows,
    totalSteps,
  });
  commit(arena);
  initializeModel(model, spec.seed);

  const weightDecay = optimizerSpec.type === 'adamw' ? 0 : optimizerSpec.weightDecay;
  const { clipNorm } = optimizerSpec;
  return {
    kernels,
    data,
    source,
    indices,
    model,
    loss,
    optimizer,
    optimizerType: optimizerSpec.type,
    schedule: createSchedule(spec.schedule, optimizerSpec.lr, totalSteps),
    batcher: new Batcher(training.sampling, data.train, training.batchSize, indices.data, batchGenerator(spec.seed)),
    scorer,
    probes: new Probes({
      model,
      scorer,
      spec: training.histograms,
      rows: probeRows,
      stepsPerEpoch: perEpoch,
      origin,
      totalSteps,
      lr: optimizerSpec.lr,
      usualOutput: usualOutput(spec.loss, data),
      gradientsChange: weightDecay !== 0 || clipNorm !== null,
    }),
    health,
    policy: new StopPolicy(training.earlyStopping, classes),
    totalSteps,
    origin,
    weightDecay,
    clipNorm,
    keepGradients: options.keepGradients ?? false,
  };
}

function commit(arena: ReturnType<Kernels['createArena']>): void {
  try {
    arena.commit();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = say`the network and its batches need more memory than can be had (${error.message})`;
    throw new SpecError([{ path: 'training.batchSize', ...message }]);
  }
}
