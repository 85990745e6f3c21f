/** The states a run passes through. */

export const RUN_STATUSES = [
  'queued',
  'running',
  'paused',
  'completed',
  'stopped',
  'diverged',
  'failed',
  'interrupted',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** A run in one of these states has a worker that owns it. */
export const LIVE_STATUSES: readonly RunStatus[] = ['queued', 'running', 'paused'];

/** From these states a run can go on from its last checkpoint. */
export const RESUMABLE_STATUSES: readonly RunStatus[] = ['interrupted', 'stopped', 'paused', 'failed'];
