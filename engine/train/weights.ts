/** Weights in and out of a model: the named sets that files, checkpoints and races pass around. */

import { say, type Message } from '../spec/message.ts';
import { initialize } from '../init/initialize.ts';
import { Rng } from '../math/rng.ts';
import { SpecError } from '../spec/run-spec.ts';
import type { Model } from './model.ts';
import type { NamedTensor, WeightSet } from './trainer-types.ts';

/**
 * Draws the initial values. Each tensor has a stream of its own, named after its layer ("affine 2/weight"), so two
 * models with the same seed share the weights of the layers they have in common.
 */
export function initializeModel(model: Model, seed: number): void {
  for (const state of model.states) {
    const { parameter, tensor } = state;
    if (parameter === null) {
      tensor.data.fill(state.initial);
    } else {
      const rng = Rng.stream(seed, `init/${model.layers[state.layer]?.name}/${state.field}`);
      initialize(tensor.data, parameter.init, parameter.fanIn, parameter.fanOut, rng);
    }
  }
}

/** Copies parameters and running statistics out, float32, in layer order. */
export function readWeights(model: Model): WeightSet {
  return model.states.map(({ name, tensor }) => ({ name, shape: tensor.shape, data: Float32Array.from(tensor.data) }));
}

/**
 * Puts a weight set in place. Running statistics it lacks start at 0 and 1. Throws a SpecError naming the first
 * tensor that is missing, unknown, of another shape or not finite; the model is then unchanged.
 */
export function loadWeights(model: Model, weights: WeightSet, path = 'initialWeights'): void {
  const given = new Map(weights.map((tensor) => [tensor.name, tensor]));
  for (const state of model.states) {
    const tensor = given.get(state.name);
    given.delete(state.name);
    if (tensor === undefined) {
      if (state.parameter === null) continue;
      throw problem(path, say`expected ${describe(state.name, state.tensor.shape)}, which is missing`);
    }
    checkTensor(tensor, state.tensor.shape, path);
  }
  const [extra] = given.values();
  if (extra !== undefined) {
    throw problem(path, say`has ${describe(extra.name, extra.shape)}, which this model does not have`);
  }
  const byName = new Map(weights.map((tensor) => [tensor.name, tensor]));
  for (const state of model.states) {
    const tensor = byName.get(state.name);
    if (tensor === undefined) state.tensor.data.fill(state.initial);
    else state.tensor.data.set(tensor.data);
  }
}

function checkTensor(tensor: NamedTensor, shape: readonly number[], path: string): void {
  const same = tensor.shape.length === shape.length && tensor.shape.every((n, i) => n === shape[i]);
  const size = shape.reduce((product, n) => product * n, 1);
  if (!same || tensor.data.length !== size) {
    throw problem(path, say`expected ${describe(tensor.name, shape)}, got (${tensor.shape.join(', ')})`);
  }
  const bad = tensor.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw problem(path, say`${tensor.name} holds ${tensor.data[bad]} at position ${bad}`);
}

function describe(name: string, shape: readonly number[]): Message {
  return say`${name} of shape (${shape.join(', ')})`;
}

function problem(path: string, message: Message): SpecError {
  return new SpecError([{ path, ...message }]);
}
