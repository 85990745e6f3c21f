/** Whatever engine, workers, store and services say can be said in every language of the window. */

import { afterEach, describe, expect, it } from 'vitest';
import { joined, messageOf, say, word } from '../../../engine/spec/message.ts';
import { HISTOGRAM_KINDS } from '../../../engine/spec/histogram.ts';
import { METRIC_IDS, SPLITS } from '../../../engine/spec/metric.ts';
import { parseRunSpec, SpecError } from '../../../engine/spec/run-spec.ts';
import { RUN_STATUSES } from '../../../engine/spec/run-status.ts';
import { SWEEP_STATUSES, TRIAL_STATUSES } from '../../../engine/spec/sweep-status.ts';
import { i18n } from '../../../renderer/i18n.ts';
import { LANGUAGES, sentences, type Language } from '../../../renderer/locales/messages.ts';
import { spoken } from '../../../renderer/text/spoken.ts';
import { readSentences } from '../../support/sentences.ts';

const { said, unspoken } = readSentences();
/** Values that are words themselves. */
const WORDS = [...RUN_STATUSES, ...SWEEP_STATUSES, ...TRIAL_STATUSES, ...METRIC_IDS, ...SPLITS, ...HISTOGRAM_KINDS];
/** In SQL. */
const STORED = 'the program ended while the run was {0}';
const codes = new Map([...said, ...[...WORDS, STORED].map((code) => ({ code, where: '' }))].map((s) => [s.code, s]));
const values = (code: string): string[] => (code.match(/\{\d+\}/g) ?? []).sort();
/** "{0}: {1}" says nothing by itself. */
const hasWords = (code: string): boolean => /[A-Za-z]/.test(code);

function applyLanguage(language: Language): void {
  i18n.global.locale.value = language;
}
afterEach(() => applyLanguage('en'));

describe('sentences', () => {
  it('are there, and none is put together where no translation can find it', () => {
    expect(said.length).toBeGreaterThan(300);
    expect(unspoken.map(({ where, code }) => `${where}: ${code}`)).toEqual([]);
  });

  it.each(LANGUAGES.filter((language) => language !== 'en'))('have a text in %s, with the same values', (language) => {
    const texts = sentences[language];
    const lacking = [...codes.values()].filter(({ code }) => hasWords(code) && texts[code] === undefined);
    expect(lacking.map(({ where, code }) => `${where}: ${code}`)).toEqual([]);
    const differing = Object.entries(texts).filter(([code, text]) => values(code).join() !== values(text).join());
    expect(differing).toEqual([]);
    // Nobody says these any more.
    expect(Object.keys(texts).filter((code) => !codes.has(code))).toEqual([]);
  });

  it('keep a space between Chinese and Latin', () => {
    const glued = Object.values(sentences['zh-CN']).filter((text) => {
      return /[\u4e00-\u9fff][A-Za-z]|[A-Za-z][\u4e00-\u9fff]/.test(text);
    });
    expect(glued).toEqual([]);
  });
});

describe('a message', () => {
  const problem = say`the gradient of ${'affine 1'}'s ${word('weights')} was too large`;
  const message = say`diverged at step ${12_345}: ${problem} (learning rate ${1e-7}); the last finite weights are kept`;

  it('is one English sentence for the terminal', () => {
    expect(message.message).toBe(
      "diverged at step 12345: the gradient of affine 1's weights was too large (learning rate 1e-7); the last finite weights are kept",
    );
    expect(JSON.parse(JSON.stringify(say`got ${NaN}`))).toEqual({
      message: 'got NaN',
      wording: { code: 'got {0}', values: ['NaN'] },
    });
  });

  it('is said in the person’s language, its values formatted', () => {
    expect(spoken(message)).toContain('diverged at step 12,345: the gradient');
    applyLanguage('zh-CN');
    expect(spoken(message)).toBe('在第 12,345 步发散：affine 1 的权重的梯度过大（学习率 1e−7）；已保留最后的有限权重');
  });

  it('without a wording, as old versions stored it, is shown as it is, or translated when it has no values', () => {
    applyLanguage('zh-CN');
    expect(spoken({ message: 'something of long ago' })).toBe('something of long ago');
    expect(spoken({ message: 'stopped by hand' })).toBe('被手动停止');
    expect(spoken(joined([say`unknown field ${'x'}`, word('no such file')], '; '))).toBe('未知字段 x; 没有这个文件');
  });

  it('of a spec comes with its field, also out of a repeated layer', () => {
    const parsed = parseRunSpec({
      data: { source: 'iris' },
      model: { layers: [{ repeat: 2, layers: [{ type: 'affine', units: 0 }] }] },
      optimizer: { type: 'sgd', lr: 0.1 },
      training: { epochs: 1 },
    });
    if (parsed.ok) throw new Error('a layer of 0 units was accepted');
    expect(parsed.issues).toHaveLength(1);
    applyLanguage('zh-CN');
    expect(spoken(messageOf(new SpecError(parsed.issues)))).toBe(
      'model.layers.0.layers.0.units：需要：1 到 100,000 的整数；得到 0',
    );
  });
});
