// @vitest-environment happy-dom
/** The evaluation page's request: what is asked when, what is kept, and what stays sealed. */

import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { computed, createApp, defineComponent, h, nextTick, shallowRef } from 'vue';
import { fakeRun } from '../support/fake-runs.ts';
import { i18n } from '../../../renderer/i18n.ts';
import { useReport, type RunReport } from '../../../renderer/views/run/evaluation/use-report.ts';
import type { RunData } from '../../../renderer/views/run/use-run-data.ts';

interface Call {
  readonly channel: string;
  readonly argument: unknown;
}
let calls: Call[] = [];
/** Set to hold reports back until it is called. */
let hold: ((release: () => void) => void) | null = null;
let failing: string | null = null;
let number = 0;

const settle = async (): Promise<void> => {
  for (let i = 0; i < 12; i++) await Promise.resolve();
  await nextTick();
};

beforeEach(() => {
  setActivePinia(createPinia());
  calls = [];
  hold = null;
  failing = null;
  const answer = async (channel: string, argument: unknown): Promise<unknown> => {
    calls.push({ channel, argument });
    if (channel === 'checkpoint:list') return { ok: true, value: [kept(20, 2), kept(40, 4)] };
    if (channel === 'test:open') return { ok: true, value: 3 };
    if (channel !== 'evaluation:report') return { ok: true, value: null };
    if (hold !== null) await new Promise<void>((resolve) => hold?.(resolve));
    if (failing !== null) return { ok: false, error: { code: 'data_invalid', message: failing } };
    return { ok: true, value: { ...(argument as object), step: 0 } };
  };
  Object.defineProperty(window, 'studio', { value: { invoke: answer }, configurable: true });
});

function kept(step: number, epoch: number): object {
  return { step, epoch, savedAt: 0, sizeBytes: 1, sha256: '' };
}

/** A run of 4 epochs of 10 steps, best at the third; its test split holds 30 rows. */
async function openPage(left = false): Promise<RunReport> {
  const summary = fakeRun(++number, { stepsPerEpoch: 10, stepsDone: 40, bestEpoch: 3, bestStep: 30 });
  const detail = {
    summary,
    spec: { training: {}, data: { validation: 0.2 } },
    splitSizes: { train: 90, validation: 20, test: 30 },
    testOpenings: 2,
    checkpoint: null,
  };
  const data = {
    id: summary.id,
    detail: shallowRef(detail),
    summary: computed(() => summary),
    lastStep: computed(() => 40),
    live: computed(() => false),
  } as unknown as RunData;
  let page: RunReport | null = null;
  const Page = defineComponent({
    setup() {
      page = useReport(data);
      return () => h('div');
    },
  });
  const app = createApp(Page);
  app.use(createPinia());
  app.use(i18n);
  app.mount(document.createElement('div'));
  if (left) app.unmount();
  else onTestFinished(() => app.unmount());
  await settle();
  if (page === null) throw new Error('the page was not set up');
  return page;
}
const reports = (): unknown[] => calls.filter((one) => one.channel === 'evaluation:report').map((one) => one.argument);

describe('the report of a page', () => {
  it('is of the best weights and the validation split, and is not asked for twice', async () => {
    const page = await openPage();
    expect(page.phase.value).toBe('ready');
    expect(reports()).toMatchObject([{ split: 'validation', weights: 'best' }]);
    expect(page.options.value.map(({ weights, step, epoch }) => [weights, step, epoch])).toEqual([
      ['best', 30, 3],
      ['last', 40, 4],
      [20, 20, 2],
    ]);
    page.chooseSplit('train');
    await settle();
    page.chooseSplit('validation');
    await settle();
    page.chooseWeights(20);
    await settle();
    expect(reports()).toMatchObject([
      { split: 'validation', weights: 'best' },
      { split: 'train', weights: 'best' },
      { split: 'validation', weights: 20 },
    ]);
    expect(page.report.value).toMatchObject({ split: 'validation', weights: 20 });
  });

  it('leaves the test split sealed until it is opened, again for other weights', async () => {
    const page = await openPage();
    page.chooseSplit('test');
    await settle();
    expect([page.asking.value, page.split.value, page.openings.value]).toEqual([true, 'validation', 2]);
    page.keepSealed();
    expect(reports()).toHaveLength(1);
    page.chooseSplit('test');
    await page.openTest();
    expect(calls.find((one) => one.channel === 'test:open')?.argument).toMatchObject({ step: 30 });
    expect([page.phase.value, page.split.value, page.openings.value]).toEqual(['ready', 'test', 3]);
    page.chooseWeights('last');
    await settle();
    expect(page.phase.value).toBe('sealed');
    expect(reports()).toHaveLength(2);
  });

  it('can be given up; what still comes of it is not shown', async () => {
    const page = await openPage();
    const waiting: (() => void)[] = [];
    hold = (release) => waiting.push(release);
    page.chooseSplit('train');
    await settle();
    expect(page.phase.value).toBe('loading');
    page.cancel();
    await settle();
    expect(page.phase.value).toBe('cancelled');
    expect(calls.filter((one) => one.channel === 'evaluation:cancel')).toHaveLength(1);
    waiting.forEach((release) => release());
    hold = null;
    await settle();
    await page.evaluate();
    expect(page.phase.value).toBe('ready');
  });

  it('is not begun for a page that was left while its checkpoints were read', async () => {
    await openPage(true);
    expect(calls.map((one) => one.channel)).toEqual(['checkpoint:list']);
  });

  it('says why there is none', async () => {
    failing = 'digits.csv: no such file';
    const page = await openPage();
    expect(page.phase.value).toBe('error');
    expect(page.failure.value).toMatchObject({ message: failing });
    failing = null;
    await page.evaluate();
    expect(page.phase.value).toBe('ready');
  });
});
