import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

/** Unit, architecture, store and script tests, on plain Node; test/e2e belongs to Playwright, test/bench to `npm run bench`. */
export default defineConfig({
  plugins: [vue()],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'test/bench/**'],
    environment: 'node',
    // Processes, not threads: tests load native addons, start workers of their own and end processes.
    pool: 'forks',
    // Many tests wait for programs they start: a file a core, where the default leaves one idle.
    maxWorkers: '100%',
    // Two busy cores make an honest test slow, not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
