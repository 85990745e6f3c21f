/** A comparison of 20 long runs: from the click to every curve drawn. */

import { TEST_ID } from '../../e2e/support/test-ids.ts';
import { timeAnswer } from '../answers.ts';
import { median, spread, type Measurement } from '../measurement.ts';
import { LONG_RUNS } from '../generated-runs.ts';
import { selectLongRuns, withStudio } from '../session.ts';

const OPENINGS = 5;

export const comparison: Measurement = {
  name: 'comparison',
  measure: (database) =>
    withStudio(database, async (studio) => {
      await selectLongRuns(studio);
      const times: number[] = [];
      for (let i = 0; i < OPENINGS; i++) {
        times.push(
          await timeAnswer(studio.page, 'click', CURVES_DRAWN, () => studio.byId(TEST_ID.selectionCompare).click()),
        );
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

/** Both charts describe every lane by its value; a lane whose curve has not come yet reads as a dash. */
export const CURVES_DRAWN = {
  selector: `[data-testid="${TEST_ID.compareTraining}"] .overlay, [data-testid="${TEST_ID.compareValidation}"] .overlay`,
  attribute: 'aria-label',
  wanted: /^[^–]*\d[^–]* [^–]*\d[^–]*$/,
} as const;
