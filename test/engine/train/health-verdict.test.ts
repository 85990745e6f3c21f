/** The lights over whole networks: the book's broken ones and sound ones, trained for a moment. */

import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import { rateShare } from '../../../engine/schedules/rate-share.ts';
import { HEALTH_MEASURES, healthLayers, type HealthSamples } from '../../../engine/spec/health.ts';
import { judgeHealth, worstHealth, type LayerHealth } from '../../../engine/spec/health-verdict.ts';
import { expandLayers, type RunSpecInput } from '../../../engine/spec/run-spec.ts';
import { randomClasses, specOf, trainerOf } from '../../support/runs.ts';

type Layers = RunSpecInput['model']['layers'];
const kernels = createReferenceKernels('float32');
const data = randomClasses(600, [40], 4, { validation: 100 });

function deep(activation: Layers[number], init: object): Layers {
  const hidden = { type: 'affine', units: 50, ...init } as Layers[number];
  return [{ repeat: 5, layers: [hidden, activation] }, { type: 'affine', units: 4, ...init } as Layers[number]];
}

interface Change {
  readonly lr?: number;
  readonly steps?: number;
  readonly schedule?: NonNullable<RunSpecInput['schedule']>;
}

function judged(layers: Layers, { lr = 0.05, steps = 20, ...more }: Change = {}): LayerHealth[] {
  const spec = specOf({
    model: { layers },
    optimizer: { type: 'sgd', lr },
    training: { batchSize: 50, steps },
    ...more,
  });
  const trainer = trainerOf(kernels, spec, data);
  const taken: number[] = [];
  const rows: number[] = [];
  const look = (): void => {
    if (!trainer.healthDue()) return;
    taken.push(trainer.step);
    rows.push(...trainer.health());
  };
  look();
  while (!trainer.done) {
    const { epochEnded } = trainer.trainStep();
    look();
    if (epochEnded) trainer.finishEpoch();
  }
  const samples: HealthSamples = {
    steps: Int32Array.from(taken),
    values: Float32Array.from(rows),
    elapsedMs: new Float32Array(taken.length),
    total: taken.length,
  };
  const last = taken.at(-1) ?? 0;
  const lights = judgeHealth(
    samples,
    healthLayers(expandLayers(spec.model.layers)),
    last,
    rateShare(spec, last, steps),
  );
  if (lights === null) throw new Error('nothing was measured');
  return lights;
}
const signs = (layers: LayerHealth[]): string[][] =>
  layers.map(({ findings }) => findings.map(({ sign, level }) => `${level} ${sign}`));

describe('networks', () => {
  test.each([
    ['relu after He', deep({ type: 'relu' }, { init: 'he' })],
    ['tanh after Xavier', deep({ type: 'tanh' }, { init: 'xavier' })],
    [
      'batch norm, whatever the weights',
      [
        {
          repeat: 5,
          layers: [{ type: 'affine', units: 50, init: { normal: 0.05 } }, { type: 'batch-norm' }, { type: 'relu' }],
        },
        { type: 'affine', units: 4 },
      ] as Layers,
    ],
  ])('%s: nothing is broken', (_, layers) => {
    expect(worstHealth(judged(layers))?.level ?? 'good').not.toBe('broken');
  });

  test('sigmoid with weights of 3 is at its flat ends', () => {
    const lights = judged(deep({ type: 'sigmoid' }, { init: { normal: 3 } }));
    for (const light of lights.slice(0, 5)) expect(light.findings.map(({ sign }) => sign)).toContain('saturated');
  });

  test('sigmoid with weights of 0.01: the gradient does not reach the first layers', () => {
    const lights = judged(deep({ type: 'sigmoid' }, { init: { normal: 0.01 } }));
    expect(signs(lights)[0]).toContain('broken vanishing');
    expect(worstHealth(lights)?.layer.name).toBe('affine 1');
    expect(lights[5]?.level).not.toBe('broken');
  });

  test('relu after biases of −10 is dead, all of it, and nothing reaches what lies before', () => {
    const shifted = [
      { type: 'affine', units: 20 },
      { type: 'relu' },
      { type: 'affine', units: 20, init: { constant: -10 } },
      { type: 'relu' },
      { type: 'affine', units: 4 },
    ] as Layers;
    const lights = judged(shifted);
    expect(lights[1]?.figures.dead).toBe(1);
    expect(signs(lights).slice(0, 2)).toEqual([['broken no-gradient'], ['broken dead', 'broken no-gradient']]);
    expect(worstHealth(lights)?.layer.name).toBe('affine 2');
  });

  test('a learning rate that is far too high makes the weights jump', () => {
    const lights = judged(deep({ type: 'tanh' }, { init: 'xavier' }), { lr: 50, steps: 3 });
    expect(lights.some(({ findings }) => findings.some(({ sign }) => sign === 'jumping'))).toBe(true);
  });

  test('a learning rate of next to nothing lets them stand still; a schedule that has come down does not', () => {
    const layers = deep({ type: 'relu' }, { init: 'he' });
    expect(signs(judged(layers, { lr: 1e-8 })).flat()).toContain('look still');
    const schedule = { type: 'warmup-cosine', warmup: 2, min: 1e-9 } as const;
    expect(signs(judged(layers, { schedule })).flat()).not.toContain('look still');
  });
});

describe('a sample', () => {
  const layers = healthLayers([
    { type: 'affine', units: 2, init: 'he' },
    { type: 'relu' },
    { type: 'affine', units: 2, init: 'he' },
  ]);
  const sampleOf = (...rows: number[][]): HealthSamples => ({
    steps: Int32Array.from(rows, (_, i) => 10 * i),
    values: Float32Array.from(rows.flat()),
    elapsedMs: new Float32Array(rows.length),
    total: rows.length,
  });
  const well = [0.5, 1e-3, 0.2, 0.5, 0, NaN];

  test('has as many figures as layers and measures', () => {
    expect(HEALTH_MEASURES).toHaveLength(well.length);
  });

  test('is the last one at or before the step', () => {
    const bad = [0.5, 1e-3, 0.2, 0.5, 0.62, NaN];
    const samples = sampleOf([...well, ...well], [...bad, ...well], [...well, ...well]);
    const at = (step: number) => judgeHealth(samples, layers, step)?.[0]?.findings;
    expect(at(9)).toEqual([]);
    expect(at(10)).toMatchObject([{ sign: 'dead', level: 'broken', value: Math.fround(0.62) }]);
    expect(at(19)).toHaveLength(1);
    expect(at(20)).toEqual([]);
    expect(judgeHealth(sampleOf(), layers, 5)).toBeNull();
  });

  test('that lost its numbers is broken; one without updates yet is not', () => {
    const lost = [Infinity, 1e-3, NaN, NaN, 0, NaN];
    expect(judgeHealth(sampleOf([...well, ...lost]), layers, 0)?.map(({ level }) => level)).toEqual(['good', 'broken']);
    const initial = [NaN, NaN, 0.2, 0.5, 0, NaN];
    expect(judgeHealth(sampleOf([...initial, ...initial]), layers, 0)?.map(({ level }) => level)).toEqual([
      'good',
      'good',
    ]);
  });
});
