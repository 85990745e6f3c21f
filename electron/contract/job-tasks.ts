/** What a train worker is asked besides training: checks, reports, weights files. */

import type { Message } from '../../engine/spec/message.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import type { ModelCard } from '../../engine/spec/model-card.ts';
import type { RunSpec } from '../../engine/spec/run-spec.ts';
import type { Evaluation, EvaluationReport, ReportSplit, SampleInputs } from './evaluation.ts';
import type { ForkStart, JobFolders } from './jobs.ts';

/** What a checked spec comes to on its data. */
export interface CheckedRun {
  /** "digits", or a file's name. */
  readonly data: string;
  /** "64-64-32-10". */
  readonly model: string;
  readonly parameters: number;
  readonly task: 'classification' | 'regression';
  readonly stepsPerEpoch: number;
  readonly stepsPlanned: number;
  readonly epochsPlanned: number;
  readonly inputShape: readonly number[];
  readonly outputNames: readonly string[];
  readonly splitSizes: { readonly train: number; readonly validation: number; readonly test: number };
}

/** Kernels and data as they can be had now. */
export interface Surroundings {
  /** Name of those that would be used. */
  readonly kernels: string;
  /** `Kernels.description` of those. */
  readonly kernelsDescription: string;
  /** Why the ones asked for cannot be had, or null. */
  readonly note: Message | null;
  readonly dataSha256: string;
}

export type WeightsChoice = 'best' | 'last';

export interface WrittenWeights {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface PackedFile {
  readonly bytes: Uint8Array;
  /** Without the dot. */
  readonly extension: string;
}

export interface PackedFiles {
  readonly dataSha256: string;
  /** null for sets on board, which the other machine has as well. */
  readonly data: PackedFile | null;
  /** null when the run starts from random weights. */
  readonly initialWeights: PackedFile | null;
}

/** Questions and answers by name. `live…` go to the worker that trains the run, the others to any. */
export interface JobTasks {
  /** Reads the data and builds the network once, so that everything that can be wrong is said before a run begins. */
  check: {
    args: JobFolders & { readonly spec: RunSpec; readonly kernels: string; readonly forkFrom?: ForkStart | null };
    result: CheckedRun;
  };
  /** Everything on this machine's disk that the run needs elsewhere. */
  pack: { args: JobFolders & { readonly spec: RunSpec }; result: PackedFiles };
  /** What a run would get here and now if it went on. */
  examine: {
    args: JobFolders & { readonly spec: RunSpec; readonly kernels: string };
    result: Surroundings;
  };
  evaluate: {
    args: JobFolders & {
      readonly runId: RunId;
      readonly spec: RunSpec;
      readonly kernels: string;
      readonly checkpoint: Uint8Array;
      readonly weights: WeightsChoice;
      readonly split: 'validation' | 'test';
    };
    result: Evaluation;
  };
  report: {
    args: JobFolders & {
      readonly runId: RunId;
      readonly spec: RunSpec;
      readonly kernels: string;
      readonly checkpoint: Uint8Array;
      readonly weights: WeightsChoice;
      /** True for the weights of a checkpoint other than the last one. */
      readonly kept: boolean;
      readonly split: ReportSplit;
      /** REPORT.words Int32 words. */
      readonly control: SharedArrayBuffer;
    };
    result: EvaluationReport;
  };
  samples: {
    args: JobFolders & { readonly spec: RunSpec; readonly rows: Int32Array };
    result: SampleInputs;
  };
  export: {
    args: {
      readonly card: ModelCard;
      readonly checkpoint: Uint8Array;
      readonly weights: WeightsChoice;
      /** Absolute; the format is its extension. */
      readonly path: string;
    };
    result: WrittenWeights;
  };
  liveEvaluate: { args: { readonly split: 'validation' | 'test' }; result: Evaluation };
  liveReport: {
    args: {
      readonly split: ReportSplit;
      readonly weights: 'live' | 'best';
      /** REPORT.words Int32 words. */
      readonly control: SharedArrayBuffer;
    };
    result: EvaluationReport;
  };
  liveExport: { args: { readonly weights: WeightsChoice; readonly path: string }; result: WrittenWeights };
}
export type JobTaskName = keyof JobTasks;
