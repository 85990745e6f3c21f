import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completionsOn, type Completion } from '../../../renderer/query/complete.ts';
import { queryTest } from '../../../renderer/query/evaluate.ts';
import { editDistance, QUERY_FIELDS, RUN_FIELDS, suggestField } from '../../../renderer/query/fields.ts';
import { paintQuery } from '../../../renderer/query/paint.ts';
import { parseQueryOn, readFigure, type ParsedQuery } from '../../../renderer/query/parse.ts';
import {
  OFFERED_FIELDS,
  settingPathsIn,
  withSettings,
  type SettingMap,
} from '../../../renderer/query/setting-fields.ts';
import { quoteValue, tokenize } from '../../../renderer/query/tokens.ts';
import { fakeRun } from '../support/fake-runs.ts';

const statusName = (status: string): string => ({ completed: '已完成', running: '训练中' })[status] ?? status;
const rows = [
  fakeRun(1, { name: 'book net', optimizer: 'sgd', lr: 0.1, tags: [], highestValidationAccuracy: 0.94 }),
  fakeRun(2, { name: 'small', optimizer: 'adam', lr: 0.001, tags: ['cnn', 'race'], highestValidationAccuracy: 0.974 }),
  fakeRun(3, { name: 'wide', optimizer: 'adam', lr: 0.01, tags: ['cnn'], highestValidationAccuracy: 0.98 }),
  fakeRun(4, {
    name: 'deep',
    optimizer: 'adamw',
    lr: 0.001,
    tags: ['cnn-base', 'old net'],
    highestValidationAccuracy: null,
    notes: 'Try **less decay**',
    status: 'running',
    starred: true,
    parameters: 12_000,
    data: 'fashion-mnist',
  }),
].map((row) => ({ ...row, model: '64-10', data: row.number === 4 ? row.data : 'digits' }));
const parseQuery = (text: string): ParsedQuery => parseQueryOn(text, RUN_FIELDS);
const completionsAt = (text: string, caret: number, of: typeof rows): readonly Completion[] =>
  completionsOn(text, caret, of, RUN_FIELDS);
const found = (text: string): number[] => rows.filter(queryTest(parseQuery(text), statusName)).map((row) => row.number);

describe('a query', () => {
  it.each([
    ['', [1, 2, 3, 4]],
    ['optimizer:adam lr<0.01 tag:cnn best.accuracy>0.9', [2]],
    // Words look in names, notes and what else a row says.
    ['BOOK', [1]],
    ['"less decay"', [4]],
    ['#3', [3]],
    ['fashion', [4]],
    ['训练中', [4]],
    ['-book -wide', [2, 4]],
    // Choices want the whole word; a star stands for anything.
    ['optimizer:adam', [2, 3]],
    ['optimizer:adam*', [2, 3, 4]],
    ['optimizer:adamw,SGD', [1, 4]],
    ['tag:"old net"', [4]],
    ['-tag:cnn', [1, 4]],
    ['-tag:*', [1]],
    ['tag!=cnn', [1, 4]],
    ['status:已完成', [1, 2, 3]],
    ['status：running', [4]],
    // Texts are found inside, or as a whole with =.
    ['name:E', [1, 3, 4]],
    ['name=deep', [4]],
    ['note:decay', [4]],
    ['data:digits', [1, 2, 3]],
    // Figures.
    ['lr=0.001', [2, 4]],
    ['lr:1e-3,0.1', [1, 2, 4]],
    ['lr < 0.01', [2, 4]],
    ['lr<=1e−2', [2, 3, 4]],
    ['lr≥0.1', [1]],
    ['best.accuracy>=97.4%', [2, 3]],
    ['parameters>10,000', [4]],
    ['number!=1', [2, 3, 4]],
    // Without an accuracy no comparison holds, so its opposite does.
    ['best.accuracy<2%', []],
    ['-best.accuracy>0.9', [4]],
    ['starred:yes', [4]],
    ['starred!=yes', [1, 2, 3]],
    // Still being typed.
    ['adam lr<', [2, 3, 4]],
    ['tag:', [1, 2, 3, 4]],
    ['adam lr<1e-', [2, 3, 4]],
    ['lr>-', [1, 2, 3, 4]],
  ])('%s', (text, numbers) => {
    expect(found(text)).toEqual(numbers);
  });

  it('finds a renamed row under its new name', () => {
    const [row] = rows;
    if (row === undefined) throw new Error('no row');
    const test = queryTest(parseQuery('renamed'), statusName);
    expect(test(row)).toBe(false);
    expect(test({ ...row, name: 'renamed' })).toBe(true);
  });
});

