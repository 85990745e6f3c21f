import type { StepResult } from './trainer-types.ts';

/** The object a trainer fills anew with every step. */
export function emptyStepResult(): StepResult {
  return {
    step: 0,
    epoch: 0,
    loss: NaN,
    accuracy: NaN,
    lr: NaN,
    rows: 0,
    epochEnded: false,
    diverged: false,
  };
}
