/** Checks gradients against numerical differentiation, in float64: the book's section 5.7.3 for whole networks. */

import { createReferenceKernels } from '../../engine/kernels/reference.ts';
import { createLoss } from '../../engine/losses/create-loss.ts';
import { Rng } from '../../engine/math/rng.ts';
import { layerSchema, lossSchema, type LayerSpec, type LossSpec } from '../../engine/spec/layer-spec.ts';
import { inferShapes, sizeOf, type Shape } from '../../engine/spec/shapes.ts';
import { buildModel } from '../../engine/train/model.ts';
import { initializeModel } from '../../engine/train/weights.ts';

export interface GradientCase {
  readonly layers: readonly unknown[];
  readonly input: Shape;
  readonly loss: unknown;
  readonly rows: number;
  readonly seed?: number;
  /** Size of the random targets' labels or columns; the last layer's outputs. */
  readonly outputs: number;
  /** Real targets in place of classes. */
  readonly regression?: boolean;
}

/** False when a window does not fit its image. */
export function fits(test: GradientCase): boolean {
  const layers = test.layers.map((layer): LayerSpec => layerSchema.parse(layer));
  const data = { input: test.input, task: 'classification' as const, outputs: test.outputs };
  return inferShapes(data, layers, lossSchema.parse(test.loss)).issues.length === 0;
}

/** |numerical − computed| / (largest of either in the tensor, at least 1e-3), the worst over each parameter, by its name. */
export function gradientErrors(test: GradientCase): Map<string, number> {
  const layers = test.layers.map((layer): LayerSpec => layerSchema.parse(layer));
  const lossSpec: LossSpec = lossSchema.parse(test.loss);
  const rng = Rng.stream(test.seed ?? 1, 'gradient check');
  const kernels = createReferenceKernels('float64');
  const arena = kernels.createArena();
  const regression = test.regression ?? false;
  const task = regression ? 'regression' : 'classification';
  const shapes = inferShapes({ input: test.input, task, outputs: test.outputs }, layers, lossSpec);
  const model = buildModel({
    layers,
    shapes,
    inputShape: test.input,
    kernels,
    arena,
    capacity: test.rows,
    seed: 5,
    training: true,
  });
  const loss = createLoss(
    { kernels, arena, capacity: test.rows, outputs: model.outputs, columns: model.columns, classes: !regression },
    lossSpec,
  );
  arena.commit();
  initializeModel(model, test.seed ?? 1);
  for (const { parameter, tensor } of model.states) {
    // Biases, gamma and beta away from their special starting values, so that nothing is right by accident.
    if (parameter?.field !== 'weight') continue;
    for (let i = 0; i < tensor.size; i++) tensor.data[i]! += 0.1 * rng.normal();
  }
  for (const { parameter, tensor } of model.states) {
    if (parameter === null || parameter.field === 'weight') continue;
    for (let i = 0; i < tensor.size; i++) tensor.data[i]! += 0.2 * rng.normal();
  }
  for (let i = 0; i < test.rows * sizeOf(test.input); i++) model.input.data[i] = rng.normal();
  if (loss.labels !== null) {
    const classes = Math.max(2, test.outputs);
    for (let i = 0; i < test.rows; i++) loss.labels.data[i] = rng.int(classes);
  } else {
    for (let i = 0; i < loss.targets!.size; i++) loss.targets!.data[i] = rng.normal();
  }

  const step = 3;
  const value = (): number => {
    model.forward(test.rows, true, step);
    return loss.evaluate(test.rows, null) / test.rows;
  };
  model.forward(test.rows, true, step);
  loss.evaluate(test.rows, model.outputGradient);
  model.backward(test.rows, step);
  const computed = model.parameters.map(({ gradient }) => Array.from(gradient.data));

  const errors = new Map<string, number>();
  const named = model.states.filter((state) => state.parameter !== null);
  for (const [index, { name, tensor }] of named.entries()) {
    let worst = 0;
    // Below this a gradient counts as nothing: differences of float64 losses are good to about 1e-10.
    let size = 1e-3;
    for (let i = 0; i < tensor.size; i++) {
      const held = tensor.data[i]!;
      const h = 1e-5;
      tensor.data[i] = held + h;
      const above = value();
      tensor.data[i] = held - h;
      const below = value();
      tensor.data[i] = held;
      const numerical = (above - below) / (2 * h);
      size = Math.max(size, Math.abs(numerical), Math.abs(computed[index]![i]!));
      worst = Math.max(worst, Math.abs(numerical - computed[index]![i]!));
    }
    errors.set(name, worst / size);
  }
  return errors;
}
