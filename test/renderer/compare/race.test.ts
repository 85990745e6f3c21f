import { describe, expect, it, vi } from 'vitest';
import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import { parseRunSpec, type RunSpec, type RunSpecInput } from '../../../engine/spec/run-spec.ts';
import type { DataShape } from '../../../engine/spec/shapes.ts';
import { sharing, shortHash } from '../../../renderer/race/fairness.ts';
import { initPaths, lanesOf, laneTexts, listed, settingPaths, settingValue } from '../../../renderer/race/lanes.ts';
import {
  FIVE_OPTIMIZERS,
  givenRace,
  optimizerRace,
  restoreRace,
  savedRace,
  saveRace,
} from '../../../renderer/race/race-draft.ts';
import { presetRace } from '../../../renderer/race/race-presets.ts';
import { firstReached, usualAccuracy, usualLoss } from '../../../renderer/race/reached.ts';
import { coarser, commonEdges, cropped, occupiedBins, rebin, steadyBins } from '../../../renderer/charts/bins.ts';
import { settingsTable } from '../../../renderer/race/settings-table.ts';
import { fakeId } from '../support/fake-runs.ts';

const BASE: RunSpecInput = {
  name: 'base',
  data: { source: 'digits' },
  model: { layers: [{ type: 'affine', units: 20 }, { type: 'relu' }, { type: 'affine', units: 10 }] },
  optimizer: { type: 'adam', lr: 0.001 },
  training: { epochs: 3 },
};
function spec(change: Partial<RunSpecInput> = {}): RunSpec {
  const parsed = parseRunSpec({ ...BASE, ...change });
  if (!parsed.ok) throw new Error(parsed.issues[0]?.message);
  return parsed.spec;
}
const DIGITS: DataShape = { input: [1, 8, 8], task: 'classification', outputs: 10 };
const differing = (...specs: RunSpec[]): string[] =>
  settingsTable(specs)
    .filter((row) => row.differs)
    .map((row) => row.path);

describe('the settings of two runs', () => {
  it('that differ in one setting list exactly that one', () => {
    const base = spec();
    for (const [path, change] of [
      ['optimizer.lr', { optimizer: { type: 'adam', lr: 0.01 } }],
      ['optimizer.clipNorm', { optimizer: { type: 'adam', lr: 0.001, clipNorm: 1 } }],
      ['seed', { seed: 2 }],
      ['data.source', { data: { source: 'iris' } }],
      ['data.limit', { data: { source: 'digits', limit: 100 } }],
      ['training.batchSize', { training: { epochs: 3, batchSize: 32 } }],
      ['training.epochs', { training: { epochs: 4 } }],
      ['training.histograms.everyEpochs', { training: { epochs: 3, histograms: { everyEpochs: 2 } } }],
      ['training.health.enabled', { training: { epochs: 3, health: { enabled: false } } }],
      ['training.health.everySteps', { training: { epochs: 3, health: { everySteps: 7 } } }],
      ['loss.type', { loss: 'mse' }],
      ['initialWeights', { initialWeights: '/weights.npz' }],
      [
        'model.layers.0.units',
        { model: { layers: [{ type: 'affine', units: 30 }, { type: 'relu' }, { type: 'affine', units: 10 }] } },
      ],
      [
        'model.layers.2.init',
        {
          model: {
            layers: [
              { type: 'affine', units: 20 },
              { type: 'relu' },
              { type: 'affine', units: 10, init: { normal: 1 } },
            ],
          },
        },
      ],
      [
        'model.layers',
        { model: { layers: [{ type: 'affine', units: 20 }, { type: 'tanh' }, { type: 'affine', units: 10 }] } },
      ],
    ] as const satisfies readonly (readonly [string, Partial<RunSpecInput>])[]) {
      expect(differing(base, spec(change)), path).toEqual([path]);
      expect(differing(spec(change), base), path).toEqual([path]);
    }
  });

  it('of equal runs do not differ, whatever their names and however layers and losses are written', () => {
    const unrolled = [{ type: 'affine', units: 5 }, { type: 'relu' }, { type: 'affine', units: 5 }, { type: 'relu' }];
    const a = spec({
      name: 'a',
      loss: { type: 'mse' },
      model: { layers: unrolled as RunSpecInput['model']['layers'] },
    });
    const repeat = { repeat: 2, layers: unrolled.slice(0, 2) } as RunSpecInput['model']['layers'][number];
    const b = spec({ name: 'b', loss: 'mse', model: { layers: [repeat] } });
    expect(differing(a, b)).toEqual([]);
    expect(settingsTable([a, b]).length).toBeGreaterThan(20);
    expect(differing(a)).toEqual([]);
    expect(settingsTable([])).toEqual([]);
  });

  it('show a dash where a kind has no such setting', () => {
    const rows = settingsTable([spec(), spec({ optimizer: { type: 'momentum', lr: 0.01 } })]);
    const row = (path: string) => rows.find((one) => one.path === path);
    expect(row('optimizer.type')).toMatchObject({ name: 'optimizer', values: ['adam', 'momentum'], differs: true });
    expect(row('optimizer.lr')).toMatchObject({ name: 'lr', values: ['0.001', '0.01'] });
    expect(row('optimizer.momentum')).toMatchObject({ values: [null, '0.9'], differs: true });
    expect(row('optimizer.beta2')).toMatchObject({ values: ['0.999', null], differs: true });
    expect(rows.map((one) => one.path).indexOf('optimizer.momentum')).toBeLessThan(
      rows.findIndex((one) => one.path === 'schedule.type'),
    );
  });
});

