/** From a layer's spec to the layer. The tables are typed over all layer types: a new one without its entry does not compile. */

import type { LayerSpec, LayerType } from '../spec/layer-spec.ts';
import { affineLayer } from './affine.ts';
import { avgPool2dLayer } from './avg-pool2d.ts';
import { batchNormLayer } from './batch-norm.ts';
import { conv2dLayer } from './conv2d.ts';
import { dropoutLayer } from './dropout.ts';
import { eluEpilogue, eluLayer } from './elu.ts';
import { flattenLayer } from './flatten.ts';
import { identityLayer } from './identity.ts';
import { NO_EPILOGUE, type Epilogue, type Layer, type LayerContext } from './layer.ts';
import { leakyReluEpilogue, leakyReluLayer } from './leaky-relu.ts';
import { maxPool2dLayer } from './max-pool2d.ts';
import { RELU_EPILOGUE, reluLayer } from './relu.ts';
import { SIGMOID_EPILOGUE, sigmoidLayer } from './sigmoid.ts';
import { softmaxLayer } from './softmax.ts';
import { SOFTPLUS_EPILOGUE, softplusLayer } from './softplus.ts';
import { STEP_EPILOGUE, stepLayer } from './step.ts';
import { TANH_EPILOGUE, tanhLayer } from './tanh.ts';

type SpecOf<T extends LayerType> = Extract<LayerSpec, { type: T }>;

const FACTORIES: { readonly [T in LayerType]: (context: LayerContext, spec: SpecOf<T>) => Layer } = {
  affine: affineLayer,
  relu: reluLayer,
  'leaky-relu': leakyReluLayer,
  elu: eluLayer,
  sigmoid: sigmoidLayer,
  tanh: tanhLayer,
  softplus: softplusLayer,
  identity: identityLayer,
  step: stepLayer,
  softmax: softmaxLayer,
  'batch-norm': batchNormLayer,
  dropout: dropoutLayer,
  conv2d: conv2dLayer,
  'max-pool2d': maxPool2dLayer,
  'avg-pool2d': avgPool2dLayer,
  flatten: flattenLayer,
};

export function createLayer(context: LayerContext, spec: LayerSpec): Layer {
  // The table pairs each type with its own spec; TypeScript cannot follow the pairing through the lookup.
  const factory = FACTORIES[spec.type] as (context: LayerContext, spec: LayerSpec) => Layer;
  return factory(context, spec);
}

/** The activation an affine or conv2d layer can take into its own pass, or null when `spec` is not one. */
export function epilogueOf(spec: LayerSpec | undefined): Epilogue | null {
  switch (spec?.type) {
    case 'relu':
      return RELU_EPILOGUE;
    case 'leaky-relu':
      return leakyReluEpilogue(spec);
    case 'elu':
      return eluEpilogue(spec);
    case 'sigmoid':
      return SIGMOID_EPILOGUE;
    case 'tanh':
      return TANH_EPILOGUE;
    case 'softplus':
      return SOFTPLUS_EPILOGUE;
    case 'step':
      return STEP_EPILOGUE;
    case 'identity':
      return NO_EPILOGUE;
    default:
      return null;
  }
}
