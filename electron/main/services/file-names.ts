/** Names offered in a save dialog, and places where nothing may be written. */

import { say, type Message } from '../../../engine/spec/message.ts';
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, isAbsolute } from 'node:path';
import { StudioFailure } from '../../contract/outcome.ts';
import { errorCode } from '../json-file.ts';

const MOST_BYTES = 200;
/** Names Windows keeps for devices. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** A file name that is safe on every system, made from any text; `extension` with its dot. */
export function safeFileName(text: string, extension: string): string {
  const plain = basename(text.replaceAll('\\', '/'))
    .replace(/[\u0000-\u001f\u007f<>:"/|?*]/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ .]+|[ .]+$/g, '');
  const bare = plain.toLowerCase().endsWith(extension) ? plain.slice(0, -extension.length) : plain;
  const named = bare === '' || RESERVED.test(bare) ? `descent ${bare}`.trim() : bare;
  return cutToBytes(named, MOST_BYTES - Buffer.byteLength(extension)) + extension;
}

function cutToBytes(text: string, most: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) break;
    kept += character;
  }
  return kept.trimEnd();
}

/** Throws a StudioFailure when a file must not be written there: over a link, or into the studio's own folder. */
export async function requireWritableTarget(file: string, homeFolder: string): Promise<void> {
  const isLink = await lstat(file).then(
    (stat) => stat.isSymbolicLink(),
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    },
  );
  if (isLink) refuse(say`${file} is a symbolic link; choose another name`);
  const folder = await realpath(dirname(file));
  const home = await realpath(homeFolder).catch(() => homeFolder);
  const inside = relative(home, join(folder, basename(file)));
  if (inside !== '' && !inside.startsWith('..') && !isAbsolute(inside)) {
    refuse(say`${file} lies in the studio's own data folder; choose another folder`);
  }
}

function refuse(message: Message): never {
  throw new StudioFailure({ code: 'file_invalid', ...message });
}
