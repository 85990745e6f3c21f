import { describe, expect, it } from 'vitest';
import { expandLayers, parseRunSpec, type RunSpecInput } from '../../../engine/spec/run-spec.ts';
import { parseSweepSpec } from '../../../engine/spec/parse-sweep-spec.ts';
import { PRESETS } from '../../../renderer/presets.ts';
import { baseFields, suggestedDistribution } from '../../../renderer/sweep/base-fields.ts';
import { blocksOf, pathInGroup, regroup, withGroup } from '../../../renderer/sweep/layer-groups.ts';

function spec(input: RunSpecInput) {
  const parsed = parseRunSpec(input);
  if (!parsed.ok) throw new Error(parsed.issues[0]?.message);
  return parsed.spec;
}
const relu = { type: 'relu' } as const;
const affine = (units: number) => ({ type: 'affine', units }) as const;
const net = (...layers: RunSpecInput['model']['layers']) => spec({ ...PRESETS.book, model: { layers } });

describe('the fields of a base', () => {
  it('are every number and choice with its path', () => {
    const paths = baseFields(spec(PRESETS['six-layer'])).map((field) => field.path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'optimizer.lr',
        'optimizer.type',
        'optimizer.weightDecay',
        'optimizer.beta1',
        'model.layers.0.repeat',
        'model.layers.0.layers.0.units',
        'model.layers.0.layers.0.init',
        'model.layers.0.layers.1.type',
        'training.batchSize',
        'training.epochs',
        'data.normalize',
      ]),
    );
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('hold settings of other optimizers once those are tried, with who has them', () => {
    const base = spec({ ...PRESETS.book, optimizer: { type: 'sgd', lr: 0.1 } });
    expect(baseFields(base).some((field) => field.path === 'optimizer.momentum')).toBe(false);
    const field = baseFields(base, ['momentum', 'adam']).find(({ path }) => path === 'optimizer.momentum');
    expect(field).toMatchObject({ owners: ['momentum', 'nesterov'], value: undefined });
  });

  it.each(Object.entries(PRESETS))('of %s can each be varied as suggested', (_, preset) => {
    const base = spec(preset);
    for (const field of baseFields(base)) {
      const distribution = suggestedDistribution(field, base);
      const parsed = parseSweepSpec({ base, space: { [field.path]: distribution }, objective: { metric: 'loss' } });
      // What does not fit this network alone (a window too large, a loss for other data) is the data's business.
      const wrong = parsed.ok ? [] : parsed.issues.filter((issue) => issue.path.startsWith('space'));
      expect(wrong, `${field.path} ${JSON.stringify(distribution)}`).toEqual([]);
    }
  });
});

describe('equal layers', () => {
  const flat = net(affine(20), relu, affine(20), relu, affine(30), relu, affine(10));

  it('are found as blocks, the output layer never', () => {
    expect(blocksOf(flat.model.layers)).toEqual([
      { start: 0, size: 2, times: 2 },
      { start: 4, size: 2, times: 1 },
    ]);
  });

  it('become a group that stands for the same network, and paths follow', () => {
    const [block] = blocksOf(flat.model.layers);
    if (block === undefined) throw new Error('no block');
    const grouped = withGroup(flat, block);
    expect(expandLayers(grouped.model.layers)).toEqual(flat.model.layers);
    expect(
      ['model.layers.0.units', 'model.layers.3.type', 'model.layers.4.units', 'optimizer.lr'].map((path) =>
        pathInGroup(path, block),
      ),
    ).toEqual([
      'model.layers.0.layers.0.units',
      'model.layers.0.layers.1.type',
      'model.layers.1.units',
      'optimizer.lr',
    ]);
  });

  it('are grouped again after the form has written them out', () => {
    const before = net({ repeat: 3, layers: [affine(20), relu] }, affine(10)).model.layers;
    const again = (...layers: RunSpecInput['model']['layers']) =>
      regroup(expandLayers(net(...layers).model.layers), before).map((entry) =>
        'repeat' in entry ? entry.repeat : entry.type,
      );
    expect(again(affine(20), relu, affine(20), relu, affine(10))).toEqual([2, 'affine']);
    expect(again(affine(40), relu, affine(10))).toEqual([1, 'affine']);
    expect(regroup(expandLayers(before), before)).toEqual(before);
  });
});