describe('what is wrong with a query', () => {
  it.each([
    ['optmizer:adam', 'field', 'optmizer', 'optimizer'],
    ['lr<1 accuracy>0.9', 'field', 'accuracy', 'best.accuracy'],
    ['-tags:x', 'field', 'tags', 'tag'],
    ['batch:32', 'field', 'batch', null],
    ['lr<small', 'number', 'small', null],
    ['lr<1e adam', 'number', '1e', null],
    ['lr<0.1,0.01', 'number', '0.1,0.01', null],
    ['best.accuracy>97', 'share', '97', '97%'],
    ['optimizer<adam', 'operator', '<', ':'],
    ['starred:maybe', 'flag', 'maybe', null],
  ])('%s', (text, kind, part, suggestion) => {
    const { problems } = parseQuery(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ kind, text: part, suggestion });
    expect(text.slice(problems[0]?.start, problems[0]?.end)).toBe(part);
  });

  it('shows no run, so that nothing can be deleted that was not asked for', () => {
    expect(found('tg:scratch')).toEqual([]);
    expect(found('-tg:scratch')).toEqual([]);
  });

  it('can be put right by its suggestion', () => {
    for (const text of ['optmizer:adam', 'best.accuracy>97', 'optimizer<adam']) {
      const [problem] = parseQuery(text).problems;
      if (problem === undefined || problem.suggestion === null) throw new Error(text);
      const mended = text.slice(0, problem.start) + problem.suggestion + text.slice(problem.end);
      expect(parseQuery(mended).problems, mended).toEqual([]);
    }
  });
});

describe('the text of a query', () => {
  it('is cut at spaces outside quotes', () => {
    expect(tokenize('a "b c" -tag:"d e",f g').map((one) => [one.start, one.end, one.negated])).toEqual([
      [0, 1, false],
      [2, 7, false],
      [8, 20, true],
      [21, 22, false],
    ]);
    expect(tokenize('-tag:"d e",f')[0]).toMatchObject({ field: 'tag', operator: ':', values: ['d e', 'f'] });
    expect(tokenize('name:"not closed yet')[0]).toMatchObject({ values: ['not closed yet'], end: 20 });
  });

  it('is painted without losing a letter, whatever is typed', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('lr<', 'tag:', '-', '"', ' ', 'optimizer:adam', 'x:1', '，'));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('');
        const groups = paintQuery(parseQuery(text));
        expect(groups.flatMap((group) => group.pieces.map((piece) => piece.text)).join('')).toBe(text);
      }),
    );
  });

  it('finds a value again that was quoted', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^,\s"“”，*][^,"“”，*]{0,20}$/), (tag) => {
        const row = fakeRun(1, { tags: [tag] });
        expect(queryTest(parseQuery(`tag:${quoteValue(tag)}`), statusName)(row)).toBe(true);
      }),
    );
  });

  it.each([
    ['0.01', 0.01],
    ['.5', 0.5],
    ['1e-3', 0.001],
    ['−2', -2],
    ['12,000', 12000],
    ['97.4%', 0.974],
    ['1,2', null],
    ['abc', null],
    ['', null],
    ['Infinity', null],
  ])('reads %s as a figure', (text, value) => expect(readFigure(text)).toBe(value));
});

describe('suggested fields', () => {
  it('are near', () => {
    expect(editDistance('optmizer', 'optimizer')).toBe(1);
    expect(editDistance('ltag', 'tgal')).toBe(3);
    expect(editDistance('tga', 'tag')).toBe(1);
    expect(suggestField('stauts', RUN_FIELDS)).toBe('status');
    expect(suggestField('best.accurcy', RUN_FIELDS)).toBe('best.accuracy');
    expect(suggestField('zzzz', RUN_FIELDS)).toBeNull();
  });

  it('never mean a field that is one', () => {
    for (const { name } of QUERY_FIELDS)
      expect(parseQuery(`${name}:1`).problems.filter((p) => p.kind === 'field')).toEqual([]);
  });
});

