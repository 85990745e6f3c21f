/** Refusals of the runs service. */

import type { RunId } from '../../../engine/spec/ids.ts';
import { StudioFailure } from '../../contract/outcome.ts';

export function conflict(message: string): StudioFailure {
  return new StudioFailure({ code: 'conflict', message });
}

export function nothingLearnt(id: RunId): StudioFailure {
  return new StudioFailure({ code: 'not_found', message: `run ${id} ended before its first step` });
}