describe('lanes', () => {
  it('of five optimizers share everything but the optimizer and its rate', () => {
    const lanes = lanesOf(optimizerRace(spec(), 'race', FIVE_OPTIMIZERS), DIGITS);
    expect(lanes.map((lane) => [lane.name, lane.spec?.optimizer.type, lane.spec?.optimizer.lr])).toEqual([
      ['SGD', 'sgd', 0.01],
      ['Momentum', 'momentum', 0.01],
      ['AdaGrad', 'adagrad', 0.01],
      ['RMSProp', 'rmsprop', 0.001],
      ['Adam', 'adam', 0.001],
    ]);
    expect(lanes.every((lane) => lane.problem === null)).toBe(true);
    const specs = lanes.flatMap((lane) => (lane.spec === null ? [] : [lane.spec]));
    expect(differing(...specs).every((path) => path.startsWith('optimizer.'))).toBe(true);
    // Each optimizer brings its own defaults, not those of the one before.
    expect(specs[2]?.optimizer).toMatchObject({ epsilon: 1e-7 });
    expect(specs[4]?.optimizer).toMatchObject({ epsilon: 1e-8, beta1: 0.9 });
    expect(laneTexts(lanes)[1]).toBe('momentum, lr 0.01, momentum 0.9');
  });

  it('are made from lists of rates, batches, weights and any other setting', () => {
    const draft = optimizerRace(spec(), 'race', []);
    draft.differs = 'lr';
    draft.lrs = '0.1, 0.01；1e-3\n0.01,';
    expect(lanesOf(draft, null).map((lane) => lane.spec?.optimizer.lr)).toEqual([0.1, 0.01, 0.001]);
    const oneCycle = optimizerRace(spec({ schedule: { type: 'one-cycle', maxLr: 1 } }), 'race', FIVE_OPTIMIZERS);
    expect(lanesOf(oneCycle, null).map((lane) => lane.spec?.schedule)).toMatchObject(
      [0.01, 0.01, 0.01, 0.001, 0.001].map((maxLr) => ({ maxLr })),
    );
    oneCycle.differs = 'lr';
    oneCycle.lrs = '0.1, 0.01';
    expect(lanesOf(oneCycle, null).map((lane) => lane.spec?.schedule)).toMatchObject([{ maxLr: 0.1 }, { maxLr: 0.01 }]);
    draft.differs = 'batch';
    draft.batches = '10, 20';
    expect(lanesOf(draft, null).map((lane) => lane.spec?.training.batchSize)).toEqual([10, 20]);
    draft.differs = 'init';
    draft.inits = 'he, xavier, normal 0.01, zeros';
    const inits = lanesOf(draft, null).map((lane) => lane.spec?.model.layers);
    expect(inits[2]).toMatchObject([{ init: { normal: 0.01 } }, { type: 'relu' }, { init: { normal: 0.01 } }]);
    expect(inits[3]).toMatchObject([{ init: 'zeros' }, { type: 'relu' }, { init: 'zeros' }]);
    draft.differs = 'setting';
    draft.setting = { path: 'model.layers.0.units', values: '5, 50' };
    const units = lanesOf(draft, DIGITS);
    expect(units.map((lane) => lane.spec?.model.layers[0])).toMatchObject([{ units: 5 }, { units: 50 }]);
    expect(units.map((lane) => lane.name)).toEqual(['units 5', 'units 50']);
    draft.differs = 'none';
    expect(lanesOf(draft, null)).toEqual([]);
  });

  it('reach the weights inside of repeated layers', () => {
    const repeated = spec({
      model: { layers: [{ repeat: 2, layers: [{ type: 'affine', units: 9 }, { type: 'relu' }] }] },
    });
    expect(initPaths(repeated)).toEqual(['model.layers.0.layers.0.init']);
    const draft = optimizerRace(repeated, 'race', []);
    draft.differs = 'init';
    draft.inits = 'glorot';
    expect(lanesOf(draft, null)[0]?.spec?.model.layers).toMatchObject([{ layers: [{ init: 'glorot' }, {}] }]);
  });

  it('say what is wrong with them', () => {
    const draft = optimizerRace(spec(), 'race', ['sgd', 'adam']);
    const problems = (data: DataShape | null = DIGITS) => lanesOf(draft, data).map((lane) => lane.problem);
    expect(problems()).toEqual([null, null]);
    draft.optimizers = draft.optimizers.map((one) => ({ ...one, lr: one.type === 'sgd' ? '0' : 'fast' }));
    expect(problems()).toMatchObject([
      { code: 'spec', path: 'optimizer.lr', text: { message: expect.stringContaining('above 0') as string } },
      { code: 'number', text: 'fast' },
    ]);
    draft.optimizers = draft.optimizers.map((one) => ({ ...one, lr: '0.1' }));
    draft.names = { 'optimizer:sgd': ' ', 'optimizer:adam': 'A' };
    expect(problems()).toEqual([{ code: 'noName' }, null]);
    draft.names = { 'optimizer:sgd': 'A', 'optimizer:adam': 'A' };
    expect(problems()).toEqual([null, { code: 'sameName', lane: 0 }]);
    draft.names = {};
    draft.given = [
      { key: 'given:0', name: 'x', spec: { ...spec(), optimizer: { ...spec().optimizer, lr: 0.1 } }, done: false },
    ];
    expect(problems()).toEqual([null, null, { code: 'sameSpec', lane: 0 }]);
    draft.given = [];
    expect(problems({ ...DIGITS, outputs: 20 })).toEqual([
      { code: 'shape', layer: 2 },
      { code: 'shape', layer: 2 },
    ]);
    draft.differs = 'setting';
    draft.setting = { path: 'optimizer.speed', values: '1' };
    expect(problems()).toMatchObject([{ code: 'spec', path: 'optimizer.speed' }]);
  });

  it('stand in the order a person put them', () => {
    const draft = optimizerRace(spec(), 'race', ['sgd', 'momentum', 'adam']);
    draft.order = ['optimizer:adam', 'optimizer:sgd'];
    expect(lanesOf(draft, null).map((lane) => lane.name)).toEqual(['Adam', 'SGD', 'Momentum']);
  });

  it('read values as people write them', () => {
    expect(listed('a, b ,,c;a')).toEqual(['a', 'b', 'c']);
    expect(['0.5', '1e-3', 'true', 'null', 'shuffle', '{"normal": 1}', '[oops]'].map(settingValue)).toEqual([
      0.5,
      0.001,
      true,
      null,
      'shuffle',
      { normal: 1 },
      '[oops]',
    ]);
  });

  it('can be asked which settings there are', () => {
    const paths = settingPaths(spec()).map((one) => one.path);
    expect(paths).toContain('optimizer.beta1');
    expect(paths).toContain('model.layers.0.init');
    expect(paths).not.toContain('name');
    expect(paths).not.toContain('seed');
  });
});

