/** Shapes of a run's tensors as the histogram panels name them: "64×32". */

import type { RunDetail } from '../../../electron/contract/runs.ts';
import type { HistogramKind } from '../../../engine/spec/histogram.ts';
import { expandLayers } from '../../../engine/spec/run-spec.ts';
import { inferShapes, sizeOf } from '../../../engine/spec/shapes.ts';

/** Shape text of layer `layer` for each kind; '' where there is none. */
export function tensorShape(detail: RunDetail, kind: HistogramKind, layer: number): string {
  const layers = expandLayers(detail.spec.model.layers);
  const spec = layers[layer];
  const data = { input: detail.inputShape, task: detail.summary.task, outputs: detail.outputNames.length } as const;
  const shape = inferShapes(data, layers, detail.spec.loss).layers[layer];
  if (spec === undefined || shape === null || shape === undefined) return '';
  if (kind === 'activations') return join(shape.output);
  const channels = shape.input[0] ?? 0;
  if (spec.type === 'affine') return kind === 'biases' ? join([spec.units]) : join([sizeOf(shape.input), spec.units]);
  if (spec.type === 'conv2d') {
    return kind === 'biases' ? join([spec.filters]) : join([spec.filters, channels, spec.kernel, spec.kernel]);
  }
  return spec.type === 'batch-norm' ? join([channels]) : '';
}

function join(shape: readonly number[]): string {
  return shape.join('×');
}