describe('completions', () => {
  const labels = (text: string, caret = text.length): string[] =>
    completionsAt(text, caret, rows).map((one) => one.label);
  it('are fields, then values runs have', () => {
    expect(labels('opt')).toEqual(['optimizer:']);
    expect(labels('acc')).toEqual(['best.accuracy', 'last.accuracy', 'test.accuracy']);
    expect(labels('ra')).toEqual(['tag:race']);
    expect(labels('-ta')).toEqual(['tag:', 'task:']);
  });

  it('are the values of a field, the most frequent first, with their counts', () => {
    expect(completionsAt('tag:', 4, rows).map((one) => [one.label, one.count])).toEqual([
      ['tag:cnn', 2],
      ['tag:cnn-base', 1],
      ['tag:"old net"', 1],
      ['tag:race', 1],
    ]);
    expect(labels('optimizer:adam,s')).toEqual(['optimizer:sgd']);
    expect(labels('starred:')).toEqual(['starred:yes', 'starred:no']);
    expect(labels('optimizer:sgd')).toEqual([]);
  });

  it('replace what was typed and nothing else', () => {
    const text = 'lr<1 tag:ol x';
    const [one] = completionsAt(text, 11, rows);
    if (one === undefined) throw new Error('nothing offered');
    expect(text.slice(0, one.start) + one.insert + text.slice(one.end)).toBe('lr<1 tag:"old net" x');
  });

  it('are not offered between words or in quotes', () => {
    expect(labels('tag:cnn ')).toEqual([]);
    expect(labels('"opt')).toEqual([]);
    expect(labels('lr<')).toEqual([]);
  });
});

describe('settings in a query', () => {
  const numbers = (of: Readonly<Record<number, number | string>>): SettingMap =>
    new Map(Object.entries(of).map(([number, value]) => [fakeRun(Number(number)).id, value]));
  const known = new Map<string, SettingMap>([
    ['training.batchSize', numbers({ 1: 100, 2: 32, 3: 256, 4: 100 })],
    ['optimizer.momentum', numbers({ 1: 0.9 })],
    ['schedule.type', numbers({ 1: 'constant', 2: 'cosine', 3: 'cosine', 4: 'constant' })],
    ['optimizer.typo', new Map()],
  ]);
  const parsed = (text: string, values = known): ParsedQuery => parseQueryOn(text, withSettings(text, values));
  const having = (text: string): number[] => rows.filter(queryTest(parsed(text), statusName)).map((row) => row.number);

  it('are found by their path, whatever its case, beside the other fields', () => {
    expect(having('training.batchSize>=100')).toEqual([1, 3, 4]);
    expect(having('training.batchsize>=100 optimizer:adam')).toEqual([3]);
    expect(having('schedule.type:cosine')).toEqual([2, 3]);
    expect(having('-schedule.type:cosine training.batchSize:100')).toEqual([1, 4]);
    // No comparison holds for a run without the setting.
    expect(having('optimizer.momentum<1')).toEqual([1]);
  });

  it('are offered by their last part, and crowd nothing out', () => {
    const offered = (text: string): string[] =>
      completionsOn(text, text.length, rows, OFFERED_FIELDS).map((one) => one.label);
    expect(offered('opt')).toEqual(['optimizer:']);
    expect(offered('mom')).toEqual(['optimizer.momentum:']);
    expect(offered('schedule.')).toEqual(['schedule.type:']);
  });

  it('are read once they are named', () => {
    expect(settingPathsIn('lr<1 training.batchSize>8 schedule.type:cosine data:iris -training.batchsize:2')).toEqual([
      'training.batchSize',
      'schedule.type',
    ]);
  });

  it('match nothing while they are read, and are no field when no run has them', () => {
    const none = new Map<string, SettingMap>();
    for (const text of ['training.batchSize>=100', 'schedule.type:cosine']) {
      expect(parsed(text, none).problems).toEqual([]);
      expect(rows.filter(queryTest(parsed(text, none), statusName))).toEqual([]);
    }
    expect(parsed('optimizer.typo:adam').problems).toMatchObject([{ kind: 'field' }]);
  });
});

it('a project is asked for by name, or by having one', () => {
  const projects = [fakeRun(1, { project: 'chapter 6' }), fakeRun(2), fakeRun(3, { project: 'thesis' })];
  const having = (text: string): number[] =>
    projects.filter(queryTest(parseQuery(text), statusName)).map((row) => row.number);
  expect(having('project:"chapter 6"')).toEqual([1]);
  expect(having('project:*')).toEqual([1, 3]);
  expect(having('-project:*')).toEqual([2]);
  expect(having('thesis')).toEqual([3]);
});
