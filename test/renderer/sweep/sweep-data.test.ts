import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import type { FeedFrame } from '../../../electron/contract/feed.ts';
import { packRows } from '../../../electron/contract/packed-rows.ts';
import type { SweepSummary, TrialRow } from '../../../electron/contract/sweeps.ts';
import { useSweepData, type SweepData } from '../../../renderer/views/sweep/use-sweep-data.ts';
import { EMPTY_FRAME } from '../support/empty-frame.ts';
import { fakeTrial, sweepSpec } from './fake-trials.ts';

const id = fakeTrial(0).sweep;

/** The other side of the wire: answers come when the test lets them. */
class Wire {
  readonly waiting: ((trials: readonly TrialRow[]) => void)[] = [];
  #sink: ((frame: FeedFrame) => void) | null = null;
  #seq = 0;

  readonly studio = {
    invoke: (): Promise<unknown> =>
      new Promise((resolve) => {
        this.waiting.push((trials) => {
          const summary = { id, status: 'running' } as SweepSummary;
          const rest = { summary, spec: sweepSpec(), promotions: [], queue: [], rounds: [] };
          resolve({ ok: true, value: { ...rest, trials: packRows(trials) } });
        });
      }),
    openFeed: (onFrame: (frame: FeedFrame) => void) => {
      this.#sink = onFrame;
      return { send: () => undefined, close: () => undefined };
    },
  };

  send(trials: readonly TrialRow[]): void {
    this.#sink?.({ ...EMPTY_FRAME, seq: ++this.#seq, trials });
  }
}

let wire: Wire;
let scope: EffectScope;
let data: SweepData;
const shown = (): string[] => data.trials.value.map(({ number, status }) => `${number} ${status}`);

beforeEach(() => {
  setActivePinia(createPinia());
  wire = new Wire();
  Object.assign(globalThis, { window: { studio: wire.studio } });
  scope = effectScope();
  data = scope.run(() => useSweepData(id)) as SweepData;
});
afterEach(() => scope.stop());

it('keeps what frames brought while the sweep was read', async () => {
  wire.send([fakeTrial(0), fakeTrial(1, { status: 'running' })]);
  wire.waiting[0]?.([fakeTrial(0, { status: 'running' })]);
  await vi.waitFor(() => expect(data.state.value).toBe('ready'));
  expect(shown()).toEqual(['0 completed', '1 running']);
});

it('takes the answer to the last question, whichever comes last', async () => {
  const again = data.load();
  wire.waiting[1]?.([fakeTrial(0)]);
  await again;
  wire.waiting[0]?.([fakeTrial(0, { status: 'running' })]);
  await vi.waitFor(() => expect(data.state.value).toBe('ready'));
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(shown()).toEqual(['0 completed']);
});
