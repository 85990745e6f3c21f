import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tagSchema } from '../../../electron/contract/runs.ts';
import en from '../../../renderer/locales/en/runs.json';
import { QUERY_FIELDS } from '../../../renderer/query/fields.ts';
import {
  columnFacts,
  fitColumns,
  moveColumn,
  RUN_COLUMN_IDS,
  toggleColumn,
  USUAL_COLUMNS,
} from '../../../renderer/views/runs/columns.ts';
import { parseInline, parseNotes } from '../../../renderer/views/runs/notes-markdown.ts';
import { runMenu, type RunMenuActions } from '../../../renderer/views/runs/run-menu.ts';
import { isTag, tagChoices } from '../../../renderer/views/runs/tag-choices.ts';
import { FIRST_VIEW, restoreView } from '../../../renderer/views/runs/view-state.ts';
import { fakeRun } from '../support/fake-runs.ts';

describe('columns', () => {
  it('give up what is least missed in a narrow window, and never a figure or the name', () => {
    const shown = (room: number): readonly string[] => fitColumns(USUAL_COLUMNS, {}, room).columns;
    expect(shown(1084)).toEqual(USUAL_COLUMNS);
    expect(shown(940)).not.toContain('loss');
    expect(shown(940)).toContain('tags');
    expect(shown(300)).toEqual(['name', 'status', 'lr', 'accuracy', 'epoch', 'duration']);
    expect(shown(0)).toEqual(USUAL_COLUMNS);
  });

  it('stay when a person chose them: the table scrolls', () => {
    const chosen = toggleColumn(USUAL_COLUMNS, 'testAccuracy');
    const { columns, least } = fitColumns(chosen, {}, 300);
    expect(columns).toEqual(chosen);
    expect(least).toBeGreaterThan(300);
  });

  it('take the width that was drawn', () => {
    const { template, least } = fitColumns(['name', 'lr'], { lr: 90 }, 1000);
    expect(template).toBe('38px minmax(242px, 6fr) 90px');
    expect(least).toBe(38 + 242 + 90);
  });

  it('come back to their place and never go before the name', () => {
    const without = toggleColumn(USUAL_COLUMNS, 'status');
    expect(without).not.toContain('status');
    expect(toggleColumn(without, 'status')).toEqual(USUAL_COLUMNS);
    expect(toggleColumn(USUAL_COLUMNS, 'name')).toBe(USUAL_COLUMNS);
    expect(moveColumn(['name', 'tags', 'lr'], 'lr', -1)).toEqual(['name', 'lr', 'tags']);
    expect(moveColumn(['name', 'tags', 'lr'], 'tags', -1)).toEqual(['name', 'tags', 'lr']);
    expect(moveColumn(['name', 'tags', 'lr'], 'lr', 1)).toEqual(['name', 'tags', 'lr']);
  });

  it('that hold one figure of many say by which rule', () => {
    for (const id of RUN_COLUMN_IDS) expect(id in en.rules, id).toBe(columnFacts(id).ruled);
  });
});

describe('the saved view', () => {
  it('comes back whole', () => {
    const view = {
      query: 'tag:cnn',
      sort: { column: 'testLoss', direction: 'ascending' },
      columns: ['name', 'lr', 'tags'],
      widths: { lr: 90 },
    } as const;
    expect(restoreView(JSON.stringify(view))).toEqual(view);
  });

  it.each([
    [null, {}],
    ['{"query":', {}],
    ['[]', {}],
    ['{"query":5,"sort":{"column":"gone","direction":"ascending"}}', {}],
    ['{"query":"x","columns":["lr","name"]}', { query: 'x' }],
    ['{"columns":["name","lr","lr"]}', {}],
    ['{"columns":["name","gone"],"widths":{"lr":90,"name":5,"gone":90,"data":"9"}}', { widths: { lr: 90 } }],
  ])('%s', (saved, kept) => expect(restoreView(saved)).toEqual({ ...FIRST_VIEW, ...kept }));
});

