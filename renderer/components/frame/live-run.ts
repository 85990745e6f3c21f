/** What the frame says about a run that trains: how far, and how long still. */

import type { RunProgress, RunSummary } from '../../../electron/contract/runs.ts';

export interface LiveRunState {
  /** 0 to 1. */
  readonly share: number;
  /** Epoch under way, from 1. */
  readonly epoch: number;
  readonly leftMs: number | null;
}

/** Joins the row with the newest progress, which is up to a second ahead of it. */
export function liveRunState(row: RunSummary, progress: RunProgress | undefined): LiveRunState {
  const step = progress?.step ?? row.stepsDone;
  const share = row.stepsPlanned > 0 ? Math.min(1, step / row.stepsPlanned) : 0;
  const done = row.stepsPerEpoch > 0 ? Math.floor(step / row.stepsPerEpoch) : row.epochsDone;
  const epoch = Math.min(Math.max(1, row.epochsPlanned), done + (share < 1 ? 1 : 0));
  return { share, epoch, leftMs: progress?.leftMs ?? null };
}
