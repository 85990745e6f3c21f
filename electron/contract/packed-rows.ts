/**
 * Many rows as a few columns. Ten thousand objects, each with an array of its own, take seconds to be copied through
 * two processes and the bridge; their numbers in one array and their texts in one string take none.
 */

/** A column of one field. `absent` are the rows that do not have the field at all, ascending. */
type PackedColumn =
  /** `missing[i]` is 1 where the value is null. */
  | { readonly kind: 'numbers'; readonly values: Float64Array; readonly missing: Uint8Array | null }
  /** Curves one after the other; `ends[i]` is where row i's ends. */
  | { readonly kind: 'curves'; readonly values: Float32Array; readonly ends: Uint32Array }
  /** A JSON array: texts, flags, lists. */
  | { readonly kind: 'rest'; readonly json: string; readonly absent: readonly number[] };

/** Rows of one kind: fields are finite or infinite numbers, Float32Arrays, or what JSON can say. */
export interface PackedRows<Row extends object> {
  readonly count: number;
  readonly columns: Readonly<Record<keyof Row & string, PackedColumn>>;
}

/** Fields are taken from all rows; a number field may be null, and any other may be left out of some rows. */
export function packRows<Row extends object>(rows: readonly Row[]): PackedRows<Row> {
  const keys = new Set<keyof Row & string>();
  for (const row of rows) for (const key in row) keys.add(key);
  const columns: Partial<Record<keyof Row & string, PackedColumn>> = {};
  for (const key of keys) columns[key] = packColumn(rows.map((row): unknown => row[key]));
  return { count: rows.length, columns: columns as PackedRows<Row>['columns'] };
}

function packColumn(values: readonly unknown[]): PackedColumn {
  if (values.every((value) => value instanceof Float32Array)) return packCurves(values);
  if (values.every((value) => value === null || typeof value === 'number')) return packNumbers(values);
  const absent = values.flatMap((value, i) => (value === undefined ? [i] : []));
  return { kind: 'rest', json: JSON.stringify(values), absent };
}

function packNumbers(values: readonly (number | null)[]): PackedColumn {
  const missing = values.includes(null) ? Uint8Array.from(values, (value) => (value === null ? 1 : 0)) : null;
  return { kind: 'numbers', values: Float64Array.from(values, (value) => value ?? 0), missing };
}

function packCurves(curves: readonly Float32Array[]): PackedColumn {
  const ends = new Uint32Array(curves.length);
  const values = new Float32Array(curves.reduce((sum, curve) => sum + curve.length, 0));
  let at = 0;
  for (const [i, curve] of curves.entries()) {
    values.set(curve, at);
    at += curve.length;
    ends[i] = at;
  }
  return { kind: 'curves', values, ends };
}

/** The rows again, equal to those packed. Curves share one piece of memory. */
export function unpackRows<Row extends object>({ count, columns }: PackedRows<Row>): Row[] {
  const entries = Object.entries<PackedColumn>(columns);
  const blank: Record<string, unknown> = Object.fromEntries(entries.map(([key]) => [key, null]));
  const rows = Array.from({ length: count }, () => ({ ...blank }));
  for (const [key, column] of entries) fill(rows, key, column);
  return rows as Row[];
}

function fill(rows: readonly Record<string, unknown>[], key: string, column: PackedColumn): void {
  switch (column.kind) {
    case 'numbers':
      for (const [i, row] of rows.entries()) row[key] = column.missing?.[i] === 1 ? null : column.values[i];
      break;
    case 'curves': {
      let from = 0;
      for (const [i, row] of rows.entries()) {
        const to = column.ends[i] ?? from;
        row[key] = column.values.subarray(from, to);
        from = to;
      }
      break;
    }
    case 'rest': {
      const values = JSON.parse(column.json) as unknown[];
      for (const [i, row] of rows.entries()) row[key] = values[i];
      for (const i of column.absent) delete rows[i]?.[key];
      break;
    }
  }
}
