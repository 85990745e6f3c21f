/** Runs as the studio shows them: rows of the table, details of a page, and what changes live. */

import { z } from 'zod';
import type { RunId, SweepId } from '../../engine/spec/ids.ts';
import { RUN_ID_PATTERN } from '../../engine/spec/ids.ts';
import type { RunSpec } from '../../engine/spec/run-spec.ts';
import type { Message } from '../../engine/spec/message.ts';
import type { RunStatus } from '../../engine/spec/run-status.ts';
import type { LossComparison } from '../../engine/spec/loss-comparison.ts';
import type { CheckpointReason } from '../../engine/spec/checkpoint-reason.ts';

export const runIdSchema = z.custom<RunId>((value) => typeof value === 'string' && RUN_ID_PATTERN.test(value), {
  error: 'expected a run id',
});

/** A word or two, without spaces at its ends and without commas. */
export const tagSchema = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[^,\s][^,]*$/);

/** Which of the ten run colours, from 1. */
export const runColorSchema = z.number().int().min(1).max(10);
/** A project's name, '' for none. */
export const projectSchema = z.string().trim().max(60);

/** One row of the runs table. Times are UTC milliseconds, durations milliseconds. */
export interface RunSummary {
  readonly id: RunId;
  /** Counts up from 1; shown as "#12". */
  readonly number: number;
  readonly name: string;
  readonly status: RunStatus;
  /** "digits", "fashion-mnist", or a file's name. */
  readonly data: string;
  /** "64-64-32-10". */
  readonly model: string;
  readonly optimizer: string;
  readonly lr: number;
  readonly parameters: number;
  readonly epochsDone: number;
  /** Planned epochs, rounded up when the spec counts steps. */
  readonly epochsPlanned: number;
  readonly stepsDone: number;
  readonly stepsPlanned: number;
  readonly stepsPerEpoch: number;
  readonly task: 'classification' | 'regression';
  /**
   * The epoch whose weights are kept as the best: of the highest validation accuracy, or of the lowest loss for
   * regression, or what early stopping watches; the steps done at its end, and its validation figures.
   */
  readonly bestEpoch: number | null;
  readonly bestStep: number | null;
  readonly bestValidationAccuracy: number | null;
  readonly bestValidationLoss: number | null;
  /** Of any epoch, the first that reached it: only one of the two decides which epoch is the best. */
  readonly lowestValidationLoss: number | null;
  readonly lowestLossEpoch: number | null;
  readonly highestValidationAccuracy: number | null;
  readonly highestAccuracyEpoch: number | null;
  readonly lastTrainLoss: number | null;
  readonly lastValidationLoss: number | null;
  readonly lastValidationAccuracy: number | null;
  readonly testLoss: number | null;
  readonly testAccuracy: number | null;
  /** At most 32 validation losses (train losses when there is no validation split), oldest first, for the sparkline. NaN where not finite. */
  readonly sparkline: Float32Array;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Time spent training, pauses left out. */
  readonly durationMs: number;
  /** When it went to the trash, else null. */
  readonly deletedAt: number | null;
  /** True when it has a checkpoint to go on from. */
  readonly resumable: boolean;
  readonly starred: boolean;
  /** In alphabetical order. */
  readonly tags: readonly string[];
  /** Markdown, '' for none. */
  readonly notes: string;
  /** The colour a person chose, 1 to 10; null: the one its number gives it. */
  readonly color: number | null;
  /** The project it belongs to, '' for none. */
  readonly project: string;
  /** When it was put away, else null. Archived runs are kept but not listed. */
  readonly archivedAt: number | null;
  /** Set for a run that is a trial of a sweep: not listed among the runs, its test split stays sealed. */
  readonly trial?: TrialReference;
  /** Set for a run that retrained a trial with all rows and opened the test split. */
  readonly promotedFrom?: PromotionReference;
  /** Set for a run that another one led to. */
  readonly origin?: RunOrigin;
}

/** The run another one began from. */
export interface RunOrigin {
  /** `fork`: went on from one of its checkpoints, perhaps with other settings. `repeat`: the same once more, to compare. */
  readonly kind: 'fork' | 'repeat';
  /** It may have been deleted for good since. */
  readonly id: RunId;
  readonly number: number;
  /** Steps and epochs the two share: those before a fork, 0 for a repetition of a run that began from nothing. */
  readonly step: number;
  readonly epoch: number;
}

/** Which trial of which sweep a run belongs to. */
export interface TrialReference {
  readonly sweep: SweepId;
  readonly trial: number;
  /** Counted from 0: a trial may be repeated with several seeds. */
  readonly repeat: number;
}

/** Numbers, also 1 and 0 for true and false, or texts; one for each run. */
export interface SettingValues {
  readonly runs: readonly RunId[];
  readonly values: readonly (number | string)[];
}