describe('tags', () => {
  const a = fakeRun(1, { tags: ['race', 'wd'] });
  const b = fakeRun(2, { tags: ['race'] });
  const c = fakeRun(3, { tags: ['deep', 'wd'] });
  it('are offered with what the chosen runs have first', () => {
    expect(tagChoices([a, b], [a, b, c], '').map((one) => [one.tag, one.state, one.count])).toEqual([
      ['race', 'all', 2],
      ['wd', 'some', 2],
      ['deep', 'none', 1],
    ]);
  });
  it('are new only when they do not exist', () => {
    expect(tagChoices([a], [a, b, c], 'de').map((one) => [one.tag, one.isNew])).toEqual([
      ['deep', false],
      ['de', true],
    ]);
    expect(tagChoices([a], [a, b, c], ' deep ').map((one) => one.tag)).toEqual(['deep']);
    expect(tagChoices([a], [a], 'a,b')).toEqual([]);
  });
  it('follow the rule of the contract', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ',', ' ', '中'), maxLength: 45 }), (text) => {
        // The contract cuts spaces at the ends off before it looks; so does the editor.
        expect(isTag(text.trim())).toBe(tagSchema.safeParse(text).success);
      }),
    );
  });
});

describe('notes', () => {
  it('are paragraphs, headings, lists and code', () => {
    const blocks = parseNotes('# Result\nfirst\nsecond\n\n- a\n- **b**\n1. one\n2. two\n```\nlr < *x*\n```\nend');
    expect(blocks.map((block) => block.kind)).toEqual(['heading', 'paragraph', 'list', 'list', 'code', 'paragraph']);
    expect(blocks[1]).toMatchObject({ lines: [[{ text: 'first' }], [{ text: 'second' }]] });
    expect(blocks[2]).toMatchObject({ ordered: false, items: [[{ text: 'a' }], [{ kind: 'strong' }]] });
    expect(blocks[3]).toMatchObject({ ordered: true });
    expect(blocks[4]).toEqual({ kind: 'code', text: 'lr < *x*' });
  });
  it('know bold, italic, code and links, and leave names and figures alone', () => {
    expect(parseInline('a **b *c* d** `e*f*` [g](h:i) _j_')).toEqual([
      { kind: 'text', text: 'a ' },
      {
        kind: 'strong',
        parts: [
          { kind: 'text', text: 'b ' },
          { kind: 'em', parts: [{ kind: 'text', text: 'c' }] },
          { kind: 'text', text: ' d' },
        ],
      },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'e*f*' },
      { kind: 'text', text: ' ' },
      { kind: 'link', text: 'g', address: 'h:i' },
      { kind: 'text', text: ' ' },
      { kind: 'em', parts: [{ kind: 'text', text: 'j' }] },
    ]);
    for (const text of ['snake_case_name', '3 * 4 * 5', '<b>x</b>']) {
      expect(parseInline(text)).toEqual([{ kind: 'text', text }]);
    }
  });
  it('keep every line, whatever is typed', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseNotes(text)));
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1 }), (lines) => {
        expect(parseNotes(lines.join('\n'))).toMatchObject([{ kind: 'paragraph', lines: lines.map(() => [{}]) }]);
      }),
    );
  });
});

describe('the menu of runs', () => {
  const act: RunMenuActions = {
    open: () => undefined,
    fork: () => undefined,
    compare: () => undefined,
    sweep: () => undefined,
    rename: () => undefined,
    duplicate: () => undefined,
    resume: () => undefined,
    star: () => undefined,
    tag: () => undefined,
    project: () => undefined,
    color: () => undefined,
    notes: () => undefined,
    archive: () => undefined,
    remove: () => undefined,
    restore: () => undefined,
  };
  const off = (rows: number, more: object = {}): string[] =>
    runMenu(
      { rows: Array.from({ length: rows }, (_, i) => fakeRun(i + 1)), tab: 'all', resumable: 0, live: false, ...more },
      act,
      (key) => key,
    ).flatMap((item) => (item.disabled === true ? [item.key] : []));
  it('offers for several what can be done to several, and nothing that ends a run that trains', () => {
    expect(off(1)).toEqual(['compare', 'resume']);
    expect(off(2, { resumable: 1 })).toEqual(['open', 'rename', 'duplicate', 'fork', 'sweep', 'notes']);
    expect(off(1, { resumable: 1, live: true })).toEqual(['compare', 'archive', 'delete']);
  });
});

it('every field of a query is explained in its completion', () => {
  expect(Object.keys(en.query.fields).sort()).toEqual(QUERY_FIELDS.map((field) => field.name.replace('.', '_')).sort());
});
