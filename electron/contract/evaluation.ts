/** How a run's network does on a split, class by class and sample by sample. */

import { z } from 'zod';
import type { RunId } from '../../engine/spec/ids.ts';
import type { ClassScores, ConfidenceHistogram, RegressionScores } from '../../engine/spec/scores.ts';
import { runIdSchema } from './runs.ts';

/** A run's page shows a few samples of these, again and again while it trains. */
export interface Evaluation {
  readonly runId: RunId;
  readonly split: 'validation' | 'test';
  /** Weights it was computed with. */
  readonly weights: 'live' | 'best' | 'last';
  readonly step: number;
  readonly epoch: number;
  readonly rows: number;
  readonly loss: number;
  /** null for regression. */
  readonly accuracy: number | null;
  readonly classes: readonly string[];
  /** As in a `ClassificationReport`; false for regression. */
  readonly probabilities: boolean;
  /** (true × predicted) counts, row-major; empty for regression. */
  readonly confusion: Uint32Array;
  /** Misclassified samples, surest first (at most 60); for regression the largest residuals. */
  readonly mistakes: EvaluationSamples;
  /** A fixed handful of samples of the split (at most 20), right or wrong. */
  readonly examples: EvaluationSamples;
}

export interface EvaluationSamples {
  /** Row numbers in the data set. */
  readonly rows: Int32Array;
  /** True class, or real target (first column). */
  readonly truth: Float32Array;
  /** Predicted class, or output (first column). */
  readonly predicted: Float32Array;
  /** How sure the network was of the predicted class; residual (target − output) for regression. */
  readonly confidence: Float32Array;
  /** (count × row size) inputs scaled to 0..1. */
  readonly inputs: Float32Array;
  readonly inputShape: readonly number[];
}

export const REPORT_SPLITS = ['train', 'validation', 'test'] as const;
export type ReportSplit = (typeof REPORT_SPLITS)[number];

/** The weights as they are while the run trains, those of the best epoch, the last ones, or the ones kept at a step. */
export type ReportWeights = 'live' | 'best' | 'last' | number;

/** Names a report while it is worked out, so that it can be watched and given up. */
const ticketSchema = z.string().min(1).max(40);

/** A number as `weights` is the step of a checkpoint; the ticket is the page's name for its question. */
export const reportRequestSchema = z.strictObject({
  id: runIdSchema,
  split: z.enum(REPORT_SPLITS),
  weights: z.union([z.enum(['live', 'best', 'last']), z.number().int().min(0)]),
  ticket: ticketSchema,
});
export type ReportRequest = z.infer<typeof reportRequestSchema>;
/** Names a question that was asked. */
export const reportTicketSchema = z.strictObject({ ticket: ticketSchema });

/** Everything a split says about a network. */
export interface EvaluationReport {
  readonly runId: RunId;
  readonly split: ReportSplit;
  /** `best` and `last` are those of the run, `kept` those of an earlier checkpoint. */
  readonly weights: 'live' | 'best' | 'last' | 'kept';
  readonly step: number;
  readonly epoch: number;
  readonly rows: number;
  readonly loss: number;
  /** null for a regression. */
  readonly classification: ClassificationReport | null;
  /** null for a classification. */
  readonly regression: RegressionReport | null;
}

export interface ClassificationReport {
  readonly accuracy: number;
  readonly classes: readonly string[];
  /** (true × predicted) counts, row-major. */
  readonly confusion: Uint32Array;
  readonly scores: ClassScores;
  readonly confidences: ConfidenceHistogram;
  /** True when confidences are probabilities; else outputs of the class, or distances to the threshold. */
  readonly probabilities: boolean;
  /** Of every row of the split: its number in the data set, its class, what it was taken for, and how surely. */
  readonly sampleRows: Int32Array;
  readonly truth: Int32Array;
  readonly predicted: Int32Array;
  readonly confidence: Float32Array;
}

export interface RegressionReport {
  /** Names of the target columns. */
  readonly outputs: readonly string[];
  /** One an output. */
  readonly scores: readonly RegressionScores[];
  readonly sampleRows: Int32Array;
  /** (rows × outputs) */
  readonly targets: Float32Array;
  readonly predictions: Float32Array;
}

export interface ReportProgress {
  /** Between 0 and 1; 0 while the data are read. */
  readonly share: number;
}

/** As many pictures as a page of them shows. */
export const MOST_SAMPLES = 240;
export const samplesRequestSchema = z.strictObject({
  id: runIdSchema,
  /** Row numbers in the data set. */
  rows: z.array(z.number().int().min(0)).min(1).max(MOST_SAMPLES),
});

/** Inputs of rows of a data set, to be looked at. */
export interface SampleInputs {
  /** (count × row size), scaled to 0..1 */
  readonly inputs: Float32Array;
  readonly inputShape: readonly number[];
  /** (count × row size) as the data have them; empty for pictures. */
  readonly values: Float32Array;
  /** Names of the features of flat rows, null for pictures. */
  readonly featureNames: readonly string[] | null;
}
