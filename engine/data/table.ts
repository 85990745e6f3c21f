/** A data set from a table of texts, as a CSV reader gives it row by row: numbers in, one column the target. */

import { say, type Message } from '../spec/message.ts';
import { DataError, type DataSet } from './dataset.ts';

export interface TableOptions {
  /** Header of the target column, or its number counted from 1; left out: the last column. */
  readonly target?: string | undefined;
  /** Whether the first row names the columns; left out: it does when it names the target or no cell of it is a number. */
  readonly header?: boolean | undefined;
}

export const TABLE_LIMITS = { columns: 100_000, rows: 50_000_000, cells: 2 ** 29, textClasses: 1000 } as const;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The strict reading of a cell: a decimal number, blanks around it allowed; anything else is NaN. */
export function parseNumber(cell: string): number {
  const text = cell.trim();
  return NUMBER.test(text) ? Number(text) : NaN;
}

/**
 * Takes the rows one after the other and holds them as float32. The target column is read in one of three ways:
 * a column with text has one class for each distinct text, in alphabetical order; whole numbers that count
 * 0, 1, 2… or 1, 2, 3… without a gap, some more than once, are classes; other numbers are real targets.
 */
export class TableReader {
  readonly #name: string;
  readonly #options: TableOptions;
  #names: string[] | null = null;
  #target = -1;
  #header = false;
  #started = false;
  #features = new Float32Array(1024);
  #rows = 0;
  readonly #targetCodes: number[] = [];
  readonly #codes = new Map<string, number>();
  #firstText: { readonly line: number; readonly text: string } | null = null;

  constructor(name: string, options: TableOptions = {}) {
    this.#name = name;
    this.#options = options;
  }

