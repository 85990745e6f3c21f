/** The run spec from its file. */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { RANGES } from '../../engine/spec/numbers.ts';
import { describeRange } from '../../engine/spec/schema-parts.ts';
import { StudioFailure } from '../contract/outcome.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'expected a file, got a folder',
  EACCES: 'the system does not allow reading it',
};

/** Any JSON value; the service checks what it holds. Rejects with a StudioFailure that names the file. */
export async function readSpecFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
    throw new StudioFailure({ code: 'file_invalid', message: `${path}: ${reason}` });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioFailure({ code: 'spec_invalid', message: `${basename(path)}: expected JSON: ${reason}` });
  }
}

/** Sets the seed of a spec that has not been checked yet; anything but an object is left to the check. */
export function withSeed(spec: unknown, seed: number | undefined): unknown {
  if (seed !== undefined && seed > RANGES.seed.max) {
    const message = `--seed: expected ${describeRange(RANGES.seed).message}, got ${seed}`;
    throw new StudioFailure({ code: 'bad_request', message });
  }
  if (seed === undefined || typeof spec !== 'object' || spec === null || Array.isArray(spec)) return spec;
  return { ...spec, seed };
}

/** What was wrong with a spec, with the file it stands in: "run.json: optimizer.lr: expected …". Others stay as they are. */
export function inSpecFile(path: string, error: unknown): unknown {
  if (!(error instanceof StudioFailure)) return error;
  const { code, message, issues } = error.error;
  // A field of the spec may be at fault in data errors too.
  const inSpec = code === 'spec_invalid' || (code === 'data_invalid' && message.startsWith('data.'));
  if (!inSpec || message.startsWith(`${basename(path)}: `)) return error;
  return new StudioFailure({
    code,
    message: `${basename(path)}: ${message}`,
    ...(issues === undefined ? {} : { issues }),
  });
}
