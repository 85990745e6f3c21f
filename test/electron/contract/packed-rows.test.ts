import { expect, it } from 'vitest';
import { packRows, unpackRows } from '../../../electron/contract/packed-rows.ts';

interface Row {
  readonly name: string;
  readonly number: number;
  readonly best: number | null;
  readonly starred: boolean;
  readonly tags: readonly string[];
  readonly curve: Float32Array;
  readonly trial?: { readonly sweep: string };
}
const rows: readonly Row[] = [
  { name: 'a, "b"\n', number: 0.1, best: null, starred: true, tags: [], curve: Float32Array.of(1, NaN, -0) },
  { name: '网络', number: -0, best: Infinity, starred: false, tags: ['x'], curve: new Float32Array(0) },
  {
    name: '',
    number: 2 ** 53,
    best: 0.5,
    starred: true,
    tags: ['y', 'z'],
    curve: Float32Array.of(2),
    trial: { sweep: 's' },
  },
];

it('gives back what was packed, through a copy', () => {
  const back = unpackRows(structuredClone(packRows(rows)));
  expect(back).toEqual(rows);
  expect(Object.is(back[1]?.number, -0)).toBe(true);
  expect(Object.is(back[0]?.curve[2], -0)).toBe(true);
  expect('trial' in (back[0] as Row)).toBe(false);
});

it('packs nothing into nothing, and rows without a null into a plain column', () => {
  expect(unpackRows(packRows([]))).toEqual([]);
  expect(packRows([{ a: 1 }, { a: 2 }]).columns.a).toMatchObject({ missing: null });
});

it('is a handful of pieces, however many rows there are', () => {
  const many = Array.from({ length: 1000 }, (_, i) => ({ ...(rows[0] as Row), number: i }));
  const pieces = Object.values(packRows(many).columns).flatMap((column) => Object.values(column));
  expect(pieces.length).toBeLessThan(30);
});