  /** Adds the next row of the file; `line` is its line there, counted from 1. */
  add(cells: readonly string[], line: number): void {
    if (!this.#started) {
      this.#started = true;
      if (this.#start(cells)) return;
    }
    const names = this.#names ?? [];
    if (cells.length !== names.length) {
      throw this.#error(line, say`expected ${names.length} cells as in the first row, got ${cells.length}`);
    }
    const width = names.length - 1;
    if (this.#rows >= TABLE_LIMITS.rows || (this.#rows + 1) * width > TABLE_LIMITS.cells) {
      throw this.#error(line, say`expected at most ${TABLE_LIMITS.rows} rows and ${TABLE_LIMITS.cells} cells`);
    }
    this.#grow((this.#rows + 1) * width);
    let at = this.#rows * width;
    for (let column = 0; column < names.length; column++) {
      const cell = cells[column] ?? '';
      if (cell.trim() === '') throw this.#error(line, say`column ${shown(names[column])}: the cell is missing`);
      if (column === this.#target) this.#addTarget(cell.trim(), line);
      else this.#features[at++] = this.#number(cell, line, names[column]);
    }
    this.#rows++;
  }

  /** The data set of all rows added. */
  finish(): DataSet {
    const names = this.#names ?? [];
    if (this.#rows === 0) throw new DataError(say`${this.#name}: expected rows of numbers, got none`);
    const featureNames = names.filter((_, column) => column !== this.#target);
    return {
      ...this.#readTarget(names[this.#target] ?? ''),
      x: this.#features.slice(0, this.#rows * featureNames.length),
      rows: this.#rows,
      featureNames,
      header: this.#header,
      testFrom: this.#rows,
      maximum: null,
    };
  }

  /** Looks at the first row. True when it was a header. */
  #start(cells: readonly string[]): boolean {
    if (cells.length < 2 || cells.length > TABLE_LIMITS.columns) {
      throw new DataError(
        say`${this.#name}: expected 2 to ${TABLE_LIMITS.columns} columns (features and a target), got ${cells.length}`,
      );
    }
    const isText = (cell: string): boolean => Number.isNaN(parseNumber(cell));
    const namesTarget = cells.some((cell) => isText(cell) && cell.trim() === this.#options.target?.trim());
    this.#header = this.#options.header ?? (namesTarget || cells.every(isText));
    this.#names = cells.map((cell, i) => (this.#header && cell.trim() !== '' ? cell.trim() : `column ${i + 1}`));
    this.#target = this.#findTarget(this.#names);
    return this.#header;
  }

  #findTarget(names: readonly string[]): number {
    const { target } = this.#options;
    if (target === undefined) return names.length - 1;
    const matches = names.flatMap((name, i) => (name === target.trim() ? [i] : []));
    if (matches.length === 1 && matches[0] !== undefined) return matches[0];
    if (matches.length > 1) {
      throw new DataError(
        say`${this.#name}: expected one target column ${shown(target)}, got ${matches.length} of that name`,
        'data.source.target',
      );
    }
    const number = /^\d{1,6}$/.test(target.trim()) ? Number(target) : NaN;
    if (number >= 1 && number <= names.length) return number - 1;
    const known = names.length > 12 ? `${names.slice(0, 12).join(', ')}, …` : names.join(', ');
    throw new DataError(
      say`${this.#name}: no target column ${shown(target)}; expected one of ${known}`,
      'data.source.target',
    );
  }

  #addTarget(text: string, line: number): void {
    let code = this.#codes.get(text);
    if (code === undefined) {
      code = this.#codes.size;
      this.#codes.set(text, code);
      const value = parseNumber(text);
      if (Number.isNaN(value)) this.#firstText ??= { line, text };
      else this.#number(text, line, this.#names?.[this.#target]);
    }
    this.#targetCodes.push(code);
  }

  #readTarget(name: string): Pick<DataSet, 'shape' | 'labels' | 'targets' | 'outputNames'> {
    const texts = [...this.#codes.keys()];
    const input = [(this.#names?.length ?? 1) - 1];
    const classes = this.#firstText === null ? countedClasses(texts, this.#rows) : this.#textClasses(texts, name);
    if (classes === null) {
      const values = texts.map(parseNumber);
      return {
        shape: { input, task: 'regression', outputs: 1 },
        labels: null,
        targets: Float32Array.from(this.#targetCodes, (code) => values[code] ?? NaN),
        outputNames: [name],
      };
    }
    const labelOf = texts.map((text) => classes.indexOf(text));
    return {
      shape: { input, task: 'classification', outputs: classes.length },
      labels: Int32Array.from(this.#targetCodes, (code) => labelOf[code] ?? -1),
      targets: null,
      outputNames: classes,
    };
  }

  #textClasses(texts: readonly string[], name: string): string[] {
    if (texts.length > TABLE_LIMITS.textClasses || texts.length > Math.max(2, this.#rows / 2)) {
      throw this.#error(
        this.#firstText?.line ?? 0,
        say`target column ${shown(name)}: expected a number or one of a few class names, got ${shown(this.#firstText?.text)}`,
      );
    }
    if (texts.length < 2) {
      throw new DataError(
        say`${this.#name}: target column ${shown(name)}: expected at least 2 classes, got only ${shown(texts[0])}`,
      );
    }
    return texts.toSorted();
  }

  #number(cell: string, line: number, column: string | undefined): number {
    const value = Math.fround(parseNumber(cell));
    if (!Number.isFinite(value))
      throw this.#error(line, say`column ${shown(column)}: expected a number, got ${shown(cell)}`);
    return value;
  }

  #grow(size: number): void {
    if (size <= this.#features.length) return;
    const larger = new Float32Array(Math.max(size, this.#features.length * 2));
    larger.set(this.#features);
    this.#features = larger;
  }

  #error(line: number, message: Message): DataError {
    return new DataError(say`${this.#name}, line ${line}: ${message}`);
  }
}

/** The class names when the texts count 0…k−1 or 1…k without a gap and some value repeats; else null. */
function countedClasses(texts: readonly string[], rows: number): string[] | null {
  const values = texts.map(parseNumber).toSorted((a, b) => a - b);
  const first = values[0] ?? NaN;
  const counts = values.length >= 2 && values.length < rows && values.every((value, i) => value === first + i);
  if (!counts || (first !== 0 && first !== 1)) return null;
  return texts.toSorted((a, b) => parseNumber(a) - parseNumber(b));
}

function shown(text: string | undefined): string {
  const value = text ?? '';
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 37)}...` : value);
}
