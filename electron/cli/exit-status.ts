/** How the command line ends, and why. */

import type { RunStatus } from '../../engine/spec/run-status.ts';
import type { StudioError, StudioErrorCode } from '../contract/outcome.ts';

export const EXIT = { done: 0, failed: 1, badInput: 2, diverged: 3, interrupted: 130 } as const;

/** Errors that are nobody's input: the program itself failed. */
const OWN_FAULTS: readonly StudioErrorCode[] = ['internal', 'worker_died'];

export function statusOfError({ code }: StudioError): number {
  if (code === 'cancelled') return EXIT.interrupted;
  return OWN_FAULTS.includes(code) ? EXIT.failed : EXIT.badInput;
}

export function statusOfRun(status: RunStatus): number {
  if (status === 'completed' || status === 'stopped') return EXIT.done;
  if (status === 'diverged') return EXIT.diverged;
  return status === 'interrupted' ? EXIT.interrupted : EXIT.failed;
}
