/** What the charts of a sweep draw: curves of many trials at once, and when which worker trained what. */

import type { SweepSpec } from '../../../engine/spec/sweep-spec.ts';
import type { TrialCurves } from '../../contract/sweep-requests.ts';
import type { TrialSpan } from '../../contract/sweeps.ts';
import type { ReadableDatabase } from '../database.ts';
import { thinPositions } from './reduce-curve.ts';

interface PointRow {
  readonly trial: number;
  readonly epoch: number;
  /** NULL stands for NaN. */
  readonly value: number | null;
}

/** The objective of each trial's first repeat, from its newest run. */
export function readTrialCurves(
  db: ReadableDatabase,
  sweep: number,
  { objective: { metric, split } }: Pick<SweepSpec, 'objective'>,
  trials: readonly number[] | null,
  maxPoints: number,
): TrialCurves {
  const some = trials === null ? '' : 'AND trial.number IN (SELECT value FROM json_each(:trials))';
  const points = db.all<PointRow>(
    `SELECT trial.number AS trial, epoch, ${split}_${metric} AS value
     FROM trial JOIN trial_report ON trial_report.run =
       (SELECT max(number) FROM run WHERE run.trial = trial.id AND run.repeat = 0)
     WHERE trial.sweep = :sweep ${some} ORDER BY trial.number, epoch`,
    { sweep, ...(trials === null ? {} : { trials: JSON.stringify(trials) }) },
  );
  return thinned(points, maxPoints);
}

function thinned(points: readonly PointRow[], maxPoints: number): TrialCurves {
  const [trials, offsets, kept]: [number[], number[], PointRow[]] = [[], [0], []];
  for (let from = 0; from < points.length;) {
    const { trial } = points[from] as PointRow;
    let to = from + 1;
    while (points[to]?.trial === trial) to++;
    const curve = points.slice(from, to);
    const values = Float64Array.from(curve, ({ value }) => value ?? NaN);
    for (const i of thinPositions(values, maxPoints)) kept.push(curve[i] as PointRow);
    trials.push(trial);
    offsets.push(kept.length);
    from = to;
  }
  return {
    trials: Int32Array.from(trials),
    offsets: Int32Array.from(offsets),
    epochs: Int32Array.from(kept, ({ epoch }) => epoch),
    values: Float64Array.from(kept, ({ value }) => value ?? NaN),
  };
}

/** By start. */
export function readTimeline(db: ReadableDatabase, sweep: number): TrialSpan[] {
  return db.all<TrialSpan>(
    `SELECT trial.number AS trial, run.repeat, worker, trial_span.started_at AS "from", trial_span.ended_at AS "to"
     FROM trial JOIN run ON run.trial = trial.id JOIN trial_span ON trial_span.run = run.number
     WHERE trial.sweep = ? ORDER BY trial_span.started_at, trial.number`,
    [sweep],
  );
}
