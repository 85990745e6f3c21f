/** Distributions of a tensor's values at one step, in bins fixed for the whole run. */

import type { RunId } from './ids.ts';

export const HISTOGRAM_KINDS = ['weights', 'biases', 'gradients', 'activations'] as const;
export type HistogramKind = (typeof HISTOGRAM_KINDS)[number];

/**
 * Counts of one tensor's values at one step. Bin i is [edges[i], edges[i + 1]); the last one includes
 * its upper edge. Values outside the edges are counted in `below` and `above`, never folded into the end bins.
 */
export interface HistogramFrame {
  readonly runId: RunId;
  readonly kind: HistogramKind;
  /** Position in the model's expanded layer list, from 0. */
  readonly layer: number;
  /** Name of the layer as the run card shows it, for example "affine 1" (counted per type from 1). */
  readonly layerName: string;
  /** Number of updates done when the picture was taken; 0 is the initial state. */
  readonly step: number;
  readonly edges: Float32Array;
  readonly counts: Uint32Array;
  readonly below: number;
  readonly above: number;
  /** Values that are NaN or infinite. */
  readonly nonFinite: number;
  readonly mean: number;
  readonly std: number;
}
