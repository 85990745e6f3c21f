// @vitest-environment happy-dom
/** How sure the network was: a probability as a percentage, any other score as the number it is. */

import { afterEach, describe, expect, it } from 'vitest';
import { computed, shallowRef, type Component } from 'vue';
import type { ClassificationReport, EvaluationReport } from '../../../electron/contract/evaluation.ts';
import ConfidencePanel from '../../../renderer/views/run/evaluation/ConfidencePanel.vue';
import { REPORT_CONTEXT, type ReportContext } from '../../../renderer/views/run/evaluation/report-context.ts';
import SampleGrid from '../../../renderer/views/run/SampleGrid.vue';
import SampleTable from '../../../renderer/views/run/SampleTable.vue';
import type { Sample } from '../../../renderer/views/run/samples.ts';
import { mount } from '../support/mount.ts';

const samples: Sample[] = [{ row: 3, truth: 0, predicted: 1, confidence: 2.414, inputs: new Float32Array(4) }];

afterEach(() => document.body.replaceChildren());

describe.each([
  [SampleTable, { task: 'classification' }],
  [SampleGrid, { shape: [1, 2, 2], label: 'samples' }],
] as const)('a sample', (component, props) => {
  const text = (confidence: number, probabilities: boolean): string => {
    const list = samples.map((sample) => ({ ...sample, confidence }));
    const given = { ...props, samples: list, classes: ['cat', 'dog'], probabilities };
    return mount(component as Component, given).byId('prediction').textContent;
  };
  it('of a loss with probabilities is so many percent sure', () => expect(text(0.934, true)).toContain('93%'));
  it('of another loss has a score', () => {
    expect(text(2.414, false)).toContain('2.41');
    document.body.replaceChildren();
    expect(text(2.414, false)).not.toContain('%');
  });
});

describe('the confidences of a report', () => {
  const said = (probabilities: boolean): string => {
    const classification = {
      confidences: { edges: Float64Array.of(0, 1), right: Uint32Array.of(1), wrong: Uint32Array.of(2) },
      probabilities,
      truth: Int32Array.of(0, 0, 0),
      predicted: Int32Array.of(0, 1, 1),
      confidence: Float32Array.of(0.95, -1.5, NaN),
    } as unknown as ClassificationReport;
    const report = { rows: 3, classification } as EvaluationReport;
    const context = { report: computed(() => report), fileName: () => '', filter: shallowRef(null) };
    const Page: Component = {
      components: { ConfidencePanel },
      provide: { [REPORT_CONTEXT as symbol]: context as unknown as ReportContext },
      template: '<ConfidencePanel />',
    };
    return mount(Page).byId('confidence').textContent;
  };
  it('say how many rows the network was sure of', () =>
    expect(said(true)).toContain('90% sure of 1 of 3 rows; 0 of those'));
  it('say the range of scores that are no probabilities', () => {
    expect(said(false)).toContain('Scores from −1.5 to 0.95.');
    expect(said(false)).not.toContain('%');
  });
});
