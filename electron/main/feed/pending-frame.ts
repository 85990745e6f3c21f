/** What has happened since a window's last frame, put together so that a slow window gets fewer, larger frames. */

import type { FeedFrame, Notice, SystemLoad } from '../../contract/feed.ts';
import type { RunProgress, RunSummary } from '../../contract/runs.ts';
import type { SweepSummary, TrialReport, TrialRow } from '../../contract/sweeps.ts';
import { mergeHealth, type HealthChunk } from '../../../engine/spec/health.ts';
import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import type { RunId, SweepId } from '../../../engine/spec/ids.ts';
import type { MetricChunk } from '../../../engine/spec/metric.ts';
import { HistogramThinning } from './histogram-thinning.ts';

/** A page that takes nothing for so long that this much waits is told to read again (a gap in the numbers). */
const LIMIT = { points: 2_000_000, histograms: 100_000, reports: 200_000 } as const;

export class PendingFrame {
  readonly #runs = new Map<RunId, RunSummary>();
  readonly #purged = new Set<RunId>();
  readonly #progress = new Map<RunId, RunProgress>();
  readonly #chunks = new Map<string, MetricChunk[]>();
  readonly #health = new Map<RunId, HealthChunk[]>();
  readonly #sweeps = new Map<SweepId, SweepSummary>();
  readonly #purgedSweeps = new Set<SweepId>();
  readonly #trials = new Map<string, TrialRow>();
  readonly #thinning = new HistogramThinning();
  #histograms: HistogramFrame[] = [];
  #reports: TrialReport[] = [];
  #notices: Notice[] = [];
  #system: SystemLoad | null = null;
  #points = 0;
  /** True when points were let go of since the last frame. */
  #spilled = false;
  #seq = 0;

  addRun(summary: RunSummary): void {
    this.#runs.set(summary.id, summary);
  }

  addPurged(id: RunId): void {
    this.#runs.delete(id);
    this.#progress.delete(id);
    this.#purged.add(id);
  }

  addProgress(progress: RunProgress): void {
    this.#progress.set(progress.id, progress);
  }

  addChunk(chunk: MetricChunk): void {
    const key = `${chunk.runId} ${chunk.metric} ${chunk.split}`;
    const list = this.#chunks.get(key);
    if (list === undefined) this.#chunks.set(key, [chunk]);
    else list.push(chunk);
    this.#points += chunk.steps.length;
    this.#spill();
  }

  addHealth(chunk: HealthChunk): void {
    const list = this.#health.get(chunk.runId);
    if (list === undefined) this.#health.set(chunk.runId, [chunk]);
    else list.push(chunk);
    this.#points += chunk.values.length;
    this.#spill();
  }

  addHistogram(frame: HistogramFrame): void {
    this.#histograms.push(frame);
    this.#spill();
  }

  addSweep(summary: SweepSummary): void {
    this.#sweeps.set(summary.id, summary);
  }

  addPurgedSweep(id: SweepId): void {
    this.#sweeps.delete(id);
    this.#purgedSweeps.add(id);
  }

  addTrial(row: TrialRow): void {
    this.#trials.set(`${row.sweep} ${row.number}`, row);
  }

  addReport(report: TrialReport): void {
    this.#reports.push(report);
    this.#spill();
  }

  /** Lets go of what has become too much, however long the window takes nothing: it reads again anyway. */
  #spill(): void {
    const tooMuch =
      this.#points > LIMIT.points || this.#histograms.length > LIMIT.histograms || this.#reports.length > LIMIT.reports;
    if (!tooMuch) return;
    this.#spilled = true;
    this.#clearPoints();
  }

  #clearPoints(): void {
    this.#chunks.clear();
    this.#health.clear();
    this.#histograms = [];
    this.#reports = [];
    this.#points = 0;
  }

  addNotice(notice: Notice): void {
    this.#notices.push(notice);
  }

  setSystem(system: SystemLoad): void {
    this.#system = system;
  }

  get isEmpty(): boolean {
    return (
      this.#runs.size === 0 &&
      this.#purged.size === 0 &&
      this.#progress.size === 0 &&
      this.#chunks.size === 0 &&
      this.#health.size === 0 &&
      this.#histograms.length === 0 &&
      this.#sweeps.size === 0 &&
      this.#purgedSweeps.size === 0 &&
      this.#trials.size === 0 &&
      this.#reports.length === 0 &&
      this.#notices.length === 0 &&
      this.#system === null
    );
  }

  /** The next frame; afterwards nothing is pending. A frame that skips a number says that points were left out. */
  take(): FeedFrame {
    this.#seq += this.#spilled ? 2 : 1;
    const frame: FeedFrame = {
      seq: this.#seq,
      runs: [...this.#runs.values()],
      purged: [...this.#purged],
      progress: [...this.#progress.values()],
      chunks: [...this.#chunks.values()].map(joinChunks),
      health: [...this.#health.values()].map(mergeHealth),
      histograms: this.#thinning.take(this.#histograms),
      sweeps: [...this.#sweeps.values()],
      purgedSweeps: [...this.#purgedSweeps],
      trials: [...this.#trials.values()],
      reports: this.#reports,
      notices: this.#notices,
      system: this.#system,
    };
    this.#runs.clear();
    this.#purged.clear();
    this.#progress.clear();
    this.#clearPoints();
    this.#spilled = false;
    this.#sweeps.clear();
    this.#purgedSweeps.clear();
    this.#trials.clear();
    this.#notices = [];
    this.#system = null;
    return frame;
  }
}

/** One chunk of the points of several, which belong to the same curve and come in order. */
export function joinChunks(chunks: readonly MetricChunk[]): MetricChunk {
  const [first] = chunks;
  const last = chunks.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('joinChunks: expected at least one chunk');
  if (first === last) return first;
  const total = chunks.reduce((sum, chunk) => sum + chunk.steps.length, 0);
  const steps = new Int32Array(total);
  const values = new Float32Array(total);
  let at = 0;
  for (const chunk of chunks) {
    steps.set(chunk.steps, at);
    values.set(chunk.values, at);
    at += chunk.steps.length;
  }
  return { ...first, steps, values, startMs: first.startMs, endMs: last.endMs };
}