describe('a draft', () => {
  it('comes back from its text, and only whole', () => {
    const draft = presetRace('book-fashion', 'book');
    expect(restoreRace(JSON.stringify(draft))).toEqual(draft);
    expect(lanesOf(draft, null).map((lane) => lane.name)).toEqual(['SGD', 'Momentum', 'AdaGrad', 'Adam']);
    for (const broken of [null, '', '{', 'null', '{}', JSON.stringify({ ...draft, base: {} })]) {
      expect(restoreRace(broken)).toBeNull();
    }
  });

  it('of more lanes for one race opens for that race only, and not as a new one', () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    });
    const draft = presetRace('book-fashion', 'book');
    const lanes = { ...draft, extends: fakeId(1) };
    saveRace(lanes);
    expect(savedRace(fakeId(1))).toEqual(lanes);
    expect(savedRace(null)).toBeNull();
    expect(savedRace(fakeId(1))).toBeNull();
    saveRace(draft);
    expect(savedRace(null)).toEqual(draft);
    vi.unstubAllGlobals();
  });

  it('can be made of runs', () => {
    const lanes = [
      { name: 'a', spec: spec(), done: true },
      { name: 'b', spec: spec({ seed: 5 }), done: true },
    ];
    const draft = givenRace('again', lanes, 5);
    expect(draft).toMatchObject({ seeds: '5', differs: 'none', base: { name: 'base' } });
    expect(lanesOf(draft ?? presetRace('five-optimizers', ''), null)).toMatchObject([
      { name: 'a', done: true },
      { name: 'b', done: true },
    ]);
    expect(givenRace('again', [], 1)).toBeNull();
  });
});

