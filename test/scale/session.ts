/** The real app on a copy of the generated database, with its home folder thrown away afterwards. */

import { fileURLToPath } from 'node:url';
import { timeAnswer } from './answers.ts';
import { launchStudio, temporaryFolder, type StudioApp } from '../e2e/support/studio-app.ts';
import { TEST_ID } from '../e2e/support/test-ids.ts';
import { putInHome, type GeneratedDatabase } from './database.ts';
import { LONG_RUNS, LONG_TAG } from './generated-runs.ts';
import { generateSweep } from './generated-sweep.ts';

export const SWEEP_TRIALS = 10_000;
const SWEEP_FOLDER = fileURLToPath(new URL('../../out/scale-sweep', import.meta.url));

/** A home with the database in it, and Chromium's profile made, as after a first start. */
export async function homeWith(database: GeneratedDatabase): Promise<string> {
  const home = await temporaryFolder();
  putInHome(database, home);
  const first = await launchStudio({ home });
  await first.byId(TEST_ID.runRow).first().waitFor();
  await first.close();
  return home;
}

export function withStudio<T>(database: GeneratedDatabase, use: (studio: StudioApp) => Promise<T>): Promise<T> {
  return withApp(database, TEST_ID.runRow, use);
}

/** The app on one sweep of ten thousand finished trials, which is made unless it is there. */
export function withSweep<T>(use: (studio: StudioApp) => Promise<T>): Promise<T> {
  const database = generateSweep(SWEEP_FOLDER, SWEEP_TRIALS, (written) =>
    console.error(`making the sweep: ${written} of ${SWEEP_TRIALS} trials`),
  );
  return withApp(database, TEST_ID.navRuns, use);
}

/** `ready` is the test id of what shows that the app can be used. */
async function withApp<T>(
  database: GeneratedDatabase,
  ready: string,
  use: (studio: StudioApp) => Promise<T>,
): Promise<T> {
  const home = await temporaryFolder();
  putInHome(database, home);
  const studio = await launchStudio({ home });
  try {
    await studio.byId(ready).first().waitFor();
    return await use(studio);
  } finally {
    await studio.kill();
  }
}

/** Selects the long runs in the table, as a person would: by their tag. */
export async function selectLongRuns(studio: StudioApp): Promise<void> {
  await studio.byId(TEST_ID.runsSearch).fill(`tag:${LONG_TAG}`);
  await studio.page.waitForFunction(
    ([id, count]) => document.querySelector(`[data-testid="${id}"]`)?.getAttribute('data-value') === count,
    [TEST_ID.runsCount, String(LONG_RUNS)] as const,
  );
  await studio.byId('runs-select-all').click();
  await studio.byId(TEST_ID.selectionCompare).waitFor();
}

/** Both charts describe every lane by its value; a lane whose curve has not come yet reads as a dash. */
const CURVES_DRAWN = {
  selector: `[data-testid="${TEST_ID.compareTraining}"] .overlay, [data-testid="${TEST_ID.compareValidation}"] .overlay`,
  attribute: 'aria-label',
  wanted: /^[^–]*\d[^–]* [^–]*\d[^–]*$/,
} as const;

/** Opens the comparison of the selected runs; gives the milliseconds from the click to every curve drawn. */
export function openSelected(studio: StudioApp): Promise<number> {
  return timeAnswer(studio.page, 'click', CURVES_DRAWN, () => studio.byId(TEST_ID.selectionCompare).click());
}

export async function openLongComparison(studio: StudioApp): Promise<void> {
  await selectLongRuns(studio);
  await openSelected(studio);
}
