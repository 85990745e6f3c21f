import { expect, it } from 'vitest';
import { paramNames } from '../../../renderer/sweep/param-names.ts';

const names = (...paths: string[]): string[] => [...paramNames(paths).values()];

it('keeps the last part where it is the only one', () => {
  expect(names('optimizer.lr', 'optimizer.weightDecay', 'training.batchSize')).toEqual([
    'lr',
    'weightDecay',
    'batchSize',
  ]);
});

it('calls a kind by what it is the kind of', () => {
  expect(names('optimizer.type', 'model.layers.1.type')).toEqual(['optimizer', 'layers.1']);
});

it('writes names that would be alike longer, and only those', () => {
  expect(names('model.layers.0.units', 'model.layers.2.units', 'optimizer.lr')).toEqual([
    'layers.0.units',
    'layers.2.units',
    'lr',
  ]);
  expect(names('model.layers.0.layers.0.units', 'model.layers.0.repeat')).toEqual(['units', 'repeat']);
  expect(names('optimizer.momentum', 'model.layers.1.momentum')).toEqual(['optimizer.momentum', 'layers.1.momentum']);
});

it('keeps the order asked for', () => {
  expect([...paramNames(['b.x', 'a.x', 'c']).keys()]).toEqual(['b.x', 'a.x', 'c']);
});
