/** Parameters set in the base run spec. */

import { describe, expect, it } from 'vitest';
import { applyParams } from '../../../engine/spec/apply-params.ts';
import type { TrialParams } from '../../../engine/spec/search-space.ts';
import { expandLayers, type RunSpec } from '../../../engine/spec/run-spec.ts';
import { specOf } from '../../support/runs.ts';
import { BASE } from './support.ts';

const base = specOf(BASE);
function applied(params: TrialParams, to: RunSpec = base): RunSpec {
  const result = applyParams(to, params);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.spec;
}
const refused = (params: TrialParams): readonly unknown[] => {
  const result = applyParams(base, params);
  return result.ok ? [] : result.issues;
};

describe('applyParams', () => {
  it('sets numbers, layers and repeats, and leaves the base as it was', () => {
    const before = JSON.stringify(base);
    const spec = applied({ 'optimizer.lr': 0.5, 'model.layers.0.repeat': 3, 'model.layers.0.layers.0.units': 7 });
    expect(spec.optimizer.lr).toBe(0.5);
    expect(
      expandLayers(spec.model.layers)
        .filter((layer) => layer.type === 'affine')
        .map(({ units }) => units),
    ).toEqual([7, 7, 7, 10]);
    expect(JSON.stringify(base)).toBe(before);
  });

  it('drops what the new type lacks and keeps what both have', () => {
    expect(applied({ 'optimizer.type': 'sgd' }).optimizer).toEqual({
      type: 'sgd',
      lr: 0.01,
      weightDecay: 0,
      clipNorm: null,
    });
    expect(applied({ 'optimizer.type': 'nesterov' }).optimizer).toMatchObject({
      type: 'nesterov',
      lr: 0.01,
      momentum: 0.95,
    });
    expect(applied({ 'model.layers.0.layers.1.type': 'leaky-relu' }).model.layers[0]).toMatchObject({
      layers: [{ type: 'affine' }, { type: 'leaky-relu', slope: 0.01 }],
    });
  });

  it('gives settings left at their default the default of the new type', () => {
    const adam = applied({ 'optimizer.type': 'adam' });
    expect(adam.optimizer).toMatchObject({ epsilon: 1e-8 });
    expect(applied({ 'optimizer.type': 'adagrad' }, adam).optimizer).toMatchObject({ epsilon: 1e-7 });
    const own = applied({ 'optimizer.epsilon': 1e-3 }, adam);
    expect(applied({ 'optimizer.type': 'adagrad' }, own).optimizer).toMatchObject({ epsilon: 1e-3 });
  });

  it('sets a type before its settings, however they are written down', () => {
    const params = { 'optimizer.beta1': 0.5, 'optimizer.type': 'adam', 'optimizer.lr': 0.2 };
    expect(applied(params).optimizer).toMatchObject({ type: 'adam', beta1: 0.5, lr: 0.2 });
    expect(
      applied({ 'model.layers.0.layers.1.rate': 0.3, 'model.layers.0.layers.1.type': 'dropout' }).model.layers[0],
    ).toMatchObject({
      layers: [{}, { type: 'dropout', rate: 0.3, form: 'inverted' }],
    });
  });

  it('takes whole objects and settings of a loss written as a name', () => {
    expect(applied({ 'model.layers.1.init': { normal: 0.01 } }).model.layers[1]).toMatchObject({
      init: { normal: 0.01 },
    });
    expect(applied({ 'loss.labelSmoothing': 0.1 }).loss).toEqual({
      type: 'softmax-cross-entropy',
      labelSmoothing: 0.1,
    });
    expect(applied({ loss: 'mse' }).loss).toBe('mse');
  });

  it('names the parameter at fault', () => {
    expect(refused({ 'optimizer.lr': -1, 'training.batchSize': 5 })).toMatchObject([
      { path: 'optimizer.lr', message: 'expected a number above 0, at most 1000000, got -1' },
    ]);
    expect(refused({ 'optimizer.rate': 1 })).toMatchObject([
      { path: 'optimizer.rate', message: 'unknown field: the base run spec has no "optimizer.rate"' },
    ]);
    expect(refused({ 'model.layers.2.units': 1 })).toHaveLength(1);
    expect(refused({ 'optimizer.lr.deep': 1 })).toHaveLength(1);
    expect(refused({ '': 1 })).toHaveLength(1);
    expect(refused({ 'optimizer.type': 'newton' })).toMatchObject([
      { path: 'optimizer.type', message: expect.stringContaining('unknown optimizer') as string },
    ]);
  });
});
