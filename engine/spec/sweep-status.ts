/** The states sweeps and their trials pass through, and why a trial ended early. */

import type { Message } from './message.ts';

export const SWEEP_STATUSES = [
  'running',
  'paused',
  /** Its process has ended; it goes on when asked to. */
  'interrupted',
  'completed',
  'stopped',
  /** Not one trial got a score. */
  'failed',
] as const;
export type SweepStatus = (typeof SWEEP_STATUSES)[number];

/** A sweep in one of these states has a process that owns it. */
export const LIVE_SWEEP_STATUSES: readonly SweepStatus[] = ['running', 'paused'];

/** `queued` waits for a worker, `interrupted` waits for its sweep to go on. */
export const TRIAL_STATUSES = ['queued', 'running', 'interrupted', 'completed', 'pruned', 'failed'] as const;
export type TrialStatus = (typeof TRIAL_STATUSES)[number];

export const ENDED_TRIAL_STATUSES: readonly TrialStatus[] = ['completed', 'pruned', 'failed'];

/** Why a trial was pruned or failed. `code` names a short text for a cell, which `values` fill; the message says all of it. */
export interface TrialReason extends Message {
  readonly code:
    | 'median'
    | 'rung'
    | 'threshold'
    | 'not-finite'
    | 'stopped'
    | 'diverged'
    | 'worker-died'
    | 'no-score'
    | 'invalid'
    | 'error';
  readonly values: Readonly<Record<string, number>>;
}
