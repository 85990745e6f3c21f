/** Errors as a person reads them: a title in their language, and the one line that came with the error. */

import { StudioFailure, type StudioErrorCode } from '../../electron/contract/outcome.ts';

export interface FailureText {
  /** Names a title under `errors.code`. */
  readonly code: StudioErrorCode;
  readonly detail: string;
}

/** Anything that was thrown, as code and detail. */
export function failureOf(error: unknown): FailureText {
  if (error instanceof StudioFailure) return { code: error.error.code, detail: error.error.message };
  return { code: 'internal', detail: error instanceof Error ? error.message : String(error) };
}
