import { describe, expect, it } from 'vitest';
import { parseSweepSpec } from '../../../engine/spec/parse-sweep-spec.ts';
import type { SweepSpecInput } from '../../../engine/spec/sweep-spec.ts';
import { checkSweepDraft, sweepValue } from '../../../renderer/sweep/sweep-check.ts';
import {
  draftAround,
  emptyDraft,
  listText,
  restoreSweepDraft,
  sweepDraftFrom,
  sweepDraftOf,
  usualSampler,
  valuesOf,
  type SweepDraft,
} from '../../../renderer/sweep/sweep-draft.ts';
import { presetSweep, SWEEP_PRESETS } from '../../../renderer/sweep/sweep-presets.ts';
import { sweepRepairs } from '../../../renderer/sweep/sweep-repairs.ts';
import { sweepSpec } from './fake-trials.ts';

const draftOf = (change: Partial<SweepSpecInput> = {}): SweepDraft => sweepDraftOf(sweepSpec(change));
/** Path → what is wrong, in one word. */
const problems = (draft: SweepDraft) =>
  Object.fromEntries(
    [...checkSweepDraft(draft, null).issues].map(([path, issue]) => [
      path,
      issue.kind === 'rule' ? issue.code : issue.kind === 'number' ? issue.issue.code : issue.message,
    ]),
  );
/** Presses the repair of a code, which must be there, and gives what is wrong afterwards. */
function repaired(draft: SweepDraft, path: string, code: string) {
  const issue = checkSweepDraft(draft, null).issues.get(path);
  if (issue === undefined) throw new Error(`nothing is wrong at ${path}`);
  const repair = sweepRepairs(path, issue, draft).find((one) => one.code === code);
  if (repair === undefined) throw new Error(`no repair ${code} at ${path}`);
  repair.apply(draft);
  return problems(draft);
}

describe('a draft', () => {
  it.each(SWEEP_PRESETS)('of the preset %s is the spec it came from', (name) => {
    const draft = presetSweep(name, 'a name');
    const checked = checkSweepDraft(draft, null);
    expect(checked.issues.size).toBe(0);
    expect(checked.spec?.name).toBe('a name');
    const again = sweepDraftFrom(checked.spec);
    expect(again.ok && again.draft).toEqual(draft);
  });

  it('keeps every field of a spec', () => {
    const spec = sweepSpec({
      seed: 7,
      space: {
        'optimizer.type': { type: 'choice', values: ['sgd', 'momentum'] },
        'optimizer.momentum': {
          type: 'uniform',
          min: 0.5,
          max: 0.9,
          when: { path: 'optimizer.type', in: ['momentum'] },
        },
        'model.layers.0.units': { type: 'int', min: 10, max: 50, step: 10 },
        'model.layers.0.init': { type: 'choice', values: ['he', { normal: 0.01 }] },
        'training.batchSize': { type: 'log-int', min: 8, max: 64 },
      },
      objective: { metric: 'loss', split: 'train', at: 'last' },
      sampler: { type: 'tpe', multivariate: true, startup: 5, candidates: 12 },
      pruner: { type: 'threshold', below: null, above: 3, warmupEpochs: 2 },
      trials: 30,
      seedsPerTrial: 2,
      epochsPerTrial: 4,
      maxMinutes: 1.5,
      enqueue: [{ 'optimizer.type': 'sgd' }],
    });
    expect(checkSweepDraft(sweepDraftOf(spec), null).spec).toEqual(spec);
  });

  it('comes back from its own JSON, and from nothing else', () => {
    const draft = draftOf();
    expect(restoreSweepDraft(JSON.stringify(draft))).toEqual(draft);
    expect(restoreSweepDraft('{"name":')).toBeNull();
    expect(restoreSweepDraft(JSON.stringify({ ...draft, space: [{ key: 1 }] }))).toBeNull();
    expect(restoreSweepDraft(JSON.stringify({ ...draft, base: {} }))).toBeNull();
  });

  it('around a run takes neither histograms nor health, and the metric its loss has', () => {
    const { base } = sweepSpec();
    const plain = {
      ...base,
      training: {
        ...base.training,
        histograms: { ...base.training.histograms, enabled: true },
        health: { ...base.training.health, enabled: true },
      },
    };
    expect(emptyDraft(plain).base.training).toMatchObject({
      histograms: { enabled: false },
      health: { enabled: false },
    });
    expect(emptyDraft(plain).objective.metric).toBe('accuracy');
    expect(draftAround(plain, 'around').space.map(({ path }) => path)).toEqual(['optimizer.lr']);
    const oneCycle = {
      ...plain,
      schedule: { type: 'one-cycle', maxLr: 1, pctStart: 0.3, divFactor: 25, finalDivFactor: 1e4 },
    } as const;
    expect(draftAround(oneCycle, 'around').space.map(({ path }) => path)).toEqual(['schedule.maxLr']);
    expect(emptyDraft({ ...base, loss: 'mse' }).objective.metric).toBe('loss');
  });
});

