/** What the schema cannot see: whether loss and training suit the data at hand. */

import { say, word, type Message } from '../spec/message.ts';
import type { PreparedData } from '../data/dataset.ts';
import type { LayerSpec, LossType } from '../spec/layer-spec.ts';
import type { RunSpec, SpecIssue } from '../spec/run-spec.ts';

/** The first thing that does not suit, at its field; null when all does. */
export function dataIssue(spec: RunSpec, data: PreparedData): SpecIssue | null {
  if (data.train.length === 0) return { path: 'data', message: 'expected at least one training row, got none' };
  const loss = typeof spec.loss === 'string' ? spec.loss : spec.loss.type;
  const message = data.labels === null ? targetsIssue(loss, data) : classesIssue(loss, data);
  return message === null ? trainingIssue(spec, data) : { path: 'loss', ...message };
}

function classesIssue(loss: LossType, { shape }: PreparedData): Message | null {
  const forTwo = loss === 'hinge' || loss === 'exponential';
  return forTwo && shape.outputs > 2 ? say`${loss} is for two classes, the data has ${shape.outputs}` : null;
}

/** A softmax of a softmax learns slowly and can never be certain. */
export function outputIssue(spec: RunSpec, layers: readonly LayerSpec[]): SpecIssue | null {
  const loss = typeof spec.loss === 'string' ? spec.loss : spec.loss.type;
  const last = layers.length - 1;
  if (loss !== 'softmax-cross-entropy' || layers[last]?.type !== 'softmax') return null;
  const message = 'softmax-cross-entropy applies softmax itself; remove this layer';
  return { path: `model.layers.${last}`, message };
}

function targetsIssue(loss: LossType, data: PreparedData): Message | null {
  const columns = data.shape.outputs;
  if (loss === 'softmax-cross-entropy') {
    const { targetsNote } = data;
    if (targetsNote !== undefined) {
      return say`softmax-cross-entropy needs class labels, and ${targetsNote}: save class labels as integers, or use mse`;
    }
    return word('softmax-cross-entropy needs class labels, the data has real targets; use mse');
  }
  if (loss !== 'binary-cross-entropy' && loss !== 'hinge' && loss !== 'exponential') return null;
  if (loss !== 'binary-cross-entropy' && columns !== 1)
    return say`${loss} is for one target column, the data has ${columns}`;
  const targets = data.targets ?? new Float32Array(0);
  const bad = targets.findIndex((t) => (loss === 'binary-cross-entropy' ? !(t >= 0 && t <= 1) : t !== 0 && t !== 1));
  if (bad < 0) return null;
  const wanted = word(loss === 'binary-cross-entropy' ? 'targets from 0 to 1' : 'targets of 0 or 1');
  return say`${loss} needs ${wanted}, row ${Math.floor(bad / columns)} has ${targets[bad]}`;
}

function trainingIssue({ training }: RunSpec, data: PreparedData): SpecIssue | null {
  const validation = data.validation.length > 0;
  const { earlyStopping } = training;
  if (earlyStopping !== null && !validation) {
    return { path: 'training.earlyStopping', message: 'needs a validation split: set data.validation above 0' };
  }
  if (earlyStopping?.metric === 'validationAccuracy' && data.labels === null) {
    const message = 'expected validationLoss: there is no accuracy without classes';
    return { path: 'training.earlyStopping.metric', message };
  }
  if (training.evaluate === 'best' && !validation) {
    return { path: 'training.evaluate', message: 'expected last: without a validation split no epoch is the best' };
  }
  return null;
}
