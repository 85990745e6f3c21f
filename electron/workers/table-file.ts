/** CSV files, streamed: csv-parse cuts the text into cells, the engine's table reader judges them. */

import { say, toMessage, type Message } from '../../engine/spec/message.ts';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { DataError, type DataSet } from '../../engine/data/dataset.ts';
import { TableReader, type TableOptions } from '../../engine/data/table.ts';
import { openBytes } from './data-bytes.ts';

/** Longest row, in characters, and longest file, in bytes after unpacking. */
const MAX_ROW_CHARACTERS = 4 * 2 ** 20;
const MAX_FILE_BYTES = 2 ** 33;

export interface TableFileOptions extends TableOptions {
  /** Left out: comma, semicolon or tab, whichever the first line has most of. */
  readonly delimiter?: string;
  /** The first line to read, counted from 1. */
  readonly fromLine?: number;
}

/** Reads a table of numbers. UTF-8, with or without byte order mark, CRLF or LF, RFC 4180 quotes, gzipped or not. */
export async function readTableFile(path: string, options: TableFileOptions = {}): Promise<DataSet> {
  const table = new TableReader(basename(path), options);
  for await (const { cells, line } of readCells(path, options)) table.add(cells, line);
  return table.finish();
}

/** The cells of each row and the line it ends on; blank lines are left out. */
export async function* readCells(
  path: string,
  options: Pick<TableFileOptions, 'delimiter' | 'fromLine'> = {},
): AsyncGenerator<{ readonly cells: readonly string[]; readonly line: number }> {
  const { name, chunks } = await openBytes(path);
  const text = checkedText(chunks, name);
  const first = await text.next();
  if (first.done === true) throw new DataError(say`${name}: expected rows of numbers, got an empty file`);
  const parser = parse({
    bom: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: MAX_ROW_CHARACTERS,
    delimiter: options.delimiter ?? guessDelimiter(first.value),
    from_line: options.fromLine ?? 1,
  });
  const source = Readable.from(prepend(first.value, text));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const entry of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { cells: entry.record, line: entry.info.lines };
    }
  } catch (error) {
    throw csvError(name, error);
  } finally {
    source.destroy();
  }
}

async function* prepend(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

/** Passes text on and stops at what is none: UTF-16, NUL bytes, more bytes than any table here may have. */
async function* checkedText(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of chunks) {
    const mark = total === 0 ? ((chunk[0] ?? 0) << 8) | (chunk[1] ?? 0) : 0;
    if (mark === 0xfffe || mark === 0xfeff) throw new DataError(say`${name}: expected UTF-8 text, got UTF-16`);
    const nul = chunk.indexOf(0);
    if (nul >= 0) throw new DataError(say`${name}: expected text, got a NUL byte at byte ${total + nul}`);
    total += chunk.length;
    if (total > MAX_FILE_BYTES)
      throw new DataError(say`${name}: expected at most ${MAX_FILE_BYTES} bytes of text, got more`);
    yield chunk;
  }
}

function guessDelimiter(head: Uint8Array): string {
  const text = new TextDecoder().decode(head.subarray(0, 65_536)).replace(/"[^"]*"/g, '');
  const line = text.split(/\r?\n|\r/, 1)[0] ?? '';
  const count = (delimiter: string): number => line.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

function csvError(name: string, error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const { lines } = error as CsvError & { readonly lines?: number };
  const where = typeof lines === 'number' ? say`, line ${lines}` : '';
  const reasons: Readonly<Record<string, string | Message>> = {
    CSV_MAX_RECORD_SIZE: say`expected rows of at most ${MAX_ROW_CHARACTERS} characters, got a longer one`,
    CSV_QUOTE_NOT_CLOSED: 'a quoted cell is never closed',
    CSV_INVALID_CLOSING_QUOTE: 'text after the closing quote of a cell',
    INVALID_OPENING_QUOTE: 'a quote inside an unquoted cell',
  };
  return new DataError(say`${name}${where}: ${toMessage(reasons[error.code] ?? error.message)}`);
}
