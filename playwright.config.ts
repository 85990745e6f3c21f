import { defineConfig } from '@playwright/test';

/** End-to-end tests in the real Electron; `npm test` starts them with a display and the runtime in place. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  // Files side by side, the tests of a file one after the other; `npm test` says how many files.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  projects: [
    { name: 'studio', outputDir: 'test-results/studio', testIgnore: 'responsiveness/**', retries: 0 },
    // Response times depend on what else the machine does: one second chance, as the design allows.
    {
      name: 'responsiveness',
      outputDir: 'test-results/responsiveness',
      testMatch: 'responsiveness/**/*.spec.ts',
      retries: 1,
    },
  ],
});
