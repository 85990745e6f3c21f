/** How busy the app is, for the status bar. */

import { app } from 'electron';
import { availableParallelism } from 'node:os';
import type { SystemLoad } from '../contract/feed.ts';
import type { RunsLoad } from './services/runs-types.ts';

/** CPU of all processes of the app as a share of all cores since the last call; memory of the process that trains. */
export function systemLoad(runs: RunsLoad, sweepsSaved: boolean): SystemLoad {
  const percent = app.getAppMetrics().reduce((sum, { cpu }) => sum + cpu.percentCPUUsage, 0);
  return {
    cpu: Math.min(1, Math.max(0, percent / 100)),
    memoryBytes: process.memoryUsage.rss(),
    running: runs.running,
    queued: runs.queued,
    workers: runs.workers,
    saved: runs.saved && sweepsSaved,
  };
}

/** Runs trained at once when the person chose nothing: one a core. */
export function defaultWorkers(): number {
  return availableParallelism();
}
