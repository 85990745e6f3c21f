/** Turns whatever was thrown into an error that can cross a wire: plain, short, and readable by a person. */

import { messageOf, say, type Message } from '../../../engine/spec/message.ts';
import { SpecError } from '../../../engine/spec/run-spec.ts';
import { STUDIO_ERROR_CODES, StudioFailure, type StudioError, type StudioErrorCode } from '../../contract/outcome.ts';
import { errorCode } from '../json-file.ts';

const LONGEST_MESSAGE = 2000;
const MOST_ISSUES = 200;

/** Node's words for a disk or profile that cannot take more. */
const SYSTEM_CODES: Readonly<Record<string, StudioErrorCode>> = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EROFS: 'read_only',
  EACCES: 'read_only',
  EPERM: 'read_only',
  ENOENT: 'not_found',
  EISDIR: 'file_invalid',
  ENOTDIR: 'file_invalid',
};

/** Never throws, whatever it is given; the result holds strings only. */
export function toStudioError(thrown: unknown): StudioError {
  try {
    if (thrown instanceof StudioFailure) return clean(thrown.error);
    if (thrown instanceof SpecError) {
      return clean({ code: 'spec_invalid', ...messageOf(thrown), issues: thrown.issues });
    }
    const code = SYSTEM_CODES[errorCode(thrown) ?? ''] ?? 'internal';
    return clean({ code, ...messageOf(thrown) });
  } catch (error) {
    // A getter or toString that throws: nothing of the value can be shown.
    return { code: 'internal', ...say`an error that could not be read (${typeof error})` };
  }
}

function clean(error: StudioError): StudioError {
  const code = STUDIO_ERROR_CODES.includes(error.code) ? error.code : 'internal';
  if (error.issues === undefined) return { code, ...short(error) };
  const issues = error.issues.slice(0, MOST_ISSUES).map((issue) => ({ path: shorten(issue.path), ...short(issue) }));
  return { code, ...short(error), issues };
}

/** A wording is as long as its message. */
function short({ message, wording }: Message): Message {
  const text = shorten(message);
  return wording === undefined || text !== message ? { message: text } : { message, wording };
}

function shorten(value: unknown): string {
  const text = String(value);
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}
