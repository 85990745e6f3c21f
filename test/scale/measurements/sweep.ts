/** A sweep of 10,000 finished trials: what its page asks for, and how long the main process is held up by it. */

import type { InvokeArgument, InvokeChannel } from '../../../electron/contract/invoke.ts';
import type { SweepId } from '../../../engine/spec/ids.ts';
import type { StudioApp } from '../../e2e/support/studio-app.ts';
import { SWEEP_ID } from '../generated-sweep.ts';
import { median, spread, type Figure, type Measurement } from '../measurement.ts';
import { SWEEP_TRIALS, withSweep } from '../session.ts';

const READS = 7;

export const sweep: Measurement = {
  name: 'sweep',
  measure: () =>
    withSweep(async (studio) => [
      ...(await figures(studio, 'its leaderboard', 'sweep:get', { id: SWEEP_ID }, 1000)),
      ...(await figures(studio, 'all its curves', 'sweep:curves', curves(SWEEP_ID), 1500)),
      ...(await figures(studio, 'its timeline', 'sweep:timeline', { id: SWEEP_ID }, 1500)),
    ]),
};

function curves(id: SweepId): InvokeArgument<'sweep:curves'> {
  return { id, trials: null, maxPoints: 100 };
}

async function figures<C extends InvokeChannel>(
  studio: StudioApp,
  what: string,
  channel: C,
  argument: InvokeArgument<C>,
  atMost: number,
): Promise<Figure[]> {
  const times: number[] = [];
  const blocks: number[] = [];
  for (let i = 0; i < READS; i++) {
    await watchMain(studio);
    times.push(await timeRequest(studio, channel, argument));
    blocks.push(await longestBlock(studio));
  }
  const name = `a sweep of ${SWEEP_TRIALS.toLocaleString('en')} trials, ${what}`;
  return [
    { name: `${name}: asked for and there`, unit: 'ms', value: median(times), limit: { atMost }, note: spread(times) },
    {
      name: `${name}: the main process held up`,
      unit: 'ms',
      value: median(blocks),
      limit: { atMost: 100 },
      note: spread(blocks),
    },
  ];
}

/** From the page's question to the answer in the page. */
function timeRequest(studio: StudioApp, channel: string, argument: unknown): Promise<number> {
  return studio.page.evaluate(
    async ([name, value]) => {
      const start = performance.now();
      const answer = (await window.studio.invoke(name, value)) as { readonly ok: boolean };
      if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer)}`);
      return performance.now() - start;
    },
    [channel, argument] as const,
  );
}

/** Lets a clock tick in the main process, and remembers its longest pause. */
async function watchMain(studio: StudioApp): Promise<void> {
  await studio.electron.evaluate(() => {
    const watch = { longest: 0, last: performance.now(), timer: undefined as NodeJS.Timeout | undefined };
    watch.timer = setInterval(() => {
      const now = performance.now();
      watch.longest = Math.max(watch.longest, now - watch.last);
      watch.last = now;
    }, 1);
    Reflect.set(globalThis, '__watch', watch);
  });
}

async function longestBlock(studio: StudioApp): Promise<number> {
  return studio.electron.evaluate(() => {
    const watch = Reflect.get(globalThis, '__watch') as { longest: number; timer: NodeJS.Timeout };
    clearInterval(watch.timer);
    return watch.longest;
  });
}
