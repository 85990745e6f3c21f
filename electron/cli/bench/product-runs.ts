/** The figures of the product: its runs against the bare engine, and its start. */

import { join } from 'node:path';
import { formatIssue, parseRunSpec } from '../../../engine/spec/run-spec.ts';
import { bareStepsPerSecond, PRODUCT_RUNS, ProductPath } from './product-path.ts';
import { loadKernels } from '../../workers/load-kernels.ts';
import { measureHealthCost } from './health-cost.ts';
import { median, type Result } from './report.ts';

/** Health at its usual rate, on the networks of W1 and W2. */
export function measureHealth(seconds: number, progress: (text: string) => void): Result[] {
  progress('training with and without health, in turns');
  return measureHealthCost(loadKernels().kernels, ['W1', 'W2'], seconds).map(({ workload, shares }) => ({
    peer: 'descent-native',
    workload: `${workload} with health`,
    metric: 'added to a step',
    value: median(shares),
    rounds: shares,
    share: null,
  }));
}

export async function measureProduct(
  script: string,
  root: string,
  rounds: number,
  progress: (text: string) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  const path = new ProductPath(script);
  try {
    progress('start to first step');
    const starts: number[] = [];
    for (let i = 0; i < 2 * rounds + 1; i++) starts.push(await path.secondsToFirstStep());
    results.push({
      peer: 'descent train',
      workload: 'start to first step',
      metric: 's',
      value: median(starts),
      rounds: starts,
      share: null,
    });
    for (const [name, input] of Object.entries(PRODUCT_RUNS)) {
      const parsed = parseRunSpec(input);
      if (!parsed.ok) throw new Error(`bench: ${parsed.issues.map(formatIssue).join('; ')}`);
      const shares: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        progress(`round ${round} of ${rounds}: ${name}, bare engine and command line`);
        const bare = await bareStepsPerSecond(parsed.spec, join(root, 'resources', 'datasets'));
        shares.push((await path.stepsPerSecond(input)) / bare);
      }
      results.push({
        peer: 'descent train',
        workload: name,
        metric: 'share of the bare engine',
        value: median(shares),
        rounds: shares,
        share: null,
      });
    }
  } finally {
    path.close();
  }
  return results;
}
