/** How anything that crosses a wire ends: a value, or an error a person can read. */

import { MessageError, type Message } from '../../engine/spec/message.ts';
import type { SpecIssue } from '../../engine/spec/run-spec.ts';

export const STUDIO_ERROR_CODES = [
  'bad_request',
  'spec_invalid',
  'data_invalid',
  'file_invalid',
  'not_found',
  'conflict',
  /** A run that would go on could not give the numbers it would have given; the issues say why. */
  'not_exact',
  'disk_full',
  'read_only',
  'database_damaged',
  /** The database was written by a newer version of the program. */
  'database_newer',
  /** Something this machine lacks: a module, a Node version, memory. */
  'environment',
  'worker_died',
  'cancelled',
  'internal',
] as const;
export type StudioErrorCode = (typeof STUDIO_ERROR_CODES)[number];

/** Its message is one line for a person: what happened, where, and what was expected. */
export interface StudioError extends Message {
  readonly code: StudioErrorCode;
  /** Field paths and messages when a form can show them in place. */
  readonly issues?: readonly SpecIssue[];
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: StudioError };

/** The error as an exception, for code on the near side of a wire. */
export class StudioFailure extends MessageError {
  readonly error: StudioError;

  constructor(error: StudioError) {
    super(error);
    this.name = 'StudioFailure';
    this.error = error;
  }
}

/** What was thrown, as it is told on the near side of a wire: anything but a StudioFailure is `internal`. */
export function errorOf(thrown: unknown): StudioError {
  if (thrown instanceof StudioFailure) return thrown.error;
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) };
}
