/** Class by class and sample by sample: what a network makes of a split. */

import { say } from '../../engine/spec/message.ts';
import type { DataSet } from '../../engine/data/dataset.ts';
import { sizeOf } from '../../engine/spec/shapes.ts';
import { classify, confusionMatrix } from '../../engine/train/evaluation.ts';
import type { Prediction, Trainer } from '../../engine/train/trainer-types.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import type { Evaluation, EvaluationSamples, ReportSplit } from '../contract/evaluation.ts';
import { StudioFailure } from '../contract/outcome.ts';
import type { PreparedRun } from './prepare-run.ts';

const MOST_MISTAKES = 60;
const EXAMPLES = 20;

export interface EvaluateOptions {
  readonly runId: RunId;
  readonly split: 'validation' | 'test';
  /** What the weights in the trainer are. */
  readonly weights: 'live' | 'best' | 'last';
  readonly step: number;
  readonly epoch: number;
}

/** One number a row: class and probability, or output and residual. */
interface Verdicts {
  readonly truth: Float32Array;
  readonly predicted: Float32Array;
  readonly confidence: Float32Array;
}

/** Evaluates the weights that are in the trainer. Throws a StudioFailure when the split has no rows. */
export function evaluateSplit(run: PreparedRun, trainer: Trainer, options: EvaluateOptions): Evaluation {
  const rows = splitRows(run, options.split);
  const score = trainer.score(rows);
  const prediction = trainer.predict(rows);
  const classification = run.data.labels !== null;
  const verdicts = classification ? classVerdicts(run, rows, prediction) : valueVerdicts(run, rows, prediction);
  const classes = classification ? classNames(run, prediction.columns) : [];
  return {
    ...options,
    rows: rows.length,
    loss: score.loss,
    accuracy: classification ? score.accuracy : null,
    classes,
    probabilities: classification && prediction.probabilities,
    confusion: classification
      ? confusionMatrix(Int32Array.from(verdicts.truth), Int32Array.from(verdicts.predicted), classes.length)
      : new Uint32Array(0),
    mistakes: samplesOf(run.loaded.dataset, rows, verdicts, worst(verdicts, classification)),
    examples: samplesOf(run.loaded.dataset, rows, verdicts, spread(rows.length)),
  };
}

/** Row numbers of a split. Throws a StudioFailure (`not_found`) when it has none. */
export function splitRows(run: PreparedRun, split: ReportSplit): Int32Array {
  const rows = run.data[split];
  if (rows.length > 0) return rows;
  throw new StudioFailure({ code: 'not_found', ...say`the run has no ${split} split` });
}

function classVerdicts({ data }: PreparedRun, rows: Int32Array, prediction: Prediction): Verdicts {
  const { predicted, confidence } = classify(prediction);
  const truth = Float32Array.from(rows, (row) => data.labels?.[row] ?? -1);
  return { truth, predicted: Float32Array.from(predicted), confidence };
}

/** First target column only: what one plot can show. */
function valueVerdicts({ data }: PreparedRun, rows: Int32Array, { outputs, columns }: Prediction): Verdicts {
  const width = data.shape.outputs;
  const truth = Float32Array.from(rows, (row) => data.targets?.[row * width] ?? NaN);
  const predicted = Float32Array.from(rows, (_, i) => outputs[i * columns] ?? NaN);
  const confidence = Float32Array.from(predicted, (value, i) => (truth[i] ?? NaN) - value);
  return { truth, predicted, confidence };
}

/** A network may have more outputs than the data has classes. */
export function classNames({ data }: PreparedRun, columns: number): string[] {
  const count = Math.max(data.outputNames.length, columns);
  return Array.from({ length: count }, (_, i) => data.outputNames[i] ?? `class ${i}`);
}

/** Positions of the surest mistakes, or of the largest residuals. */
function worst({ truth, predicted, confidence }: Verdicts, classification: boolean): number[] {
  const size = (i: number): number => Math.abs(confidence[i] ?? 0);
  return Array.from(truth.keys())
    .filter((i) => !classification || truth[i] !== predicted[i])
    .sort((a, b) => size(b) - size(a) || a - b)
    .slice(0, MOST_MISTAKES);
}

/** Evenly spaced, so that every look at a split shows the same rows. */
function spread(rows: number): number[] {
  const count = Math.min(EXAMPLES, rows);
  return Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
}

function samplesOf(
  set: DataSet,
  rows: Int32Array,
  verdicts: Verdicts,
  positions: readonly number[],
): EvaluationSamples {
  const pick = (column: Float32Array): Float32Array => Float32Array.from(positions, (i) => column[i] ?? NaN);
  const numbers = Int32Array.from(positions, (i) => rows[i] ?? 0);
  return {
    rows: numbers,
    truth: pick(verdicts.truth),
    predicted: pick(verdicts.predicted),
    confidence: pick(verdicts.confidence),
    inputs: scaledInputs(set, numbers),
    inputShape: set.shape.input,
  };
}

/** To 0..1: by the source's largest value, pictures by the range of these samples, flat rows feature by feature. */
export function scaledInputs(set: DataSet, rows: Int32Array): Float32Array {
  const rowSize = sizeOf(set.shape.input);
  const inputs = new Float32Array(rows.length * rowSize);
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < rowSize; j++) inputs[i * rowSize + j] = set.x[row * rowSize + j] ?? 0;
  }
  const groups = set.shape.input.length === 3 ? 1 : rowSize;
  for (let group = 0; group < groups; group++) {
    let low = Infinity;
    let high = -Infinity;
    for (let at = group; at < inputs.length; at += groups) {
      low = Math.min(low, inputs[at] ?? 0);
      high = Math.max(high, inputs[at] ?? 0);
    }
    if (set.maximum !== null) [low, high] = [0, set.maximum];
    for (let at = group; at < inputs.length; at += groups) {
      inputs[at] = high > low ? ((inputs[at] ?? 0) - low) / (high - low) : 0;
    }
  }
  return inputs;
}
