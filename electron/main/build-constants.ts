/** Facts fixed when the app is built; scripts/build.mjs replaces the names. */

declare const __TEST_BUILD__: boolean | undefined;

/** True only in a package built for tests: it may be driven through Chromium's debugging port. */
export const TEST_BUILD: boolean = typeof __TEST_BUILD__ === 'boolean' && __TEST_BUILD__;
