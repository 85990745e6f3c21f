/** A network for inference only, from weights that were read from a file: nothing is trained, no gradients are kept. */

import type { PreparedData } from '../data/dataset.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { createLoss } from '../losses/create-loss.ts';
import { RowSource } from '../math/tensor.ts';
import type { LayerSpec, LossSpec } from '../spec/layer-spec.ts';
import { inferShapes } from '../spec/shapes.ts';
import { buildModel } from './model.ts';
import { Scorer, SCORING_ROWS } from './scoring.ts';
import type { Prediction, RawOutputs, Score, WeightSet } from './trainer-types.ts';
import { loadWeights } from './weights.ts';

export interface PredictorOptions {
  readonly kernels: Kernels;
  /** `repeat` already expanded. A `step` layer is welcome here. */
  readonly layers: readonly LayerSpec[];
  /** Decides how outputs are shown and scored. */
  readonly loss: LossSpec;
  readonly data: PreparedData;
  readonly weights: WeightSet;
}

export interface Predictor {
  predict(rows: Int32Array): Prediction;
  outputs(rows: Int32Array): RawOutputs;
  /** Mean loss, without any weight decay, and accuracy. The data must have the targets the loss asks for. */
  score(rows: Int32Array): Score;
}

/** Throws a SpecError when layers, data and weights do not fit together. */
export function createPredictor({ kernels, layers, loss: lossSpec, data, weights }: PredictorOptions): Predictor {
  const arena = kernels.createArena();
  const inputShape = data.shape.input;
  const shapes = inferShapes(data.shape, layers, lossSpec);
  const capacity = SCORING_ROWS;
  const model = buildModel({ layers, shapes, inputShape, kernels, arena, capacity, seed: 0, training: false });
  const { outputs, columns } = model;
  const loss = createLoss({ kernels, arena, capacity, outputs, columns, classes: data.labels !== null }, lossSpec);
  const source = arena.rows(new RowSource(data.x, data.rowSize, data.scale, data.shift));
  const scorer = new Scorer(arena, kernels, model, loss, data, source);
  arena.commit();
  loadWeights(model, weights, 'weights');
  return {
    predict: (rows) => scorer.predict(rows),
    outputs: (rows) => scorer.outputs(rows),
    score: (rows) => scorer.score(rows, 0),
  };
}