describe('a goal', () => {
  const curve = {
    steps: [0, 10, 20, 30],
    values: [0.5, Number.NaN, 0.95, 0.99],
    elapsedMs: [0, 5, 11, 16],
  };

  it('is reached at the first point at or beyond it', () => {
    expect(firstReached(curve, 0.95, 'up')).toEqual({ step: 20, elapsedMs: 11 });
    expect(firstReached(curve, 0.5, 'down')).toEqual({ step: 0, elapsedMs: 0 });
    expect(firstReached(curve, 0.999, 'up')).toBeNull();
    expect(firstReached({ steps: [0, 1], values: [Infinity, -Infinity], elapsedMs: [0, 1] }, 2, 'up')).toBeNull();
    expect(firstReached({ steps: [], values: [], elapsedMs: [] }, 2, 'up')).toBeNull();
  });

  it('is at first what half of the lanes reach', () => {
    expect(usualAccuracy([0.9415, 0.9721, 0.9721, 0.9749, 0.9721])).toBe(0.97);
    expect(usualAccuracy([0.99, 0.955, null, null])).toBe(0.95);
    expect(usualAccuracy([null, null])).toBe(0.9);
    expect(usualLoss([0.31, 0.124, 0.124, 0.1166, 0.129])).toBe(0.2);
    expect(usualLoss([null])).toBe(0.5);
  });
});

describe('fairness', () => {
  const print = (initialWeights: string, batches = 'b') => ({ split: 's', initialWeights, batches });

  it('is told lane by lane and seed by seed', () => {
    const lanes = [
      { name: 'SGD', seeds: [print('w1'), print('w2')] },
      { name: 'Adam', seeds: [print('w1'), print('w2')] },
      { name: 'late', seeds: [null, null] },
    ];
    expect(sharing(lanes, 'initialWeights')).toEqual({
      thing: 'initialWeights',
      state: 'same',
      hash: 'w1',
      differing: [],
      waiting: ['late'],
    });
    const odd = [...lanes, { name: 'odd', seeds: [print('w1'), print('w3')] }];
    expect(sharing(odd, 'initialWeights')).toMatchObject({ state: 'differs', differing: ['odd'] });
    expect(sharing(odd, 'batches')).toMatchObject({ state: 'same', hash: 'b' });
  });

  it('is unknown while nothing can be compared', () => {
    expect(sharing([], 'split')).toMatchObject({ state: 'unknown', hash: null });
    const lanes = [
      { name: 'a', seeds: [print('w'), null] },
      { name: 'b', seeds: [null, print('w')] },
    ];
    expect(sharing(lanes, 'split').state).toBe('unknown');
  });

  it('has short hashes', () => expect(shortHash('e01c99887766c556')).toBe('e01c…c556'));
});

