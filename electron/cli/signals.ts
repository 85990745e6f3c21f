/** Ctrl+C and its like: the first one saves the run, the second one ends the process on the spot. */

import { EXIT } from './exit-status.ts';

export interface Interrupt {
  /** As if a signal had come. */
  readonly raise: () => void;
  /** What to do on a signal from now on. */
  handle(action: () => void): void;
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function onInterrupt(): Interrupt {
  let action: (() => void) | null = null;
  let raised = 0;
  const raise = (): void => {
    raised++;
    // Before anything has begun there is nothing to save.
    if (action === null || raised > 1) process.exit(EXIT.interrupted);
    action();
  };
  for (const signal of SIGNALS) process.on(signal, raise);
  return {
    raise,
    handle: (next) => {
      action = next;
    },
    release: () => {
      for (const signal of SIGNALS) process.off(signal, raise);
    },
  };
}
