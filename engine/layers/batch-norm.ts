import type { LayerSpec } from '../spec/layer-spec.ts';
import { sizeOf } from '../spec/shapes.ts';
import type { Layer, LayerContext } from './layer.ts';

/**
 * Batch normalisation, book section 6.3, Ioffe & Szegedy 2015; per feature, on images per channel.
 *   forward   μ = mean(x), σ² = mean((x − μ)²), x̂ = (x − μ)/√(σ² + ε), y = γ·x̂ + β
 *             running ← momentum·running + (1 − momentum)·batch, for μ and for the biased σ²
 *   backward  dγ = Σ dy·x̂, dβ = Σ dy, dx = γ/√(σ² + ε)·(dy − (dβ + x̂·dγ)/n), n values a channel
 * In inference the running mean and variance take the place of the batch's.
 */
export function batchNormLayer(context: LayerContext, spec: Extract<LayerSpec, { type: 'batch-norm' }>): Layer {
  const { kernels, arena, input: x } = context;
  const channels = context.inputShape[0] ?? 0;
  const spatial = sizeOf(context.inputShape) / channels;
  const { momentum, epsilon } = spec;
  const y = arena.tensor([context.capacity, ...context.outputShape]);
  const normalized = arena.tensor(y.shape);
  const inverseStd = arena.tensor([channels]);
  const gamma = arena.tensor([channels]);
  const beta = arena.tensor([channels]);
  const dgamma = arena.tensor([channels]);
  const dbeta = arena.tensor([channels]);
  const runningMean = arena.tensor([channels]);
  const runningVar = arena.tensor([channels]);
  const fan = { decays: false, fanIn: 1, fanOut: 1 };
  return {
    output: y,
    parameters: [
      { field: 'gamma', value: gamma, gradient: dgamma, init: { constant: 1 }, ...fan },
      { field: 'beta', value: beta, gradient: dbeta, init: 'zeros', ...fan },
    ],
    statistics: [
      { field: 'runningMean', value: runningMean, initial: 0 },
      { field: 'runningVar', value: runningVar, initial: 1 },
    ],
    gradientFlow: 'apart',
    forward(rows, training) {
      if (training) {
        kernels.batchNormTrain(
          x,
          gamma,
          beta,
          y,
          normalized,
          inverseStd,
          runningMean,
          runningVar,
          rows,
          channels,
          spatial,
          momentum,
          epsilon,
        );
      } else {
        kernels.batchNormInfer(x, gamma, beta, y, runningMean, runningVar, rows, channels, spatial, epsilon);
      }
    },
    backward(dy, dx, rows) {
      kernels.batchNormBackward(dy, gamma, normalized, inverseStd, dgamma, dbeta, dx, rows, channels, spatial);
    },
  };
}