describe('bins of several runs', () => {
  const frame = (edges: number[], counts: number[]): HistogramFrame => ({
    runId: fakeId(1),
    kind: 'weights',
    layer: 0,
    layerName: 'affine 1',
    step: 0,
    edges: Float32Array.from(edges),
    counts: Uint32Array.from(counts),
    below: 1,
    above: 2,
    nonFinite: 0,
    mean: 0,
    std: 1,
  });

  it('stay as they are where they are equal', () => {
    const frames = [frame([-1, 0, 1], [3, 4]), frame([-1, 0, 1], [5, 6])];
    const edges = commonEdges(frames);
    expect(edges).toBe(frames[0]?.edges);
    expect(rebin(frames[1] as HistogramFrame, edges as Float32Array)).toBe(frames[1]);
    expect(commonEdges([])).toBeNull();
  });

  it('become one range, and no value is lost', () => {
    const narrow = frame([-1, 0, 1], [8, 4]);
    const wide = frame([-4, -2, 0, 2, 4], [1, 1, 1, 1]);
    const edges = commonEdges([narrow, wide]) as Float32Array;
    expect([...edges]).toEqual([-4, -2, 0, 2, 4]);
    expect([...rebin(narrow, edges).counts]).toEqual([0, 8, 4, 0]);
    const odd = frame([-1, 1, 3], [6, 4]);
    expect([...rebin(odd, edges).counts]).toEqual([0, 3, 5, 2]);
    expect(rebin(odd, edges)).toMatchObject({ below: 1, above: 2 });
  });

  it('are shown in a few widths, so that growing tails hardly ever move the axis', () => {
    const edges = Array.from({ length: 97 }, (_, i) => i - 48);
    const around = (reach: number): HistogramFrame => {
      const counts = new Array<number>(96).fill(0);
      for (let i = 48 - reach; i < 48 + reach; i++) counts[i] = 10;
      return frame(edges, counts);
    };
    // Two bins of margin on either side, then up to 48, 36, 24, 18, 12, 9 …
    const widths = [3, 5, 8, 11, 12, 17, 23, 35].map((reach) => steadyBins([around(reach)]));
    expect(widths.map(([from, to]) => (to - from) / 2)).toEqual([6, 9, 12, 18, 18, 24, 36, 48]);
    expect(widths.every(([from, to]) => from === 96 - to)).toBe(true);
    expect(steadyBins([around(3), around(23)])).toEqual([12, 84]);
    const counts = new Array<number>(96).fill(0);
    counts[0] = counts[13] = 9;
    expect(steadyBins([frame(Array.from({ length: 97 }, (_, i) => i) as number[], counts)])).toEqual([0, 18]);
  });

  it('are joined where there are too many, and none is lost', () => {
    const many = frame([0, 1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]);
    expect(coarser(many, 6)).toBe(many);
    expect([...coarser(many, 4).counts]).toEqual([3, 7, 11]);
    expect([...coarser(many, 4).edges]).toEqual([0, 2, 4, 6]);
    expect([...coarser(many, 2).counts]).toEqual([6, 15]);
    // Five cannot be joined evenly.
    expect(coarser(frame([0, 1, 2, 3, 4, 5], [1, 1, 1, 1, 1]), 3).counts).toHaveLength(5);
  });

  it('are shown as far as they hold anything, tails counted beside them', () => {
    const edges = Array.from({ length: 21 }, (_, i) => i - 10);
    const counts = new Array<number>(20).fill(0);
    counts[9] = 5000;
    counts[11] = 5000;
    counts[17] = 3;
    const around = frame(edges, counts);
    // Bins 9 to 11, two more on either side, and as far to the left of 0 as to the right.
    expect(occupiedBins([around])).toEqual([6, 14]);
    const shown = cropped(around, occupiedBins([around]));
    expect([...shown.edges]).toEqual([-4, -3, -2, -1, 0, 1, 2, 3, 4]);
    expect([...shown.counts]).toEqual([0, 0, 0, 5000, 0, 5000, 0, 0]);
    expect(shown).toMatchObject({ below: 1, above: 2 + 3 });
    // An activation has no middle.
    const positive = frame([0, 1, 2, 3, 4, 5], [9, 9, 0, 0, 0]);
    expect(occupiedBins([positive])).toEqual([0, 4]);
    expect(occupiedBins([frame([0, 1], [0])])).toEqual([0, 1]);
    expect(cropped(positive, [0, 5])).toBe(positive);
  });
});
