/** All that a split says about a network: scores, confusion, and every row's prediction. */

import { say } from '../../engine/spec/message.ts';
import { classScores, confidenceHistogram } from '../../engine/train/class-scores.ts';
import { classify, confusionMatrix } from '../../engine/train/evaluation.ts';
import { regressionScores } from '../../engine/train/regression-scores.ts';
import type { Prediction, Trainer } from '../../engine/train/trainer-types.ts';
import type { ClassificationReport, EvaluationReport, RegressionReport, SampleInputs } from '../contract/evaluation.ts';
import { REPORT } from '../contract/jobs.ts';
import { StudioFailure } from '../contract/outcome.ts';
import { classNames, scaledInputs, splitRows } from './evaluate-split.ts';
import type { PreparedRun } from './prepare-run.ts';

const CONFIDENCE_BINS = 20;

export type ReportOptions = Pick<EvaluationReport, 'runId' | 'split' | 'weights' | 'step' | 'epoch'>;

/**
 * Of the weights that are in the trainer. Writes how far it is to the control words, and throws a StudioFailure
 * (`cancelled`) when they say so, or (`not_found`) when the split has no rows.
 */
export function evaluationReport(
  run: PreparedRun,
  trainer: Trainer,
  options: ReportOptions,
  control: SharedArrayBuffer,
): EvaluationReport {
  const rows = splitRows(run, options.split);
  const words = new Int32Array(control);
  Atomics.store(words, REPORT.total, 2 * rows.length);
  const from =
    (start: number) =>
    (done: number): void => {
      checkCancelled(control);
      Atomics.store(words, REPORT.done, start + done);
    };
  const score = trainer.score(rows, from(0));
  const prediction = trainer.predict(rows, from(rows.length));
  const classification = run.data.labels !== null;
  return {
    ...options,
    rows: rows.length,
    loss: score.loss,
    classification: classification ? ofClasses(run, rows, prediction, score.accuracy) : null,
    regression: classification ? null : ofValues(run, rows, prediction),
  };
}

/** Throws a StudioFailure (`cancelled`) when nobody waits for the report any more. */
export function checkCancelled(control: SharedArrayBuffer): void {
  if (Atomics.load(new Int32Array(control), REPORT.cancelled) === 0) return;
  throw new StudioFailure({ code: 'cancelled', message: 'the evaluation was cancelled' });
}

function ofClasses(run: PreparedRun, rows: Int32Array, prediction: Prediction, accuracy: number): ClassificationReport {
  const { predicted, confidence } = classify(prediction);
  const truth = Int32Array.from(rows, (row) => run.data.labels?.[row] ?? -1);
  const classes = classNames(run, prediction.columns);
  const confusion = confusionMatrix(truth, predicted, classes.length);
  const right = Uint8Array.from(predicted, (label, i) => (label === truth[i] ? 1 : 0));
  return {
    accuracy,
    classes,
    confusion,
    scores: classScores(confusion, classes.length),
    confidences: confidenceHistogram(confidence, right, prediction.probabilities, CONFIDENCE_BINS),
    probabilities: prediction.probabilities,
    sampleRows: rows.slice(),
    truth,
    predicted,
    confidence,
  };
}

function ofValues({ data }: PreparedRun, rows: Int32Array, { outputs, columns }: Prediction): RegressionReport {
  const targets = new Float32Array(rows.length * columns);
  for (const [i, row] of rows.entries()) {
    for (let k = 0; k < columns; k++) targets[i * columns + k] = data.targets?.[row * columns + k] ?? Number.NaN;
  }
  return {
    outputs: Array.from({ length: columns }, (_, k) => data.outputNames[k] ?? `output ${k}`),
    scores: Array.from({ length: columns }, (_, k) => regressionScores(targets, outputs, columns, k)),
    sampleRows: rows.slice(),
    targets,
    predictions: outputs,
  };
}

/** Throws a StudioFailure (`not_found`) for a row the data set does not have. */
export function sampleInputs({ loaded }: PreparedRun, rows: Int32Array): SampleInputs {
  const { dataset } = loaded;
  const beyond = rows.find((row) => row >= dataset.rows);
  if (beyond !== undefined) {
    throw new StudioFailure({ code: 'not_found', ...say`row ${beyond}: the data set has ${dataset.rows} rows` });
  }
  const inputShape = dataset.shape.input;
  const flat = inputShape.length === 1;
  const size = inputShape.reduce((product, n) => product * n, 1);
  const values = new Float32Array(flat ? rows.length * size : 0);
  if (flat) {
    for (const [i, row] of rows.entries()) values.set(dataset.x.subarray(row * size, (row + 1) * size), i * size);
  }
  return { inputs: scaledInputs(dataset, rows), inputShape, values, featureNames: dataset.featureNames };
}
