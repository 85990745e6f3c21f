/** Small JSON files of our own: checked when read, replaced as a whole when written. */

import { say, type Message } from '../../engine/spec/message.ts';
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { z } from 'zod';

export interface JsonFileContent<T> {
  /** What the file held; the schema's defaults when there was none or it was broken. */
  readonly value: T;
  /** One line for a person when the file was broken and has been moved aside, else null. */
  readonly problem: Message | null;
}

/**
 * Reads a JSON file whose schema accepts `{}`. A file that cannot be understood is kept beside as `….broken-<time>`
 * and the defaults are used; one that cannot be read for another reason throws.
 */
export async function readJsonFile<T>(file: string, schema: z.ZodType<T>, now: number): Promise<JsonFileContent<T>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { value: schema.parse({}), problem: null };
    throw error;
  }
  const parsed = parseJson(text, schema);
  if (parsed.ok) return { value: parsed.value, problem: null };
  const aside = `${file}.broken-${now}`;
  const kept = await rename(file, aside).then(
    () => say`it was moved to ${aside}`,
    (error: unknown) => say`it could not be moved aside (${errorCode(error) ?? String(error)})`,
  );
  return {
    value: schema.parse({}),
    problem: say`${file}: ${parsed}; ${kept} and the defaults are in use`,
  };
}

type Parsed<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & Message);

function parseJson<T>(text: string, schema: z.ZodType<T>): Parsed<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, ...say`expected JSON, got ${error instanceof Error ? error.message : String(error)}` };
  }
  const result = schema.safeParse(json);
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  return { ok: false, ...say`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}` };
}

/** Writes to a temporary file in the same folder, flushes it to the disk and renames it over the old one. */
export async function writeFileWhole(file: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** `ENOENT` and the like, or null for what is not a system error. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
