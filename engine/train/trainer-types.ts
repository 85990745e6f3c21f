/** The trainer's public face: what workers, the command line and tests hold in their hands. Types only. */

import type { Message } from '../spec/message.ts';
import type { FloatArray } from '../math/tensor.ts';
import type { HistogramFrame } from '../spec/histogram.ts';
import type { RunSpec } from '../spec/run-spec.ts';
import type { PreparedData } from '../data/dataset.ts';
import type { Kernels } from '../kernels/kernels.ts';

/** A named array of the model: parameters and running statistics in layer order. */
export interface NamedTensor {
  /** `layers.<index>.<field>` with field weight, bias, gamma, beta, runningMean or runningVar; index in the expanded layer list. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
export type WeightSet = readonly NamedTensor[];

/** What one step did. The trainer reuses the object: copy what you keep. */
export interface StepResult {
  /** The step just done, counted from 0. */
  step: number;
  /** The epoch it belongs to, counted from 0. */
  epoch: number;
  /** Mean loss of the batch before the update, weight-decay term included. NaN or infinite when the run diverged. */
  loss: number;
  /** Share of the batch's rows classified right; NaN for regression. */
  accuracy: number;
  lr: number;
  /** Rows in the batch. */
  rows: number;
  /** True when this step finished its epoch, or the run: call `finishEpoch` before anything else. */
  epochEnded: boolean;
  /** True when the loss or a gradient was not finite: the update was NOT applied, the weights are the last finite ones. */
  diverged: boolean;
}

export interface Score {
  readonly loss: number;
  /** NaN for regression. */
  readonly accuracy: number;
}

export interface EpochResult {
  /** Epochs finished, so 1 after the first. An epoch cut short by the end of the run counts. */
  readonly epoch: number;
  /** Steps finished. */
  readonly step: number;
  readonly train: Score;
  /** null without a validation split. */
  readonly validation: Score | null;
  /** True when this epoch is the best so far and its weights were kept. */
  readonly best: boolean;
  /** True when early stopping says so. */
  readonly stop: boolean;
}

/** What went wrong, for a diverged run. */
export interface Divergence {
  readonly step: number;
  readonly lr: number;
  /** Name of the first tensor that went bad ("affine 2, gradient of the weights"), or the loss. */
  readonly tensor: string;
  readonly layer: number | null;
  /** What was wrong with it: "the gradient of affine 1's weights was too large". */
  readonly problem: Message;
  /** Gradient norms of the last steps, oldest first. */
  readonly gradientNorms: readonly number[];
}

export interface BestEpoch {
  readonly epoch: number;
  readonly step: number;
  readonly validation: Score;
}

/** A state of another run to go on from, and the spec that led to it. */
export interface ForkSource {
  readonly checkpoint: Uint8Array;
  readonly spec: RunSpec;
}

export interface TrainerOptions {
  readonly spec: RunSpec;
  readonly data: PreparedData;
  readonly kernels: Kernels;
  /** Parameters to start from in place of the initialisation. Running statistics it lacks start at 0 and 1. */
  readonly initialWeights?: WeightSet | null;
  /** Bytes of an earlier `checkpoint()` of the same spec and data. */
  readonly resumeFrom?: Uint8Array | null;
  /** Goes on from another run's checkpoint in place of an own one. */
  readonly forkFrom?: ForkSource | null;
  /** Keeps every step's gradients as they were before weight decay and clipping, for `gradients()`. @default false */
  readonly keepGradients?: boolean;
}

/** Hears how many rows are done while many are scored; may throw to end it. */
export type OnRows = (done: number) => void;

export interface Prediction {
  /** (rows × columns): probabilities for classifiers (softmax or sigmoid of the loss applied), outputs for regression. */
  readonly outputs: Float32Array;
  readonly columns: number;
  /** True when the loss made probabilities of the outputs. */
  readonly probabilities: boolean;
  /** With a single output, the value above which a row counts as class 1. */
  readonly threshold: number;
}

/** Outputs of the last layer, before any softmax or sigmoid of the loss, in the kernels' own precision. */
export interface RawOutputs {
  /** (rows × columns) */
  readonly values: FloatArray;
  readonly columns: number;
}

export interface Trainer {
  /** Trainable parameters. */
  readonly parameterCount: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Steps done so far. */
  readonly step: number;
  /** Epochs finished so far. */
  readonly epoch: number;
  readonly done: boolean;
  readonly bestEpoch: BestEpoch | null;
  /** Figures of the last finished epoch, also after a resume; null before the first. */
  readonly lastEpoch: EpochResult | null;
  readonly divergence: Divergence | null;

  /** The learning rate of a step, past or to come. */
  learningRate(step: number): number;
  /** One mini-batch: forward, backward, update. Allocates nothing. */
  trainStep(): StepResult;
  /** Averages the epoch, scores the validation split, keeps the best weights, asks the stop policy. */
  finishEpoch(): EpochResult;
  /** True for the first step of an epoch. */
  startsEpoch(step: number): boolean;
  /** The running mean of the epoch under way; what `finishEpoch` would report as `train`. */
  runningScore(): Score;

  /** True when the spec asks for histograms at the current step count. */
  histogramsDue(): boolean;
  /** Histograms of every tensor of every layer, at the current step count. The caller adds the run id. */
  histograms(): Omit<HistogramFrame, 'runId'>[];

  /** True when the spec asks for a sample of the layers' health at the current step count; always for a run that diverged. */
  healthDue(): boolean;
  /** The sample at the current step count, in the order of `HealthChunk.values`. The array is used again: copy what you keep. */
  health(): Float32Array;

  /** Scores rows in inference mode with the weights as they are. */
  score(rows: Int32Array, onRows?: OnRows): Score;
  /** Does something with the best epoch's weights in place (the last ones when there is no best), then puts the last ones back. */
  withWeights<T>(which: 'last' | 'best', action: () => T): T;
  /** Network outputs of the given rows, in inference mode, as people read them. */
  predict(rows: Int32Array, onRows?: OnRows): Prediction;
  /** Network outputs of the given rows, in inference mode, as the last layer gives them. */
  outputs(rows: Int32Array): RawOutputs;

  /** Everything that decides what comes next: weights, optimizer state, generators, shuffle position, best weights, stop counters. */
  checkpoint(): Uint8Array;
  /** Goes to where a checkpoint of this very run was taken. Throws a CheckpointError, before anything is changed. */
  restore(checkpoint: Uint8Array): void;
  /** A copy of the parameters and running statistics, float32, in layer order. */
  weights(which: 'last' | 'best'): WeightSet;
  /** Puts weights in place (for scoring the best epoch, or importing). */
  loadWeights(weights: WeightSet): void;
  /**
   * Gradients of the last step before weight decay and clipping, by the names of their parameters, in the kernels'
   * own precision. Throws unless the trainer was made with `keepGradients`. For tests and probes.
   */
  gradients(): ReadonlyMap<string, FloatArray>;
  /** Parameters and running statistics where they are, by name, in the kernels' own precision. For tests; do not write. */
  states(): ReadonlyMap<string, FloatArray>;
}
