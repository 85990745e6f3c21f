/** Collects a run's figures in columns and hands them out as chunks. Nothing is allocated between two chunks. */

import type { HealthChunk } from '../spec/health.ts';
import type { RunId } from '../spec/ids.ts';
import type { MetricChunk, MetricId, Split } from '../spec/metric.ts';
import type { EpochResult, Score, StepResult, Trainer } from './trainer-types.ts';

/** A chunk is closed this long after its first point… */
export const CHUNK_MS = 100;
/** …or when a column holds this many. */
export const CHUNK_POINTS = 512;
/** Room for samples of health between two chunks at the usual rate. */
const HEALTH_SAMPLES = 16;

/** Points of one metric and split. Grows only when nobody takes the chunks. */
class Column {
  readonly metric: MetricId;
  readonly split: Split;
  #steps = new Int32Array(CHUNK_POINTS);
  #values = new Float32Array(CHUNK_POINTS);
  #length = 0;
  #startMs = 0;
  #endMs = 0;

  constructor(metric: MetricId, split: Split) {
    this.metric = metric;
    this.split = split;
  }

  get length(): number {
    return this.#length;
  }
  get startMs(): number {
    return this.#startMs;
  }

  push(step: number, value: number, elapsedMs: number): void {
    if (this.#length === this.#steps.length) this.#grow();
    if (this.#length === 0) this.#startMs = elapsedMs;
    this.#steps[this.#length] = step;
    this.#values[this.#length] = value;
    this.#length++;
    this.#endMs = elapsedMs;
  }

  /** The points so far as a chunk of its own; the column starts anew. null when it is empty. */
  close(runId: RunId): MetricChunk | null {
    if (this.#length === 0) return null;
    const steps = this.#steps.slice(0, this.#length);
    const values = this.#values.slice(0, this.#length);
    this.#length = 0;
    return { runId, metric: this.metric, split: this.split, steps, values, startMs: this.#startMs, endMs: this.#endMs };
  }

  #grow(): void {
    const steps = new Int32Array(2 * this.#steps.length);
    const values = new Float32Array(steps.length);
    steps.set(this.#steps);
    values.set(this.#values);
    this.#steps = steps;
    this.#values = values;
  }
}

/** Samples of the layers' health, a row of figures each. Grows only when nobody takes the chunks. */
class HealthRows {
  #steps = new Int32Array(HEALTH_SAMPLES);
  #values = new Float32Array(0);
  #length = 0;
  #width = 0;
  #startMs = 0;
  #endMs = 0;

  push(step: number, row: Float32Array, elapsedMs: number): void {
    this.#width = row.length;
    if (this.#length === this.#steps.length) this.#grow();
    const needed = this.#steps.length * this.#width;
    if (this.#values.length < needed) this.#values = resized(this.#values, needed);
    if (this.#length === 0) this.#startMs = elapsedMs;
    this.#steps[this.#length] = step;
    this.#values.set(row, this.#length * this.#width);
    this.#length++;
    this.#endMs = elapsedMs;
  }

  close(runId: RunId): HealthChunk | null {
    if (this.#length === 0) return null;
    const steps = this.#steps.slice(0, this.#length);
    const values = this.#values.slice(0, this.#length * this.#width);
    this.#length = 0;
    return { runId, steps, values, startMs: this.#startMs, endMs: this.#endMs };
  }

  #grow(): void {
    const steps = new Int32Array(2 * this.#steps.length);
    steps.set(this.#steps);
    this.#steps = steps;
  }
}

function resized(values: Float32Array<ArrayBuffer>, size: number): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(size);
  larger.set(values);
  return larger;
}

export class Recorder {
  readonly #runId: RunId;
  readonly #trainer: Trainer;
  readonly #batchLoss = new Column('loss', 'batch');
  readonly #batchAccuracy = new Column('accuracy', 'batch');
  readonly #learningRate = new Column('learning-rate', 'batch');
  readonly #speed = new Column('samples-per-second', 'train');
  readonly #scores = {
    train: [new Column('loss', 'train'), new Column('accuracy', 'train')],
    validation: [new Column('loss', 'validation'), new Column('accuracy', 'validation')],
    test: [new Column('loss', 'test'), new Column('accuracy', 'test')],
  } as const;
  readonly #columns: readonly Column[];
  readonly #health = new HealthRows();

  constructor(runId: RunId, trainer: Trainer) {
    this.#runId = runId;
    this.#trainer = trainer;
    const { train, validation, test } = this.#scores;
    const figures = [...train, ...validation, ...test];
    this.#columns = [this.#batchLoss, this.#batchAccuracy, this.#learningRate, ...figures, this.#speed];
  }

  /** A step's loss, accuracy and, where it matters, learning rate. `elapsedMs` is the run's training time. */
  step(result: StepResult, elapsedMs: number): void {
    this.#batchLoss.push(result.step, result.loss, elapsedMs);
    // NaN is what regression has for an accuracy: there is nothing to draw.
    if (!Number.isNaN(result.accuracy)) this.#batchAccuracy.push(result.step, result.accuracy, elapsedMs);
    if (this.#ratePoint(result.step, result.lr)) this.#learningRate.push(result.step, result.lr, elapsedMs);
  }

  epoch(result: EpochResult, samplesPerSecond: number, elapsedMs: number): void {
    this.score('train', result.train, result.step, elapsedMs);
    if (result.validation !== null) this.score('validation', result.validation, result.step, elapsedMs);
    this.#speed.push(result.step, samplesPerSecond, elapsedMs);
  }

  score(split: 'train' | 'validation' | 'test', score: Score, step: number, elapsedMs: number): void {
    const [loss, accuracy] = this.#scores[split];
    loss.push(step, score.loss, elapsedMs);
    if (!Number.isNaN(score.accuracy)) accuracy.push(step, score.accuracy, elapsedMs);
  }

  /** A sample of the layers' health; `row` is copied. */
  health(step: number, row: Float32Array, elapsedMs: number): void {
    this.#health.push(step, row, elapsedMs);
  }

  /** True when what is recorded should be handed out. Every step has a loss, so the loss tells. */
  due(elapsedMs: number): boolean {
    const { length, startMs } = this.#batchLoss;
    return length >= CHUNK_POINTS || (length > 0 && elapsedMs - startMs >= CHUNK_MS);
  }

  /** Hands out everything recorded since the last call. */
  close(): MetricChunk[] {
    return this.#columns.flatMap((column) => column.close(this.#runId) ?? []);
  }

  /** The samples of health since the last call, null for none. */
  closeHealth(): HealthChunk | null {
    return this.#health.close(this.#runId);
  }

  /**
   * The learning rate is logged where a line through the points needs one: at the start of each epoch, on both sides
   * of a change, at the end. It is asked from the schedule, not remembered, so a resumed run logs the same points.
   */
  #ratePoint(step: number, lr: number): boolean {
    const trainer = this.#trainer;
    if (trainer.startsEpoch(step) || step === trainer.totalSteps - 1) return true;
    return trainer.learningRate(step - 1) !== lr || trainer.learningRate(step + 1) !== lr;
  }
}
