/** The spec files in examples/ parse, fit their data and keep to the sizes they promise. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expandLayers, parseRunSpec } from '../../../engine/spec/run-spec.ts';
import { inferShapes, type DataShape } from '../../../engine/spec/shapes.ts';

const SHAPES: Record<string, DataShape> = {
  'fashion-mnist': { input: [1, 28, 28], task: 'classification', outputs: 10 },
  digits: { input: [1, 8, 8], task: 'classification', outputs: 10 },
  iris: { input: [4], task: 'classification', outputs: 3 },
  diabetes: { input: [10], task: 'regression', outputs: 1 },
  spiral: { input: [2], task: 'classification', outputs: 3 },
};
const MOST_PARAMETERS: Record<string, number> = {
  'fashion-mnist-mlp.json': 300_000,
  'fashion-mnist-cnn.json': 100_000,
};
const folder = new URL('../../../examples/', import.meta.url);
/** Sweeps have a test of their own. */
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.json') && !/(^|[\\/])sweep-/.test(name),
);

describe('examples', () => {
  test.each(files)('%s', (name) => {
    const parsed = parseRunSpec(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    const { data, model, loss } = parsed.spec;
    const shape = SHAPES[String(data.source)];
    if (shape === undefined) throw new Error(`no shape known for ${String(data.source)}`);
    const shapes = inferShapes(shape, expandLayers(model.layers), loss);
    expect(shapes.issues).toEqual([]);
    expect(shapes.parameters).toBeLessThanOrEqual(MOST_PARAMETERS[name] ?? Infinity);
  });

  test('the ones that are promised are there', () => {
    const promised = [
      'digits.json',
      'fashion-mnist-cnn.json',
      'fashion-mnist-mlp.json',
      'iris.json',
      'two-layer-book.json',
    ];
    expect(files).toEqual(expect.arrayContaining(promised));
  });
});
