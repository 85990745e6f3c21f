/** The sweeps in examples/ parse, and every end of their spaces fits their data. */

import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BUILT_IN_DATA } from '../../../engine/spec/built-in-data.ts';
import { parseSweepSpec } from '../../../engine/spec/parse-sweep-spec.ts';
import { expandLayers, type BuiltInSource } from '../../../engine/spec/run-spec.ts';
import { drawParams, valueAt } from '../../../engine/spec/search-space.ts';
import { inferShapes } from '../../../engine/spec/shapes.ts';
import { trialRunSpec } from '../../../engine/sweep/trial-run.ts';

const folder = new URL('../../../examples/', import.meta.url);
const files = ['', 'book/'].flatMap((inside) =>
  readdirSync(new URL(inside, folder)).flatMap((name) => (name.startsWith('sweep-') ? [`${inside}${name}`] : [])),
);

it('the promised ones are there', () =>
  expect(files).toEqual([
    'sweep-book.json',
    'sweep-digits.json',
    'book/sweep-batch-norm-off.json',
    'book/sweep-batch-norm-on.json',
  ]));

it.each(files)('%s', (name) => {
  const parsed = parseSweepSpec(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  expect(parsed.warnings).toEqual([]);
  for (const u of [0, 0.5, 0.999]) {
    const params = drawParams(parsed.spec.space, (_path, distribution) => valueAt(distribution, u));
    const run = trialRunSpec(parsed.spec, { number: 0, params }, 0);
    if (!run.ok) throw new Error(JSON.stringify(run.issues));
    const { data, model, loss } = run.spec;
    const { shape } = BUILT_IN_DATA[data.source as BuiltInSource];
    expect(inferShapes(shape, expandLayers(model.layers), loss).issues).toEqual([]);
  }
});
