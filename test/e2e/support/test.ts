/** The base of every end-to-end test: starts apps, and afterwards checks that their pages were clean and ends them. */

import { expect, test as base } from '@playwright/test';
import { launchStudio, removeTemporaryFolders, type LaunchOptions, type StudioApp } from './studio-app.ts';

export interface Fixtures {
  /** Starts the app; whatever was started is ended after the test. */
  readonly launch: (options?: LaunchOptions) => Promise<StudioApp>;
}

export const test = base.extend<Fixtures>({
  launch: async ({}, use, info) => {
    const started: StudioApp[] = [];
    await use(async (options) => {
      const studio = await launchStudio(options);
      started.push(studio);
      return studio;
    });
    for (const studio of started) {
      if (info.status !== info.expectedStatus) {
        console.error(`output of the app:\n${studio.output}\nerrors of the page:\n${studio.pageErrors.join('\n')}`);
      }
      await studio.kill();
    }
    await removeTemporaryFolders();
  },
});

/** The page had no error and broke no rule of its content security policy. Call before the app is closed. */
export async function expectCleanPage(studio: StudioApp): Promise<void> {
  expect(await studio.policyViolations()).toEqual([]);
  expect(studio.pageErrors).toEqual([]);
}

export { expect };
