/** Memory of the main process and everything it started, with the table read and with a large comparison open. */

import { memoryOfTree } from '../../support/processes.ts';
import { LONG_RUNS } from '../generated-runs.ts';
import type { Figure, Measurement } from '../measurement.ts';
import { openLongComparison, withStudio } from '../session.ts';

const LIMIT = { atMost: 700 } as const;
/** What was freed is given back by then. */
const SETTLE_MS = 3000;

export const memory: Measurement = {
  name: 'memory',
  measure: (database) =>
    withStudio(database, async (studio) => {
      const figures: Figure[] = [];
      const take = async (name: string): Promise<void> => {
        const before = memoryOfTree(studio.pid);
        await studio.page.waitForTimeout(SETTLE_MS);
        const value = memoryOfTree(studio.pid) / 1e6;
        const note = `${Math.round(before / 1e6)} MB three seconds before`;
        figures.push({ name, unit: 'MB', value, limit: LIMIT, note });
      };
      await take('memory with the runs table open');
      await openLongComparison(studio);
      await take(`memory with a comparison of ${LONG_RUNS} long runs open`);
      return figures;
    }),
};
