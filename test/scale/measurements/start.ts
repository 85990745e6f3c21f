/** From the start of the process to a row of the table that answers a click. */

import { performance } from 'node:perf_hooks';
import { launchStudio } from '../../e2e/support/studio-app.ts';
import { TEST_ID } from '../../e2e/support/test-ids.ts';
import { median, spread, type Measurement } from '../measurement.ts';
import { homeWith } from '../session.ts';

const STARTS = 5;

export const start: Measurement = {
  name: 'start',
  measure: async (database) => {
    const home = await homeWith(database);
    const times: number[] = [];
    for (let i = 0; i < STARTS; i++) times.push(await timeStart(home));
    return [
      {
        name: 'start to a runs table that answers a click',
        unit: 'ms',
        value: median(times),
        limit: { atMost: 2000 },
        note: spread(times),
      },
    ];
  },
};

/** Playwright's own part (it holds the app back until it is connected) is in it. */
async function timeStart(home: string): Promise<number> {
  const before = performance.timeOrigin + performance.now();
  const studio = await launchStudio({ home });
  try {
    const row = studio.byId(TEST_ID.runRow).first();
    const answered = studio.page.evaluate(
      ([id]) =>
        new Promise<number>((resolve) => {
          const look = (): void => {
            if (document.querySelector(`[data-testid="${id}"].cursor`) === null) requestAnimationFrame(look);
            else requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
          };
          look();
        }),
      [TEST_ID.runRow] as const,
    );
    await row.click({ position: { x: 500, y: 12 } });
    return (await answered) - before;
  } finally {
    await studio.close();
  }
}
