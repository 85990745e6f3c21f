/**
 * How many tests ended how.
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 *
 * The parts of the runners' reports that are read.
 *
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} [numTodoTests]
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults one a file
 *
 * @typedef {object} PlaywrightReport
 * @property {{ expected: number, unexpected: number, flaky: number, skipped: number }} stats
 * @property {unknown[]} errors what went wrong outside of tests
 */

/**
 * Counts of Vitest's JSON report. A file that could not even be loaded counts as one failure.
 *
 * @param {VitestReport} report
 * @returns {Counts}
 */
export function countVitest(report) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

/**
 * Counts of Playwright's JSON report. A test that passed at its allowed second chance passed; errors outside of tests
 * count as failures.
 *
 * @param {PlaywrightReport} report
 * @returns {Counts}
 */
export function countPlaywright(report) {
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected + flaky, failed: unexpected + report.errors.length, skipped };
}

/**
 * Adds up; a runner that failed without a failed test (it crashed, or found no tests) counts as one failure.
 *
 * @param {readonly { counts: Counts | null, status: number }[]} runs counts: null when the runner left no report
 * @returns {Counts}
 */
export function sumCounts(runs) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { counts, status } of runs) {
    total.passed += counts?.passed ?? 0;
    total.skipped += counts?.skipped ?? 0;
    const failed = counts?.failed ?? 0;
    total.failed += failed === 0 && (status !== 0 || counts === null) ? 1 : failed;
  }
  return total;
}

/**
 * "12 passed, 0 failed", with the skipped ones where there are any.
 *
 * @param {Counts} counts
 */
export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
