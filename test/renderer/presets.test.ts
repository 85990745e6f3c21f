import { describe, expect, it } from 'vitest';
import { expandLayers, parseRunSpec } from '../../engine/spec/run-spec.ts';
import { inferShapes, type DataShape } from '../../engine/spec/shapes.ts';
import { PRESET_NAMES, PRESETS } from '../../renderer/presets.ts';

const SHAPES: Readonly<Record<string, DataShape>> = {
  digits: { input: [1, 8, 8], task: 'classification', outputs: 10 },
  diabetes: { input: [10], task: 'regression', outputs: 1 },
  spiral: { input: [2], task: 'classification', outputs: 3 },
};

describe.each(PRESET_NAMES)('preset %s', (name) => {
  it('is a run spec without a problem', () => {
    const parsed = parseRunSpec(PRESETS[name]);
    expect(parsed).toMatchObject({ ok: true });
  });
  it('fits its data', () => {
    const parsed = parseRunSpec(PRESETS[name]);
    if (!parsed.ok) throw new Error('bad preset');
    const { data, model, loss } = parsed.spec;
    const shape = SHAPES[String(data.source)];
    if (shape === undefined) throw new Error(`no shape for ${String(data.source)}`);
    expect(inferShapes(shape, expandLayers(model.layers), loss).issues).toEqual([]);
  });
});

it('the first one is the two-layer net of the book', () => {
  expect(PRESETS.book).toMatchObject({
    data: { source: 'digits' },
    model: { layers: [{ type: 'affine', units: 50 }, { type: 'sigmoid' }, { type: 'affine', units: 10 }] },
    optimizer: { type: 'sgd' },
    training: { sampling: 'replacement', batchSize: 100 },
  });
});
