/** What exports write: all that was logged of a run, where the panels hold no more than they can draw. */

import type { HealthSamples } from '../../../engine/spec/health.ts';
import type { HistogramFrame, HistogramKind } from '../../../engine/spec/histogram.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { invoke } from '../../bridge/studio.ts';

/** Every frame of a kind, layer by layer, rising in step. Throws a StudioFailure. */
export async function readWholeKind(id: RunId, kind: HistogramKind): Promise<HistogramFrame[]> {
  const frames = await invoke('histogram:read', { id, kind, maxSteps: null });
  return frames.sort((a, b) => a.layer - b.layer || a.step - b.step);
}

/** Every sample of the layers' health. Throws a StudioFailure. */
export function readWholeHealth(id: RunId): Promise<HealthSamples> {
  return invoke('health:read', { id, maxSamples: null });
}
