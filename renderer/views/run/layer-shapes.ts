/** Shapes of a run's tensors as the histogram panels name them: "64×32". */

import type { RunDetail } from '../../../electron/contract/runs.ts';
import type { LayerSpec } from '../../../engine/spec/layer-spec.ts';
import type { HistogramKind } from '../../../engine/spec/histogram.ts';
import { expandLayers } from '../../../engine/spec/run-spec.ts';
import { inferShapes, sizeOf, type ModelShapes } from '../../../engine/spec/shapes.ts';

/** Shape text of layer `layer` for each kind; '' where there is none. */
export function tensorShape(detail: RunDetail, kind: HistogramKind, layer: number): string {
  const { layers, shapes } = modelOf(detail);
  const spec = layers[layer];
  const shape = shapes.layers[layer];
  if (spec === undefined || shape === null || shape === undefined) return '';
  if (kind === 'activations') return join(shape.output);
  const channels = shape.input[0] ?? 0;
  if (spec.type === 'affine') return kind === 'biases' ? join([spec.units]) : join([sizeOf(shape.input), spec.units]);
  if (spec.type === 'conv2d') {
    return kind === 'biases' ? join([spec.filters]) : join([spec.filters, channels, spec.kernel, spec.kernel]);
  }
  return spec.type === 'batch-norm' ? join([channels]) : '';
}

interface Model {
  readonly layers: readonly LayerSpec[];
  readonly shapes: ModelShapes;
}
/** A live page asks for the same shapes several times a second. */
const models = new WeakMap<RunDetail, Model>();

function modelOf(detail: RunDetail): Model {
  const known = models.get(detail);
  if (known !== undefined) return known;
  const layers = expandLayers(detail.spec.model.layers);
  const data = { input: detail.inputShape, task: detail.summary.task, outputs: detail.outputNames.length } as const;
  const model = { layers, shapes: inferShapes(data, layers, detail.spec.loss) };
  models.set(detail, model);
  return model;
}

function join(shape: readonly number[]): string {
  return shape.join('×');
}
