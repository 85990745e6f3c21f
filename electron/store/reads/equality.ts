/** Whether two runs are the same number for number: every logged value and every bin. */

import { say, word, type Message } from '../../../engine/spec/message.ts';
import { HISTOGRAM_KINDS, type HistogramFrame } from '../../../engine/spec/histogram.ts';
import type { HealthSamples } from '../../../engine/spec/health.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { METRIC_IDS, SPLITS, type Curve } from '../../../engine/spec/metric.ts';
import type { RunEquality } from '../../contract/runs.ts';
import type { ReadableDatabase } from '../database.ts';
import { readCurve } from './curves.ts';
import { readHealth } from './health.ts';
import { readHistograms } from './histograms.ts';
import { runNumber } from './runs.ts';

type Difference = NonNullable<RunEquality['difference']>;

/** Speeds depend on the machine's mood and are left out. */
const COMPARED = METRIC_IDS.filter((metric) => metric !== 'samples-per-second');

/**
 * Compares the curves of two runs, their histograms, health and last weights bit for bit, speed left out. Throws a
 * StudioFailure (`not_found`, `database_damaged`).
 */
export function compareRuns(db: ReadableDatabase, id: RunId, other: RunId): RunEquality {
  let compared = 0;
  let first: Difference | null = null;
  const note = (count: number, difference: Difference | null): void => {
    compared += count;
    if (difference !== null && (first === null || difference.step < first.step)) first = difference;
  };
  for (const metric of COMPARED) {
    for (const split of SPLITS) {
      const [own, its] = [id, other].map((run) => readCurve(db, { id: run, metric, split, maxPoints: null }));
      note(
        Math.max(own!.steps.length, its!.steps.length),
        curveDifference(own!, its!, say`${word(metric)}, ${word(split)}`),
      );
    }
  }
  for (const kind of HISTOGRAM_KINDS) {
    const [own, its] = [id, other].map((run) => readHistograms(db, { id: run, kind, maxSteps: null }));
    note(bins(own!), histogramDifference(own!, its!));
  }
  const [ownHealth, itsHealth] = [id, other].map((run) => readHealth(db, { id: run, maxSamples: null }));
  note(ownHealth!.values.length, healthDifference(ownHealth!, itsHealth!));
  const difference: Difference | null = first;
  const [ownWeights, itsWeights] = [id, other].map((run) => weightsOf(db, run));
  const sameWeights = ownWeights === null || itsWeights === null ? null : ownWeights === itsWeights;
  return { compared, difference, sameWeights, identical: difference === null && sameWeights !== false };
}

function curveDifference(own: Curve, other: Curve, what: Message): Difference | null {
  let a = 0;
  let b = 0;
  while (a < own.steps.length || b < other.steps.length) {
    const left = own.steps[a] ?? Infinity;
    const right = other.steps[b] ?? Infinity;
    const [mine, its] = [left <= right ? own.values[a]! : null, right <= left ? other.values[b]! : null];
    if (left !== right || !Object.is(mine, its)) return { step: Math.min(left, right), what, own: mine, other: its };
    a++;
    b++;
  }
  return null;
}

function histogramDifference(own: readonly HistogramFrame[], other: readonly HistogramFrame[]): Difference | null {
  for (let i = 0; i < Math.max(own.length, other.length); i++) {
    const [mine, its] = [own[i], other[i]];
    if (mine !== undefined && its !== undefined && sameFrame(mine, its)) continue;
    const frame = (mine?.step ?? Infinity) <= (its?.step ?? Infinity) ? mine : its;
    if (frame === undefined) return null;
    return { step: frame.step, what: say`${word(frame.kind)} of ${frame.layerName}`, own: null, other: null };
  }
  return null;
}

function healthDifference(own: HealthSamples, other: HealthSamples): Difference | null {
  const [mine, its] = [own, other].map(({ steps, values }) => [...steps, ...values]);
  const at = mine!.findIndex((value, i) => !Object.is(value, its![i]));
  if (at < 0 && mine!.length === its!.length) return null;
  const width = Math.max(1, own.values.length / Math.max(1, own.steps.length));
  const sample = at < own.steps.length ? at : Math.floor((at - own.steps.length) / width);
  return { step: own.steps[sample] ?? other.steps[0] ?? 0, what: word('health of the layers'), own: null, other: null };
}

function sameFrame(a: HistogramFrame, b: HistogramFrame): boolean {
  const numbers = ({ step, layer, below, above, nonFinite, mean, std, edges, counts }: HistogramFrame): number[] => {
    return [step, layer, below, above, nonFinite, mean, std, ...edges, ...counts];
  };
  const [mine, its] = [numbers(a), numbers(b)];
  return mine.length === its.length && mine.every((value, i) => Object.is(value, its[i]));
}

function bins(frames: readonly HistogramFrame[]): number {
  return frames.reduce((sum, { counts }) => sum + counts.length, 0);
}

function weightsOf(db: ReadableDatabase, id: RunId): string | null {
  const row = db.get<{ weights_sha256: string | null }>('SELECT weights_sha256 FROM run WHERE number = ?', [
    runNumber(db, id),
  ]);
  return row?.weights_sha256 ?? null;
}
