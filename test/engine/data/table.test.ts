import { describe, expect, it } from 'vitest';
import { DataError } from '../../../engine/data/dataset.ts';
import { parseNumber, TableReader, type TableOptions } from '../../../engine/data/table.ts';

function read(rows: readonly string[], options: TableOptions = {}) {
  const table = new TableReader('t.csv', options);
  rows.forEach((row, i) => table.add(row.split(','), i + 1));
  return table.finish();
}

describe('parseNumber', () => {
  it.each([
    ['1', 1],
    ['-0.5', -0.5],
    ['+3.', 3],
    ['.25', 0.25],
    ['1e-3', 0.001],
    ['6.02E+23', 6.02e23],
    [' 7 ', 7],
  ])('reads %j', (text, value) => expect(parseNumber(text)).toBe(value));

  it.each(['', 'NaN', 'inf', 'Infinity', '0x10', '1_000', '1,5', '1e', '.', '--1', '1 2', '1n', '١'])(
    'refuses %j',
    (text) => expect(parseNumber(text)).toBeNaN(),
  );
});

describe('TableReader', () => {
  it('takes the last column as target and counts whole numbers without a gap as classes', () => {
    const set = read(['1,2,0', '3,4,1', '5,6,1']);
    expect(set.shape).toEqual({ input: [2], task: 'classification', outputs: 2 });
    expect(set.x).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    expect(set.labels).toEqual(Int32Array.of(0, 1, 1));
    expect(set).toMatchObject({
      rows: 3,
      testFrom: 3,
      featureNames: ['column 1', 'column 2'],
      outputNames: ['0', '1'],
    });
  });

  it('finds a header by itself and a target by its name', () => {
    const set = read(['kind,width,height', '3,1.5,2', '1,0.5,4', '2,1,1', '1,2,2'], { target: 'kind' });
    expect(set).toMatchObject({ header: true, featureNames: ['width', 'height'], outputNames: ['1', '2', '3'] });
    expect(set.labels).toEqual(Int32Array.of(2, 0, 1, 0));
    expect(set.x).toEqual(Float32Array.of(1.5, 2, 0.5, 4, 1, 1, 2, 2));
  });

  it('knows a header with numbers in it by the name of the target', () => {
    const set = read(['2020,2021,price', '1,2,0.5', '3,4,2'], { target: 'price' });
    expect(set).toMatchObject({ rows: 2, featureNames: ['2020', '2021'], outputNames: ['price'] });
  });

  it('finds a target by its number when there is no header', () => {
    const set = read(['1,10,20', '0,30,40', '1,5,6'], { target: '1' });
    expect(set.labels).toEqual(Int32Array.of(1, 0, 1));
    expect(set.header).toBe(false);
  });

  it('takes texts as classes in alphabetical order', () => {
    const set = read(['1,pear', '2,apple', '3,pear', '4,apple']);
    expect(set.outputNames).toEqual(['apple', 'pear']);
    expect(set.labels).toEqual(Int32Array.of(1, 0, 1, 0));
  });

  it.each([
    ['fractions', ['1,0.5', '2,1', '3,1'], [0.5, 1, 1]],
    ['whole numbers with a gap', ['1,25', '2,346', '3,25'], [25, 346, 25]],
    ['whole numbers that never repeat', ['1,0', '2,1', '3,2'], [0, 1, 2]],
    ['negative numbers', ['1,-1', '2,0', '3,0'], [-1, 0, 0]],
  ])('takes %s as real targets', (_what, rows, targets) => {
    const set = read(rows);
    expect(set.shape).toEqual({ input: [1], task: 'regression', outputs: 1 });
    expect(set.targets).toEqual(Float32Array.from(targets));
    expect(set.labels).toBeNull();
  });

  it('reads a row of texts as data when it is told that there is no header', () => {
    expect(() => read(['a,b', '1,2'], { header: false })).toThrow(
      't.csv, line 1: column "column 1": expected a number, got "a"',
    );
  });

  it('reads a first row of numbers as names when it is told that it is a header', () => {
    expect(read(['2020,2021,y', '1,2,0', '1,2,1', '0,0,1'], { header: true }).featureNames).toEqual(['2020', '2021']);
  });

  it.each<[string, string[], TableOptions, string]>([
    ['a missing cell', ['a,b,c', '1,2,0', '1,,1'], {}, 't.csv, line 3: column "b": the cell is missing'],
    ['a blank cell', ['1,2,0', '1, ,1'], {}, 't.csv, line 2: column "column 2": the cell is missing'],
    ['a missing target', ['1,2,0', '1,2,'], {}, 't.csv, line 2: column "column 3": the cell is missing'],
    ['a short row', ['1,2,0', '1,2'], {}, 't.csv, line 2: expected 3 cells as in the first row, got 2'],
    ['a long row', ['1,2,0', '1,2,3,0'], {}, 't.csv, line 2: expected 3 cells as in the first row, got 4'],
    ['NaN', ['1,2,0', '1,NaN,1'], {}, 't.csv, line 2: column "column 2": expected a number, got "NaN"'],
    ['infinity', ['1,2,0', '1,inf,1'], {}, 't.csv, line 2: column "column 2": expected a number, got "inf"'],
    [
      'a number beyond float32',
      ['1,2,0', '1,1e39,1'],
      {},
      't.csv, line 2: column "column 2": expected a number, got "1e39"',
    ],
    [
      'a target beyond float32',
      ['1,0', '1,1e39'],
      {},
      't.csv, line 2: column "column 2": expected a number, got "1e39"',
    ],
    [
      'text in a column of real targets',
      ['1,0.5', '2,0.25', '3,n/a', '4,7'],
      {},
      't.csv, line 3: target column "column 2": expected a number or one of a few class names, got "n/a"',
    ],
    [
      'one class only',
      ['1,cat', '2,cat'],
      {},
      't.csv: target column "column 2": expected at least 2 classes, got only "cat"',
    ],
    ['one column', ['1', '2'], {}, 't.csv: expected 2 to 100000 columns (features and a target), got 1'],
    ['a header alone', ['a,b'], {}, 't.csv: expected rows of numbers, got none'],
    ['nothing', [], {}, 't.csv: expected rows of numbers, got none'],
    ['an unknown target', ['a,b', '1,2'], { target: 'z' }, 't.csv: no target column "z"; expected one of a, b'],
    [
      'a target number beyond the columns',
      ['1,2', '1,2'],
      { target: '3' },
      't.csv: no target column "3"; expected one of column 1, column 2',
    ],
    [
      'a target name that comes twice',
      ['a,a', '1,2'],
      { target: 'a' },
      't.csv: expected one target column "a", got 2 of that name',
    ],
  ])('refuses %s', (_what, rows, options, message) => {
    const field = options.target === undefined ? null : 'data.source.target';
    expect(() => read(rows, options)).toThrow(new DataError(message, field));
  });
});
