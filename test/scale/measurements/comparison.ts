/** A comparison of 20 long runs: from the click to every curve drawn. */

import { TEST_ID } from '../../e2e/support/test-ids.ts';
import { median, spread, type Measurement } from '../measurement.ts';
import { LONG_RUNS } from '../generated-runs.ts';
import { openSelected, selectLongRuns, withStudio } from '../session.ts';

const OPENINGS = 5;

export const comparison: Measurement = {
  name: 'comparison',
  measure: (database) =>
    withStudio(database, async (studio) => {
      await selectLongRuns(studio);
      const times: number[] = [];
      for (let i = 0; i < OPENINGS; i++) {
        times.push(await openSelected(studio));
        await studio.byId(TEST_ID.navRuns).click();
        await studio.byId('runs-select-all').click();
      }
      return [
        {
          name: `open a comparison of ${LONG_RUNS} runs with 102,000 points each`,
          unit: 'ms',
          value: median(times),
          limit: { atMost: 1000 },
          note: spread(times),
        },
      ];
    }),
};
