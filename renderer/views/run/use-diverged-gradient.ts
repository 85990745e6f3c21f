/** The gradient that tells how a run diverged: from its health, as the health panel shows it, else from its histograms. */

import { computed, type ComputedRef } from 'vue';
import { healthLayers } from '../../../engine/spec/health.ts';
import { lastGradient } from '../../../engine/spec/last-gradient.ts';
import { expandLayers } from '../../../engine/spec/run-spec.ts';
import { normOf } from './run-figures.ts';
import type { RunData } from './use-run-data.ts';

export interface DivergedGradient {
  /** Of the layer with the largest norm. */
  readonly name: string;
  /** Infinity when it is not finite. */
  readonly norm: number;
  readonly step: number;
  /** True when it is that of the update that was not made. */
  readonly refused: boolean;
  /** The layer's norms up to this one, oldest first; NaN for one that is not finite. */
  readonly trend: readonly number[];
}

const TREND = 30;

/** null while nothing has been read, or nothing was measured. */
export function useDivergedGradient(data: RunData): ComputedRef<DivergedGradient | null> {
  data.wantHealth();
  data.wantKind('gradients');
  return computed(() => (data.hasHealth() ? (fromHealth(data) ?? fromHistograms(data)) : null));
}

function fromHealth(data: RunData): DivergedGradient | null {
  const spec = data.detail.value?.spec;
  if (spec === undefined) return null;
  const end = { stepsDone: data.summary.value?.stepsDone ?? 0, clipNorm: spec.optimizer.clipNorm };
  const last = lastGradient(data.health(), healthLayers(expandLayers(spec.model.layers)), end);
  return last === null ? null : { ...last, name: last.layer.name };
}

/** The layer with the largest gradient in the last stored picture. */
function fromHistograms(data: RunData): DivergedGradient | null {
  let found: DivergedGradient | null = null;
  for (const { layer, name } of data.layers('gradients')) {
    const frames = data.frames('gradients', layer);
    const last = frames.at(-1);
    if (last === undefined) continue;
    const norm = last.nonFinite > 0 ? Infinity : normOf(last);
    if (found !== null && norm <= found.norm) continue;
    const trend = frames.slice(-TREND).map((frame) => (frame.nonFinite > 0 ? Number.NaN : normOf(frame)));
    found = { name, norm, step: last.step, refused: false, trend };
  }
  return found;
}
