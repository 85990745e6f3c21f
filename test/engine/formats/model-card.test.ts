import { describe, expect, it } from 'vitest';
import { prepareData } from '../../../engine/data/prepare.ts';
import { syntheticDataSet } from '../../../engine/data/synthetic.ts';
import { modelCardOf } from '../../../engine/formats/model-card.ts';
import { foldNormalization, parseModelCard, unfoldNormalization } from '../../../engine/spec/model-card.ts';
import { parseRunSpec } from '../../../engine/spec/run-spec.ts';

describe('foldNormalization', () => {
  it.each([
    ['one number for all', [3, 3, 3, 3], 2, [3]],
    ['one for each channel', [1, 1, 2, 2], 2, [1, 2]],
    ['all when they differ', [1, 2, 2, 2], 2, [1, 2, 2, 2]],
    ['one for each feature', [1, 2, 3], 3, [1, 2, 3]],
  ])('keeps %s, and the inverse gives them back', (_what, values, parts, folded) => {
    expect(foldNormalization(values, parts)).toEqual(folded);
    expect(unfoldNormalization(folded, values.length)).toEqual(Float32Array.from(values));
  });
});

describe('modelCardOf', () => {
  const parsed = parseRunSpec({
    data: { source: 'moons' },
    model: {
      layers: [
        { repeat: 2, layers: [{ type: 'affine', units: 4 }, { type: 'relu' }] },
        { type: 'affine', units: 2 },
      ],
    },
    optimizer: { type: 'sgd', lr: 0.1 },
    training: { epochs: 1 },
  });
  if (!parsed.ok) throw new Error('the spec of this test must be right');
  const data = prepareData(syntheticDataSet('moons', 0), parsed.spec.data);
  const card = modelCardOf(parsed.spec, data);

  it('writes out repeats and the fitted normalisation, and survives JSON', () => {
    expect(card.layers.map((layer) => layer.type)).toEqual(['affine', 'relu', 'affine', 'relu', 'affine']);
    expect(card).toMatchObject({ input: [2], task: 'classification', outputNames: ['class 0', 'class 1'] });
    expect(Float32Array.from(card.normalization?.scale ?? [])).toEqual(data.scale);
    expect(parseModelCard(JSON.parse(JSON.stringify(card)))).toEqual({ card });
  });

  it.each([
    ['a newer version', { ...card, version: 2 }, 'version: expected version 1: the file is of a newer Descent'],
    ['no layers', { ...card, layers: [] }, /^layers: /],
    ['an unknown layer', { ...card, layers: [{ type: 'lstm' }] }, /^layers\.0/],
    ['a size of 0', { ...card, input: [0] }, 'input.0: expected a whole number from 1 to 1000000000, got 0'],
    ['another field', { ...card, extra: 1 }, /^model: /],
    ['text', 'hello', /^model: /],
  ])('parseModelCard refuses %s', (_what, value, problem) => {
    const result = parseModelCard(value);
    expect('problem' in result ? result.problem : 'taken').toMatch(problem);
  });
});
