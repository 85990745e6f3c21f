/** Points a draft at another data set: the source, and an output layer that fits it. */

import type { DataShape } from '../../engine/spec/shapes.ts';
import type { DataSource } from '../../engine/spec/run-spec.ts';
import type { RunDraft } from './draft.ts';

/** Changes the draft and returns it. Every other setting stays as it is. */
export function adaptTo(draft: RunDraft, source: DataSource, shape: DataShape): RunDraft {
  draft.source = source;
  draft.name = typeof source === 'string' ? `${source} net` : draft.name;
  const last = draft.layers.findLast((layer) => layer.type === 'affine');
  if (last !== undefined) last.fields.units = String(shape.outputs);
  return draft;
}
