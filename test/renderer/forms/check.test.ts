import { describe, expect, it } from 'vitest';
import { checkDraft, repairsFor, type CheckedDraft, type KnownData } from '../../../renderer/forms/check.ts';
import { chooseLayerType, chooseOptimizer, draftFrom, newLayer, type RunDraft } from '../../../renderer/forms/draft.ts';
import { PRESETS } from '../../../renderer/presets.ts';

const digits: KnownData = {
  shape: { input: [1, 8, 8], task: 'classification', outputs: 10 },
  rows: 1797,
  testRows: 0,
};

function draft(preset: keyof typeof PRESETS = 'book'): RunDraft {
  const made = draftFrom(PRESETS[preset]);
  if (!made.ok) throw new Error(made.message);
  return made.draft;
}
/** The code of the number issue at a path, '' when there is none. */
function numberIssue(checked: CheckedDraft, path: string): string {
  const issue = checked.issues.get(path);
  return issue?.kind === 'number' ? issue.issue.code : '';
}

describe('checkDraft', () => {
  it('gives the spec of a draft that is right', () => {
    const checked = checkDraft(draft(), digits);
    expect([...checked.issues.keys()]).toEqual([]);
    expect(checked.spec?.optimizer).toMatchObject({ type: 'sgd', lr: 0.5, weightDecay: 0 });
    expect(checked.shapes?.parameters).toBe(64 * 50 + 50 + 50 * 10 + 10);
  });

  it.each([
    ['optimizer.lr', '0', 'above'],
    ['optimizer.lr', 'fast', 'notANumber'],
    ['optimizer.lr', '', 'empty'],
    ['training.batchSize', '0', 'atLeast'],
    ['training.batchSize', '2.5', 'notWhole'],
    ['data.validation', '1', 'atMost'],
    ['data.validation', '-0.1', 'atLeast'],
    ['seed', '-1', 'atLeast'],
  ] as const)('says what is wrong at %s = "%s"', (path, text, code) => {
    const it = draft();
    it.single[path] = text;
    const checked = checkDraft(it, digits);
    expect(numberIssue(checked, path)).toBe(code);
    expect(checked.issues.size).toBe(1);
    expect(checked.spec).toBeNull();
  });

  it.each([
    ['-3', 'atLeast'],
    ['1.5', 'notWhole'],
    ['0', 'atLeast'],
  ])('names the layer whose units are %s', (text, code) => {
    const it = draft();
    const [first] = it.layers;
    if (first !== undefined) first.fields.units = text;
    expect(numberIssue(checkDraft(it, digits), 'model.layers.0.units')).toBe(code);
  });

  it('leaves optional fields out: an empty clip norm and test share mean none given', () => {
    const { spec } = checkDraft(draft(), digits);
    expect(spec?.optimizer.clipNorm).toBeNull();
    expect(spec?.data.test).toBeNull();
  });

  it('keeps the text of layers it cannot read and still shapes the rest', () => {
    const it = draft();
    const [first] = it.layers;
    if (first !== undefined) first.fields.units = 'many';
    const checked = checkDraft(it, digits);
    expect(checked.shapes?.layers[2]?.output).toEqual([10]);
    expect(it.layers[0]?.fields.units).toBe('many');
  });

  it('sees that a share leaves nothing to train with, and that a loss needs classes', () => {
    const it = draft();
    it.single['data.validation'] = '0.9999';
    expect(checkDraft(it, digits).issues.get('data.validation')).toEqual({ kind: 'data', code: 'no-training-rows' });
    const diabetes: KnownData = {
      shape: { input: [10], task: 'regression', outputs: 1 },
      rows: 442,
      testRows: 0,
    };
    expect(checkDraft(draft(), diabetes).issues.get('loss')).toEqual({ kind: 'data', code: 'loss-needs-classes' });
    expect(checkDraft(draft('regression'), diabetes).issues.size).toBe(0);
  });

  it('does not need the data to check the rest', () => {
    const checked = checkDraft(draft(), null);
    expect(checked.shapes).toBeNull();
    expect(checked.spec).not.toBeNull();
  });

  it.each(Object.keys(PRESETS) as (keyof typeof PRESETS)[])('takes preset %s there and back', (name) => {
    const first = checkDraft(draft(name), null).spec;
    const again = draftFrom(first);
    expect(again.ok && checkDraft(again.draft, null).spec).toEqual(first);
  });
});

describe('repairs', () => {
  it('shrinks a window that does not fit', () => {
    const it = draft('small-cnn');
    it.layers.splice(0, it.layers.length - 1, { ...newLayer('max-pool2d', 90), fields: { kernel: '9', stride: '2' } });
    const issue = checkDraft(it, digits).issues.get('model.layers.0');
    if (issue?.kind !== 'shape') throw new Error('expected a shape issue');
    const [repair] = repairsFor(issue.issue, it);
    expect(repair).toMatchObject({ code: 'useWindow', values: { k: 8 } });
    repair?.apply(it);
    expect(checkDraft(it, digits).issues.size).toBe(0);
  });

  it('pads a convolution that does not fit, by just enough', () => {
    const it = draft('small-cnn');
    const fields = { filters: '4', kernel: '11', stride: '1', padding: '0' };
    it.layers.splice(0, it.layers.length - 1, { ...newLayer('conv2d', 90), fields });
    const issue = checkDraft(it, digits).issues.get('model.layers.0');
    if (issue?.kind !== 'shape') throw new Error('expected a shape issue');
    const pad = repairsFor(issue.issue, it).find((repair) => repair.code === 'setPadding');
    expect(pad?.values).toMatchObject({ p: 2, n: 1 });
    pad?.apply(it);
    expect(checkDraft(it, digits).issues.size).toBe(0);
  });

  it('gives the last layer as many outputs as the data has classes', () => {
    const it = draft();
    const last = it.layers.at(-1);
    if (last !== undefined) last.fields.units = '9';
    const issue = checkDraft(it, digits).issues.get('model.layers.2');
    if (issue?.kind !== 'shape') throw new Error('expected a shape issue');
    expect(issue.issue).toMatchObject({ code: 'outputs-mismatch', values: { got: 9, expected: 10 } });
    repairsFor(issue.issue, it)[0]?.apply(it);
    expect(checkDraft(it, digits).issues.size).toBe(0);
  });
});

describe('changing one choice', () => {
  it('moves an untouched learning rate to the new optimizer and keeps a typed one', () => {
    const it = draft('six-layer');
    chooseOptimizer(it, 'sgd');
    expect(it.single['optimizer.lr']).toBe('0.1');
    it.single['optimizer.lr'] = '0.03';
    chooseOptimizer(it, 'adam');
    expect(it.single['optimizer.lr']).toBe('0.03');
    expect(it.optimizer.fields).toMatchObject({ beta1: '0.9', beta2: '0.999', weightDecay: '0' });
  });

  it('keeps what two layer types share', () => {
    const layer = { ...newLayer('max-pool2d', 1), fields: { kernel: '3', stride: '1' } };
    chooseLayerType(layer, 'conv2d');
    expect(layer.fields).toEqual({ filters: '16', kernel: '3', stride: '1', padding: '0' });
  });
});
