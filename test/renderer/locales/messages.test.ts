/** Both languages say the same things, every text a screen asks for exists, and no message is written wrong. */

import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createI18n } from 'vue-i18n';
import { STUDIO_ERROR_CODES } from '../../../electron/contract/outcome.ts';
import { RUN_STATUSES } from '../../../engine/spec/run-status.ts';
import { KEY_GROUPS } from '../../../renderer/composables/key-table.ts';
import { chooseLanguage, messages } from '../../../renderer/locales/messages.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

type Tree = { readonly [key: string]: string | Tree };
function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') all.set(prefix + key, value);
    else for (const [path, text] of flatten(value, `${prefix}${key}.`)) all.set(path, text);
  }
  return all;
}
const en = flatten(messages.en);
const zh = flatten(messages['zh-CN']);

/** Names in braces, over all plural forms. `n` may be left out of one form ("one run"), so it is a set. */
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

describe('messages', () => {
  it('have the same keys in both languages', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  });

  it('have the same placeholders in both languages', () => {
    const differing = [...en].filter(([key, text]) => {
      return placeholders(text).join() !== placeholders(zh.get(key) ?? '').join();
    });
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  it('are all compiled by the interpreter, without a complaint', () => {
    for (const [locale, texts] of [
      ['en', en],
      ['zh-CN', zh],
    ] as const) {
      const { global } = createI18n({ legacy: false, locale, messages });
      for (const key of texts.keys()) {
        const values = Object.fromEntries(placeholders(texts.get(key) ?? '').map((name) => [name.slice(1, -1), 7]));
        const text = global.t(key, values, 2);
        expect(text, key).not.toBe('');
        expect(text, key).not.toMatch(/[{}|]/);
      }
    }
  });

  it('call an epoch 轮 in Chinese, and the rounds of a narrowing search something else', () => {
    const texts = [...zh].map(([key, text]) => [key, text.replace(/\{\w+\}/g, '')] as const);
    expect(texts.filter(([, text]) => /\bepochs?\b/i.test(text)).map(([key]) => key)).toEqual([]);
    const rounds = texts.filter(([key]) => /^sweep\.(narrow\.|notice\.round|.*\.narrow$)/.test(key));
    expect(rounds.length).toBeGreaterThan(8);
    expect(rounds.filter(([, text]) => text.includes('轮')).map(([key]) => key)).toEqual([]);
  });

  it('are really translated', () => {
    const same = [...en].filter(([key, text]) => zh.get(key) === text && /[a-z]{4}/.test(text.replace(/\{\w+\}/g, '')));
    // Names of things that are the same in every language.
    const allowed = /^(settings\.(kernelNames\.wasm)|newRun\.|run\.|sweep\.(sampler|pruner)\.name\.)/;
    expect(same.map(([key]) => key).filter((key) => !allowed.test(key))).toEqual([]);
  });

  it('keep a space between Chinese and Latin', () => {
    const glued = [...zh].filter(([, text]) => /[\u4e00-\u9fff][A-Za-z]|[A-Za-z][\u4e00-\u9fff]/.test(text));
    expect(glued.map(([key, text]) => `${key}: ${text}`)).toEqual([]);
  });
});

describe('screens', () => {
  const files = globSync('renderer/**/*.{vue,ts}', { cwd: root });

  it('only ask for texts that exist', () => {
    const missing: string[] = [];
    for (const file of files) {
      const source = readFileSync(join(root, file), 'utf8');
      for (const match of source.matchAll(/(?<![\w.])(?:\$t|t|te)\(\s*(['"`])([^'"`]+)\1/g)) {
        const key = match[2] ?? '';
        // A key put together at run time: its fixed beginning must lead somewhere.
        const [fixed = ''] = key.split('${');
        const known = fixed === key ? en.has(key) : [...en.keys()].some((one) => one.startsWith(fixed));
        if (!known) missing.push(`${file}: ${key}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('name every status, error and key', () => {
    for (const status of RUN_STATUSES) expect(en.has(`frame.status.${status}`), status).toBe(true);
    for (const code of STUDIO_ERROR_CODES) expect(en.has(`errors.code.${code}`), code).toBe(true);
    for (const { title, rows } of KEY_GROUPS) {
      for (const name of [title, ...rows.map((row) => row.label)])
        expect(en.has(`frame.keys.${name}`), name).toBe(true);
    }
  });
});

describe('the language', () => {
  it('follows the system unless one was chosen', () => {
    expect(chooseLanguage('system', 'zh-TW')).toBe('zh-CN');
    expect(chooseLanguage('system', 'de-DE')).toBe('en');
    expect(chooseLanguage('zh-CN', 'en-US')).toBe('zh-CN');
    expect(chooseLanguage('en', 'zh-CN')).toBe('en');
  });
});
