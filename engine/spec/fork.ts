/** What a fork may change of its parent's spec. Shapes are checked where the networks are built. */

import { say } from './message.ts';
import type { RunSpec, SpecIssue } from './run-spec.ts';

/** Issues at the fields of `child`; none when it can go on from the parent's state after so many steps and epochs. */
export function forkIssues(
  parent: RunSpec,
  child: RunSpec,
  at: { readonly step: number; readonly epoch: number },
): SpecIssue[] {
  const issues: SpecIssue[] = [];
  for (const field of ['source', 'normalize', 'validation', 'test', 'splitSeed', 'limit'] as const) {
    if (JSON.stringify(parent.data[field]) === JSON.stringify(child.data[field])) continue;
    issues.push({
      path: `data.${field}`,
      ...say`a fork keeps its parent's data and split: expected ${JSON.stringify(parent.data[field])}`,
    });
  }
  if (parent.seed !== child.seed) {
    issues.push({ path: 'seed', ...say`a fork goes on with its parent's generator: expected seed ${parent.seed}` });
  }
  const { epochs, steps } = child.training;
  if (epochs !== undefined && epochs < at.epoch) {
    issues.push({ path: 'training.epochs', ...say`${at.epoch} epochs were done at the fork: expected more` });
  }
  if (steps !== undefined && steps < at.step) {
    issues.push({ path: 'training.steps', ...say`${at.step} steps were done at the fork: expected more` });
  }
  return issues;
}