/** Which trial a promoted run retrains. */
export type PromotionReference = Omit<TrialReference, 'repeat'>;

/** What a person may say about runs. Tags are added and taken away by name; what is left out stays. */
export const runMarksSchema = z.strictObject({
  starred: z.boolean().optional(),
  archived: z.boolean().optional(),
  notes: z.string().max(20_000).optional(),
  color: runColorSchema.nullable().optional(),
  project: projectSchema.optional(),
  addTags: z.array(tagSchema).max(50).optional(),
  removeTags: z.array(tagSchema).max(50).optional(),
});
export type RunMarks = z.infer<typeof runMarksSchema>;

/**
 * What makes two runs comparable, as SHA-256: the rows of each split, the weights before the first step, the order of
 * the first epoch's mini-batches. Equal hashes mean equal values.
 */
export interface Fingerprints {
  readonly split: string;
  readonly initialWeights: string;
  readonly batches: string;
}

/** The state of a run at one step, as it is kept. */
export interface CheckpointInfo {
  readonly step: number;
  readonly epoch: number;
  readonly savedAt: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly reason: CheckpointReason;
  /** True when it was taken right after the best epoch until then. */
  readonly best: boolean;
  /** True when a person keeps it, or a fork began there. */
  readonly kept: boolean;
}

/** The machine and the programs a run began on. */
export interface SystemInfo {
  /** "AMD EPYC 7B13", or "unknown". */
  readonly cpu: string;
  readonly cores: number;
  /** "Linux 6.1.0 x64". */
  readonly os: string;
  /** "22.12.0". */
  readonly node: string;
  /** null on the command line. */
  readonly electron: string | null;
  /** Counts up when the engine's numbers change. */
  readonly engine: number;
}

/** What is not as it was when the run began. */
export const RESUME_CHANGES = ['data', 'kernels', 'version'] as const;
export type ResumeChange = (typeof RESUME_CHANGES)[number];

/** One time a run went on from a checkpoint. */
export interface ResumeRecord {
  readonly at: number;
  /** Steps done at the checkpoint. */
  readonly step: number;
  readonly kernels: string;
  readonly appVersion: string;
  readonly changes: readonly ResumeChange[];
  /** null until it is known; 0 steps when nothing was logged that could be compared. */
  readonly verification: LossComparison | null;
}

/** Whether two runs are the same, number for number. Speeds and times are not looked at. */
export interface RunEquality {
  /** Logged values and histogram bins that were compared. */
  readonly compared: number;
  readonly identical: boolean;
  /** The first value that is not the same; null when all are. `null` values: one of the runs has none there. */
  readonly difference: {
    readonly step: number;
    /** "loss, batch", "weights of affine 1". */
    readonly what: Message;
    readonly own: number | null;
    readonly other: number | null;
  } | null;
  /** null while one of the two has no final weights. */
  readonly sameWeights: boolean | null;
}

/** A moment at which training began or went on: from here on, training time and the clock on the wall go together. */
export interface ClockMark {
  readonly elapsedMs: number;
  /** UTC milliseconds. */
  readonly at: number;
}

export interface RunDetail {
  readonly summary: RunSummary;
  readonly spec: RunSpec;
  /** One line on why it ended as it did (diverged, failed), else null. */
  readonly message: Message | null;
  readonly kernels: string | null;
  readonly dataSha256: string | null;
  readonly weightsSha256: string | null;
  /** null for a run that never started. */
  readonly fingerprints: Fingerprints | null;
  readonly inputShape: readonly number[];
  readonly outputNames: readonly string[];
  readonly splitSizes: { readonly train: number; readonly validation: number; readonly test: number };
  /** The last one. */
  readonly checkpoint: CheckpointInfo | null;
  /** Rising in training time; empty for a run that never started, or was trained before this was kept. */
  readonly clock: readonly ClockMark[];
  /** How often somebody opened its test split. */
  readonly testOpenings: number;
  /** All there are, oldest first. */
  readonly checkpoints: readonly CheckpointInfo[];
  /** Times it went on, oldest first. */
  readonly resumes: readonly ResumeRecord[];
  readonly appVersion: string;
  /** null for a run that never started, or started before this was noted. */
  readonly system: SystemInfo | null;
}

/** The live part of a run, sent with every feed frame while it trains. */
export interface RunProgress {
  readonly id: RunId;
  readonly status: RunStatus;
  readonly step: number;
  readonly epoch: number;
  readonly samplesPerSecond: number;
  /** Training time so far, milliseconds. */
  readonly elapsedMs: number;
  /** null until it can be told. */
  readonly leftMs: number | null;
  /** Highest step whose metrics are committed. */
  readonly savedStep: number;
}