describe('lists of values', () => {
  it('hold numbers, words, flags and initial weights', () => {
    expect(valuesOf('0.1, 1e-3，adam; true, normal 0.01')).toEqual([0.1, 0.001, 'adam', true, { normal: 0.01 }]);
    expect(valuesOf('[1, [2, 3]]')).toEqual([1, [2, 3]]);
  });

  it('are written as they are read', () => {
    const values = [0.1, 1e-8, 'adam', { constant: 0.5 }, null];
    expect(valuesOf(listText(values))).toEqual(values);
  });
});

describe('bad input has one message and a way out', () => {
  it('min ≥ max', () => {
    const draft = draftOf();
    [draft.space[0]!.min, draft.space[0]!.max] = ['1', '0.01'];
    expect(problems(draft)).toEqual({ 'space.optimizer.lr.max': 'order' });
    expect(repaired(draft, 'space.optimizer.lr.max', 'swap')).toEqual({});
  });

  it('a log range from 0', () => {
    const draft = draftOf();
    draft.space[0]!.min = '0';
    expect(problems(draft)).toEqual({ 'space.optimizer.lr.min': 'logFromZero' });
    draft.space[0]!.max = '1';
    repaired(draft, 'space.optimizer.lr.min', 'linear');
    expect(draft.space[0]!.type).toBe('uniform');
  });

  it('a figure that is none', () => {
    const draft = draftOf();
    draft.space[0]!.min = '1e';
    draft.budget.trials = '2.5';
    expect(problems(draft)).toEqual({ 'space.optimizer.lr.min': 'notANumber', trials: 'notWhole' });
  });

  it('a choice of one', () => {
    const draft = draftOf();
    draft.space[1]!.values = 'adam';
    expect(problems(draft)).toEqual({ 'space.optimizer.type.values': 'fewValues' });
    expect(repaired(draft, 'space.optimizer.type.values', 'remove')).toEqual({});
  });

  it('an unknown path', () => {
    const draft = draftOf();
    draft.space[0]!.path = 'optimizer.speed';
    expect(Object.keys(problems(draft))).toEqual(['space.optimizer.speed']);
    expect(repaired(draft, 'space.optimizer.speed', 'remove')).toEqual({});
  });

  it('a setting only some optimizers have', () => {
    const draft = draftOf();
    draft.space.push({ ...draft.space[0]!, key: 9, path: 'optimizer.beta1', type: 'uniform', min: '0.8', max: '0.99' });
    expect(Object.keys(problems(draft))).toEqual(['space.optimizer.beta1']);
    expect(repaired(draft, 'space.optimizer.beta1', 'onlyWhen')).toEqual({});
    expect(draft.space.at(-1)?.when).toEqual({ path: 'optimizer.type', in: 'adam' });
  });

  it('a grid of a million', () => {
    const draft = draftOf();
    draft.sampler = usualSampler('grid');
    draft.sampler.fields['points'] = '100000';
    expect(problems(draft)).toEqual({ sampler: 'largeGrid' });
    expect(checkSweepDraft(draft, null).cells).toBe(200_000);
    expect(repaired(draft, 'sampler', 'points')).toEqual({});
    expect(checkSweepDraft(draft, null).spec?.trials).toBe(6);
  });

  it('the wrong sampler for a choice', () => {
    const draft = draftOf();
    draft.sampler = usualSampler('cma-es');
    expect(repaired(draft, 'space.optimizer.type.type', 'tpe')).toEqual({});
  });

  it('nothing to look at, nothing that varies, no name', () => {
    const draft = draftOf();
    draft.base = { ...draft.base, data: { ...draft.base.data, validation: 0 } };
    expect(problems(draft)).toEqual({ 'objective.split': 'noValidation' });
    expect(repaired(draft, 'objective.split', 'holdOut')).toEqual({});
    draft.space = [];
    draft.name = ' ';
    expect(problems(draft)).toEqual({ space: 'nothingVaries', name: 'noName' });
  });

  it('an accuracy of data without classes', () => {
    const draft = draftOf();
    const data = { shape: { input: [10], task: 'regression', outputs: 1 } } as const;
    const { issues } = checkSweepDraft(draft, data);
    expect([...issues.keys()]).toEqual(['objective.metric']);
  });
});

it('leaves unset what stands empty, so that the defaults of the spec apply', () => {
  const draft = draftOf();
  draft.budget.trials = '';
  const { value } = sweepValue(draft);
  expect(value).not.toHaveProperty('trials');
  const parsed = parseSweepSpec(value);
  expect(parsed.ok && parsed.spec.trials).toBe(100);
});
