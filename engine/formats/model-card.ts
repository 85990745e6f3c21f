/** The model card of a run: what its weights files say about the network. */

import type { PreparedData } from '../data/dataset.ts';
import { foldNormalization, type ModelCard } from '../spec/model-card.ts';
import { expandLayers, type RunSpec } from '../spec/run-spec.ts';
import type { WeightModel } from './weight-layout.ts';

/** The card of a run on its prepared data. */
export function modelCardOf(spec: Pick<RunSpec, 'model' | 'loss'>, data: PreparedData): ModelCard {
  const channels = data.shape.input.length === 3 ? (data.shape.input[0] ?? 1) : data.rowSize;
  const { scale, shift } = data;
  return {
    version: 1,
    input: [...data.shape.input],
    task: data.shape.task,
    layers: expandLayers(spec.model.layers),
    loss: spec.loss,
    outputNames: [...data.outputNames],
    normalization:
      scale === null || shift === null
        ? null
        : { scale: foldNormalization(scale, channels), shift: foldNormalization(shift, channels) },
  };
}

/** What the formats need of a card to place its tensors. */
export function weightModelOf(card: ModelCard): WeightModel {
  return { inputShape: card.input, layers: card.layers };
}
