/** What goes wrong in a worker, as an error a person can read. */

import { messageOf, say } from '../../engine/spec/message.ts';
import { DataError } from '../../engine/data/dataset.ts';
import { SpecError } from '../../engine/spec/run-spec.ts';
import { CheckpointError } from '../../engine/train/checkpoint.ts';
import { StudioFailure, type StudioError } from '../contract/outcome.ts';
import { KernelsError } from './load-kernels.ts';

export function toJobError(error: unknown): StudioError {
  if (error instanceof StudioFailure) return error.error;
  const message = messageOf(error);
  if (error instanceof SpecError) return { code: 'spec_invalid', ...message, issues: error.issues };
  if (error instanceof DataError) return { code: 'data_invalid', ...message };
  if (error instanceof CheckpointError) return { code: 'file_invalid', ...message };
  if (error instanceof KernelsError) return { code: 'environment', ...message };
  if (isAllocationFailure(error)) {
    return { code: 'environment', ...say`there is not enough memory for this run (${message})` };
  }
  const where = error instanceof Error ? (error.stack?.split('\n')[1]?.trim() ?? '') : '';
  return { code: 'internal', ...(where === '' ? message : say`${message} (${where})`) };
}

/** V8 says so with a RangeError. */
function isAllocationFailure(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed|invalid (typed )?array(buffer)? length/i.test(error.message);
}
