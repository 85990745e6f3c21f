// @vitest-environment happy-dom
/** The rows a regression is farthest from: when their features cannot be read, the panel says so and tries again. */

import { afterEach, expect, it, vi } from 'vitest';
import { computed, shallowRef, type Component } from 'vue';
import type { EvaluationReport } from '../../../electron/contract/evaluation.ts';
import { REPORT_CONTEXT, type ReportContext } from '../../../renderer/views/run/evaluation/report-context.ts';
import WorstRowsPanel from '../../../renderer/views/run/evaluation/WorstRowsPanel.vue';
import { fakeId } from '../support/fake-runs.ts';
import { mount } from '../support/mount.ts';

afterEach(() => document.body.replaceChildren());

it('says why the rows could not be read, and reads them when asked again', async () => {
  let answer: unknown = { ok: false, error: { code: 'data_invalid', message: 'prices.csv: no such file' } };
  Object.assign(window, { studio: { invoke: () => Promise.resolve(answer) } });
  const regression = {
    outputs: ['price'],
    scores: [],
    sampleRows: Int32Array.of(4),
    targets: Float32Array.of(1),
    predictions: Float32Array.of(3),
  };
  const report = { rows: 1, classification: null, regression } as unknown as EvaluationReport;
  const context = { data: { id: fakeId(1) }, report: computed(() => report), output: shallowRef(0) };
  const Page: Component = {
    components: { WorstRowsPanel },
    provide: { [REPORT_CONTEXT as symbol]: context as unknown as ReportContext },
    template: '<WorstRowsPanel />',
  };
  const { byId, root } = mount(Page);
  await vi.waitFor(() => expect(byId('worst-rows').textContent).toContain('prices.csv: no such file'));
  const value = {
    inputs: Float32Array.of(0.5),
    inputShape: [1],
    values: Float32Array.of(7.25),
    featureNames: ['rooms'],
  };
  answer = { ok: true, value };
  [...root.querySelectorAll('button')].find((button) => button.textContent.includes('Try again'))?.click();
  await vi.waitFor(() => expect(byId('prediction').textContent).toContain('7.25'));
  expect(byId('worst-rows').textContent).not.toContain('no such file');
});
