/** Sizes of a sliding-window layer, from the shapes the spec's inference has already checked. */

import type { WindowGeometry } from '../kernels/kernels.ts';
import type { LayerContext } from './layer.ts';

export function windowGeometry(context: LayerContext, kernel: number, stride: number, padding: number): WindowGeometry {
  const [channels = 0, height = 0, width = 0] = context.inputShape;
  const [, outHeight = 0, outWidth = 0] = context.outputShape;
  return { channels, height, width, kernel, stride, padding, outHeight, outWidth };
}
