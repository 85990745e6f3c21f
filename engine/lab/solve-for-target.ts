/** Running a graph backwards to find the inputs that give a wanted result: what training does, with one number. */

import { backward, forward, type Node } from './computation-graph.ts';

export interface SolveOptions {
  readonly target: number;
  /** Stops when the result is this close. */
  readonly tolerance: number;
  /** `once` keeps the slopes of the first round: cheaper, more rounds. @default 'every-round' */
  readonly slopes?: 'once' | 'every-round';
  /** @default 100 */
  readonly mostRounds?: number;
}

/** One round: the variables, the result they give, and how far that is from the target. */
export interface SolveRound {
  readonly values: readonly number[];
  readonly result: number;
  readonly error: number;
}

/**
 * Each of the n variables takes back its nth of the error: v ← v − error/(n·∂z/∂v). With one variable and fresh
 * slopes this is Newton's method. Returns every round, the start first; the last one is within the tolerance unless the rounds ran out.
 * The variables keep their last values.
 */
export function solveForTarget(end: Node, variables: readonly Node[], options: SolveOptions): SolveRound[] {
  const rounds: SolveRound[] = [];
  for (let i = 0; i <= (options.mostRounds ?? 100); i++) {
    const result = forward(end);
    const error = result - options.target;
    rounds.push({ values: variables.map(({ value }) => value), result, error });
    if (Math.abs(error) <= options.tolerance) break;
    if (i === 0 || options.slopes !== 'once') backward(end);
    for (const node of variables) node.value -= error / (variables.length * node.gradient);
  }
  return rounds;
}
