/**
 * The reference kernels: every operation written by its definition, in plain loops, for reading and for checking the
 * fast ones. In float32 sums are made in float64 and rounded when stored; the float64 variant is the oracle of the
 * gradient checks. Not fast, and not meant to be.
 */

import type { Kernels } from './kernels.ts';
import * as activations from './reference/activations.ts';
import * as affine from './reference/affine.ts';
import { createReferenceArena } from './reference/arena.ts';
import * as losses from './reference/losses.ts';
import * as pooledConvolution from './reference/pooled-convolution.ts';
import * as normalization from './reference/normalization.ts';
import * as updates from './reference/updates.ts';
import * as windows from './reference/windows.ts';

export function createReferenceKernels(dtype: 'float32' | 'float64' = 'float32'): Kernels {
  return {
    name: dtype === 'float32' ? 'reference' : 'reference-f64',
    dtype,
    description: dtype === 'float32' ? 'reference (plain TypeScript)' : 'reference (plain TypeScript, float64)',
    createArena: () => createReferenceArena(dtype),
    gatherRows: affine.gatherRows,
    expectRows: () => {},
    affineForward: affine.affineForward,
    affineBackward: affine.affineBackward,
    activationForward: activations.activationForward,
    activationBackward: activations.activationBackward,
    softmax: activations.softmax,
    softmaxBackward: activations.softmaxBackward,
    conv2dForward: windows.conv2dForward,
    conv2dBackward: windows.conv2dBackward,
    conv2dMaxPoolForward: pooledConvolution.conv2dMaxPoolForward,
    conv2dMaxPoolBackward: pooledConvolution.conv2dMaxPoolBackward,
    maxPoolForward: windows.maxPoolForward,
    maxPoolBackward: windows.maxPoolBackward,
    avgPoolForward: windows.avgPoolForward,
    avgPoolBackward: windows.avgPoolBackward,
    batchNormTrain: normalization.batchNormTrain,
    batchNormInfer: normalization.batchNormInfer,
    batchNormBackward: normalization.batchNormBackward,
    dropout: normalization.dropout,
    softmaxCrossEntropy: losses.softmaxCrossEntropy,
    elementwiseLoss: losses.elementwiseLoss,
    addScaled: updates.addScaled,
    scale: updates.scale,
    sumSquares: updates.sumSquares,
    sgd: updates.sgd,
    momentum: updates.momentum,
    nesterov: updates.nesterov,
    adagrad: updates.adagrad,
    rmsprop: updates.rmsprop,
    adam: updates.adam,
  };
}
