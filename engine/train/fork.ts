/**
 * A run that goes on from another run's checkpoint, with other settings where the two can differ. The parent's state
 * is brought into the shape of the child's own checkpoint; from there on nothing knows that it was a fork.
 */

import { say, toMessage, type Message } from '../spec/message.ts';
import { forkIssues } from '../spec/fork.ts';
import type { LossSpec } from '../spec/layer-spec.ts';
import { expandLayers, SpecError, type RunSpec } from '../spec/run-spec.ts';
import { stepsPerEpoch } from './batcher.ts';
import { BEGINNING, decodeCheckpoint, type Checkpoint, type CheckpointTensor, type Origin } from './checkpoint.ts';
import { checkpointTensors } from './trainer-checkpoint.ts';
import type { TrainerParts } from './trainer-parts.ts';
import type { ForkSource, TrainerOptions } from './trainer-types.ts';

/** What of the parent's state the child can use. */
export interface Fork {
  readonly parent: Checkpoint;
  readonly origin: Origin;
  /** True when an epoch has another number of steps: a pass over the data that was under way begins anew. */
  readonly newPace: boolean;
  readonly newOptimizer: boolean;
  /** True when another figure decides which epoch is the best: those before the fork cannot be compared. */
  readonly newMeasure: boolean;
  readonly newStopping: boolean;
  readonly sameLayers: boolean;
}

/** Throws a SpecError for settings that cannot change, a CheckpointError for bytes that are no checkpoint. */
export function planFork({ spec, data }: TrainerOptions, { checkpoint, spec: before }: ForkSource): Fork {
  const parent = decodeCheckpoint(checkpoint);
  const { state } = parent;
  const issues = forkIssues(before, spec, state);
  if (issues.length > 0) throw new SpecError(issues);
  const newPace = stepsPerEpoch(data.train.length, spec.training.batchSize) !== state.stepsPerEpoch;
  const newOptimizer = spec.optimizer.type !== before.optimizer.type;
  const origin = state.origin ?? BEGINNING;
  return {
    parent,
    newPace,
    newOptimizer,
    newMeasure: !same(measureOf(spec), measureOf(before)),
    newStopping: !same(spec.training.earlyStopping, before.training.earlyStopping),
    sameLayers: same(expandLayers(spec.model.layers), expandLayers(before.model.layers)),
    origin:
      newPace || newOptimizer
        ? {
            step: newPace ? state.step : origin.step,
            epoch: newPace ? state.epoch : origin.epoch,
            optimizerStep: newOptimizer ? state.step : origin.optimizerStep,
          }
        : origin,
  };
}

/** The checkpoint the child would have written. Throws a SpecError when the networks have other shapes. */
export function forkedCheckpoint(parts: TrainerParts, fork: Fork): Checkpoint {
  const { newPace, newMeasure, parent } = fork;
  const keepBest = parent.state.best !== null && !newMeasure;
  const { state } = parent;
  return {
    state: {
      ...state,
      dtype: parts.kernels.dtype,
      optimizer: parts.optimizerType,
      stepsPerEpoch: parts.batcher.stepsPerEpoch,
      ...(newPace ? { batcher: { rng: state.batcher.rng, step: 0 }, sums: { loss: 0, right: 0, rows: 0 } } : {}),
      ...(newMeasure ? { best: null, stop: { best: null, reference: null, waited: 0 } } : {}),
      stopped: fork.newStopping ? false : state.stopped,
    },
    tensors: tensorsOf(parts, fork, keepBest),
  };
}

/**
 * Weights follow the order of the layers that have some, not their positions: a dropout layer may come or go. The
 * optimizer's state goes along with its parameter, or starts at 0 for another optimizer.
 */
function tensorsOf(parts: TrainerParts, fork: Fork, keepBest: boolean): CheckpointTensor[] {
  const { parent } = fork;
  const names = parent.tensors.map(({ name }) => name).filter((name) => name.startsWith('layers.'));
  const states = parts.model.states;
  const fieldsOf = (list: readonly string[]): string => list.map((name) => name.split('.').at(-1)).join();
  if (fieldsOf(names) !== fieldsOf(states.map(({ name }) => name))) {
    throw shapesDiffer('the layers with weights must stay: only layers without any may come or go');
  }
  const given = new Map(parent.tensors.map((tensor) => [tensor.name, tensor]));
  const before = new Map(states.map(({ name }, i) => [name, names[i]!]));
  const find = (name: string): CheckpointTensor | undefined => {
    const own = /layers\.\d+\.[A-Za-z]+/.exec(name)?.[0] ?? '';
    return given.get(name.replace(own, before.get(own) ?? own));
  };
  const wanted = checkpointTensors(parts, keepBest ? states.map(({ tensor }) => tensor.data) : null);
  const tensors = wanted.map(({ name, shape, data }) => {
    const found = name.startsWith('optimizer.') && fork.newOptimizer ? undefined : find(name);
    if (found === undefined) return { name, shape, data: data.slice().fill(0) };
    if (found.shape.join() !== shape.join()) {
      const [then, now] = [found.shape.join(' × '), shape.join(' × ')];
      throw shapesDiffer(say`${name} has ${then} at the fork, ${now} here: sizes cannot change`);
    }
    return { name, shape, data: found.data };
  });
  // Bins belong to a layer's position; with other positions new ones are chosen.
  const edges = fork.sameLayers ? parent.tensors.filter(({ name }) => name.startsWith('edges.')) : [];
  return [...tensors, ...edges];
}

/** The figure that decides which epoch is the best. */
function measureOf({ loss, training, optimizer }: RunSpec): unknown {
  const metric = training.earlyStopping?.metric ?? null;
  // The validation loss holds the weight decay's term.
  return { metric, loss: inFull(loss), weightDecay: metric === 'validationAccuracy' ? null : optimizer.weightDecay };
}

/** A loss may be written as its name or with its settings: "huber" is { type: "huber", delta: 1 }. */
function inFull(loss: LossSpec): unknown {
  const settings = typeof loss === 'string' ? { type: loss } : loss;
  return {
    type: settings.type,
    labelSmoothing: 'labelSmoothing' in settings ? settings.labelSmoothing : 0,
    delta: 'delta' in settings ? settings.delta : 1,
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function shapesDiffer(message: string | Message): SpecError {
  return new SpecError([{ path: 'model.layers', ...say`a fork keeps its parent's weights; ${toMessage(message)}` }]);
}
