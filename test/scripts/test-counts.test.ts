import { describe, expect, it } from 'vitest';
import { countPlaywright, countVitest, countsLine, sumCounts } from '../../scripts/bootstrap/test-counts.mjs';

describe('the line at the end of npm test', () => {
  it('leaves skipped tests out where there are none', () => {
    expect(countsLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(countsLine({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped');
  });

  it('counts a test file that could not be loaded as a failure', () => {
    const report = {
      numPassedTests: 4,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 0,
      testResults: [
        { status: 'passed', assertionResults: [{ status: 'passed' }] },
        { status: 'failed', assertionResults: [{ status: 'failed' }] },
        { status: 'failed', assertionResults: [] },
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 4, failed: 2, skipped: 2 });
  });

  it('counts a test that passed at its second chance as passed, and errors outside of tests', () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 0 }, errors: [{ message: 'x' }] };
    expect(countPlaywright(report)).toEqual({ passed: 6, failed: 2, skipped: 0 });
  });

  it('never says 0 failed when a runner failed', () => {
    const fine = { passed: 3, failed: 0, skipped: 0 };
    expect(sumCounts([{ counts: fine, status: 0 }])).toEqual(fine);
    expect(sumCounts([{ counts: fine, status: 1 }])).toEqual({ ...fine, failed: 1 });
    expect(sumCounts([{ counts: null, status: 0 }])).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(
      sumCounts([
        { counts: { ...fine, failed: 2 }, status: 1 },
        { counts: fine, status: 0 },
      ]),
    ).toEqual({ passed: 6, failed: 2, skipped: 0 });
  });
});
