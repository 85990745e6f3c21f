/** Errors as a person reads them: a title in their language, and the error's own line. */

import { messageOf } from '../../engine/spec/message.ts';
import { StudioFailure, type StudioErrorCode } from '../../electron/contract/outcome.ts';
import { spoken } from './spoken.ts';

export interface FailureText {
  /** Names a title under `errors.code`. */
  readonly code: StudioErrorCode;
  readonly detail: string;
}

/** Anything that was thrown, as code and detail. */
export function failureOf(error: unknown): FailureText {
  const code = error instanceof StudioFailure ? error.error.code : 'internal';
  return { code, detail: spoken(messageOf(error)) };
}
