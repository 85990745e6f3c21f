/** A sweep of ten thousand finished trials: its page, and each chart of the analysis from the click to the picture. */

import type { StudioApp } from '../../e2e/support/studio-app.ts';
import { TEST_ID } from '../../e2e/support/test-ids.ts';
import { timeAnswer, type Sight } from '../answers.ts';
import { SWEEP_ID } from '../generated-sweep.ts';
import { median, spread, type Figure, type Measurement } from '../measurement.ts';
import { withSweep } from '../session.ts';

const ROUNDS = 3;
const CHART = { atMost: 1500 } as const;

/** A chart is there when its canvas is: it is drawn in the same task. */
const canvasOf = (id: string): Sight => ({
  selector: `section[data-testid="${id}"] canvas`,
  attribute: 'data-zr-dom-id',
  wanted: /zr/,
});
/** Importance is worked out first; its picture says every share in words. */
const SHARES: Sight = {
  selector: 'section[data-testid="analysis-importance-panel"] [role="img"]',
  attribute: 'aria-label',
  wanted: /±/,
};
const VIEWS: readonly (readonly [view: string, sight: Sight])[] = [
  ['curves', canvasOf('analysis-curves')],
  ['timeline', canvasOf('analysis-timeline')],
  ['history', canvasOf('analysis-history')],
  ['slices', canvasOf('analysis-slices')],
  ['scatter', canvasOf('analysis-scatter')],
  ['contour', canvasOf('analysis-contour')],
  ['importance', SHARES],
];

export const sweepCharts: Measurement = {
  name: 'sweep-charts',
  measure: () => withSweep(async (studio) => [...(await opening(studio)), ...(await charts(studio))]),
};

/** From the change of page to the rows of the leaderboard, and to the parallel coordinates, which are always shown. */
async function opening({ page }: StudioApp): Promise<Figure[]> {
  const leaderboard: number[] = [];
  const parallel: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const [rows = NaN, lines = NaN] = await page.evaluate(
      ([id, ...selectors]) => {
        const start = performance.now();
        location.hash = `#/sweeps/${id}`;
        const seen = (selector: string): Promise<number> =>
          new Promise((resolve) => {
            const look = (): void => {
              const there = document.querySelector(selector) !== null;
              requestAnimationFrame(there ? () => resolve(performance.now() - start) : look);
            };
            look();
          });
        return Promise.all(selectors.map(seen));
      },
      [SWEEP_ID, `[data-testid="${TEST_ID.trialRow}"]`, 'section[data-testid="analysis-parallel"] canvas'] as const,
    );
    leaderboard.push(rows);
    parallel.push(lines);
    await page.evaluate(() => (location.hash = '#/'));
    await page.waitForFunction(
      (id) => document.querySelector(`[data-testid="${id}"]`) === null,
      TEST_ID.trialRow as string,
    );
  }
  return [
    {
      name: 'open the leaderboard of 10,000 trials',
      unit: 'ms',
      value: median(leaderboard),
      limit: { atMost: 2000 },
      note: spread(leaderboard),
    },
    {
      name: 'parallel coordinates of 10,000 trials, the whole page with them',
      unit: 'ms',
      value: median(parallel),
      limit: CHART,
      note: spread(parallel),
    },
  ];
}

async function charts(studio: StudioApp): Promise<Figure[]> {
  const { page } = studio;
  await page.evaluate((id) => (location.hash = `#/sweeps/${id}`), SWEEP_ID);
  await studio.byId('analysis-history').first().waitFor();
  await page.waitForTimeout(3000);
  const times = new Map<string, number[]>(VIEWS.map(([view]) => [view, []]));
  for (let i = 0; i < ROUNDS; i++) {
    for (const [view, sight] of VIEWS) {
      const tab = page.locator(`[data-testid="analysis-view-${view}"]`);
      times.get(view)?.push(await timeAnswer(page, 'click', sight, () => tab.click()));
      await page.waitForTimeout(300);
    }
  }
  return [...times].map(([view, list]) => {
    const name = `${view} of 10,000 trials`;
    return { name, unit: 'ms', value: median(list), limit: CHART, note: spread(list) };
  });
}
