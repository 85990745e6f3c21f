/** Whether the disk can take a run, asked before it begins: hours of training should not end at a full disk. */

import { say } from '../../../engine/spec/message.ts';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckedRun } from '../../contract/job-tasks.ts';
import { StudioFailure } from '../../contract/outcome.ts';

/** Weights, two optimizer states and the best epoch's copy, float32. */
const CHECKPOINT_BYTES_PER_PARAMETER = 16;
/** The last and the best checkpoint, each in the database and in its log. */
const CHECKPOINT_COPIES = 4;
/** Loss and accuracy of a batch, with their steps. */
const BYTES_PER_STEP = 16;
/** Runs planned for longer than anybody waits are stopped before this much was logged. */
const MOST_METRIC_BYTES = 1e9;
/** Twice the estimate must be free: other programs write, too. */
const MARGIN = 2;

/** About how many bytes a run will add to the database. */
export function estimateDiskBytes({
  parameters,
  stepsPlanned,
}: Pick<CheckedRun, 'parameters' | 'stepsPlanned'>): number {
  const metrics = Math.min(stepsPlanned * BYTES_PER_STEP, MOST_METRIC_BYTES);
  return parameters * CHECKPOINT_BYTES_PER_PARAMETER * CHECKPOINT_COPIES + metrics;
}

/** Rejects with a StudioFailure (`disk_full`) when the database's disk has too little room for the run. */
export async function checkFreeSpace(
  databasePath: string,
  run: Pick<CheckedRun, 'parameters' | 'stepsPlanned'>,
): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(databasePath));
  const needed = estimateDiskBytes(run) * MARGIN;
  const free = bavail * bsize;
  if (needed <= free) return;
  throw new StudioFailure({
    code: 'disk_full',
    ...say`the run may write ${megabytes(needed)} to ${dirname(databasePath)}, ${megabytes(free)} are free there`,
  });
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
