// @vitest-environment happy-dom
/** Whether a CSV's first line names its columns: what was found, and what a person says. */

import { afterEach, expect, it } from 'vitest';
import { nextTick, ref as deepRef, shallowRef } from 'vue';
import type { DataPreview } from '../../../electron/contract/data.ts';
import type { DataSource } from '../../../engine/spec/run-spec.ts';
import type { RunDraft } from '../../../renderer/forms/draft.ts';
import type { RunForm } from '../../../renderer/forms/use-run-form.ts';
import CsvSection from '../../../renderer/views/new-run/CsvSection.vue';
import { mount } from '../support/mount.ts';

afterEach(() => document.body.replaceChildren());

it('says what the reader found while that is left to it, and takes an answer', async () => {
  const source: DataSource = { file: '/prices.csv' };
  const draft = deepRef({ source } as RunDraft);
  const preview = shallowRef({ header: false } as DataPreview | null);
  const form = { draft, preview, previewLoading: shallowRef(false) } as unknown as RunForm;
  const { byId, set, root } = mount(CsvSection, { form, source });
  const chosen = (): string[] =>
    [...root.querySelectorAll('[aria-checked="true"]')].map((one) => one.getAttribute('data-testid') ?? '');

  expect(chosen()).toEqual(['form-header-auto']);
  expect(byId('form-header-found').textContent).toBe('No names found: it is read as data.');
  preview.value = { header: true } as DataPreview;
  await nextTick();
  expect(byId('form-header-found').textContent).toBe('It names the columns.');

  byId('form-header-no').click();
  expect(draft.value.source).toEqual({ file: '/prices.csv', header: false });
  await set({ source: draft.value.source });
  expect(chosen()).toEqual(['form-header-no']);
  expect(root.textContent).not.toContain('It names the columns.');
  byId('form-header-auto').click();
  expect(draft.value.source).toEqual({ file: '/prices.csv' });
});
