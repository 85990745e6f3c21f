/** The requests a window can make. One table: channel → argument schema and result. Both processes meet here. */

import { z } from 'zod';
import type { HealthSamples } from '../../engine/spec/health.ts';
import { HISTOGRAM_KINDS, type HistogramFrame } from '../../engine/spec/histogram.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import { METRIC_IDS, SPLITS, type Curve } from '../../engine/spec/metric.ts';
import { dataSourceSchema, type DataSource } from '../../engine/spec/run-spec.ts';
import type { InvokeChannel } from './channels.ts';
import {
  comparisonChangeSchema,
  comparisonIdSchema,
  comparisonSchema,
  MAX_COMPARED,
  raceSchema,
  type Comparison,
} from './comparisons.ts';
import type { DataPreview, DataSetInfo } from './data.ts';
import {
  reportRequestSchema,
  reportTicketSchema,
  samplesRequestSchema,
  type Evaluation,
  type EvaluationReport,
  type ReportProgress,
  type SampleInputs,
} from './evaluation.ts';
import {
  runIdSchema,
  runMarksSchema,
  type CheckpointInfo,
  type RunDetail,
  type RunEquality,
  type RunSummary,
  type SettingValues,
} from './runs.ts';
import type { PackedRows } from './packed-rows.ts';
import { settingsChangeSchema, type AppInfo, type Settings } from './settings.ts';
import { SWEEP_ARGUMENTS, type SweepResults } from './sweep-requests.ts';

const name = z.string().trim().min(1).max(200);
const ids = z.array(runIdSchema).min(1).max(10_000);
const step = z.number().int().min(0).max(0x7fffffff);
/** Whose weights: the best epoch's, the last ones, or those of the checkpoint at a step. Left out: what the spec says. */
const weightsAt = { weights: z.enum(['best', 'last']).optional(), step: step.optional() };
const metricIds = METRIC_IDS as [(typeof METRIC_IDS)[number], ...typeof METRIC_IDS];

/** Argument of each channel; `z.undefined()` for those that take none. */
export const INVOKE_ARGUMENTS = {
  'app:info': z.undefined(),
  'settings:get': z.undefined(),
  'settings:set': settingsChangeSchema,
  /**
   * Answer to the feed's `close-requested`. `cancel`: the window stays. `keep`: the window goes, training goes on, and
   * the app quits when the last run has ended. The others save a checkpoint of every live run first.
   */
  'app:close': z.strictObject({ decision: z.enum(['cancel', 'keep', 'pause-and-close', 'stop-and-close']) }),

  'data:list': z.undefined(),
  'data:preview': z.strictObject({ source: dataSourceSchema }),
  /** Shows the system's dialog; a chosen file may then be used in a spec. */
  'data:choose': z.strictObject({ kind: z.enum(['table', 'idx']) }),

  /** Checked again in the main process: the spec is any JSON value here. */
  'run:start': z.strictObject({
    spec: z.unknown(),
    /** Begins at another run: at one of its checkpoints (the last unless a step is given), or as it began. */
    from: z.strictObject({ kind: z.enum(['fork', 'repeat']), id: runIdSchema, step: step.optional() }).optional(),
    /** With `from`: also when data, kernels or engine are not that run's any more. */
    inexact: z.boolean().optional(),
  }),
  'run:control': z.strictObject({ id: runIdSchema, action: z.enum(['pause', 'resume', 'stop', 'step']) }),
  /**
   * Continues a run that is interrupted or stopped from its last checkpoint. Refused with `not_exact` when it could
   * not give the numbers it would have given, unless `inexact` says that this is known.
   */
  'run:continue': z.strictObject({ id: runIdSchema, inexact: z.boolean().optional() }),
  'run:list': z.strictObject({ trash: z.boolean() }),
  'run:get': z.strictObject({ id: runIdSchema }),
  'run:rename': z.strictObject({ id: runIdSchema, name }),
  /** Moves to the trash; `run:restore` brings back, `run:purge` deletes for good. */
  'run:delete': z.strictObject({ ids }),
  'run:restore': z.strictObject({ ids }),
  'run:purge': z.strictObject({ ids }),
  'run:mark': z.strictObject({ ids, marks: runMarksSchema }),
  /** Whether two runs are the same, number for number. */
  'run:equality': z.strictObject({ id: runIdSchema, other: runIdSchema }),
  /** Keeps a checkpoint for good, or lets it go with the others again. */
  'checkpoint:keep': z.strictObject({ id: runIdSchema, step, kept: z.boolean() }),

  'race:start': raceSchema,
  'comparison:list': z.undefined(),
  'comparison:get': z.strictObject({ id: comparisonIdSchema }),
  'comparison:create': z.strictObject({ name, runs: z.array(runIdSchema).min(1).max(MAX_COMPARED) }),
  'comparison:change': z.strictObject({ id: comparisonIdSchema, change: comparisonChangeSchema }),
  'comparison:delete': z.strictObject({ id: comparisonIdSchema }),
  /** Brings a deleted one back as it was; runs deleted for good meanwhile are left out. */
  'comparison:restore': comparisonSchema,
  ...SWEEP_ARGUMENTS,

  /** After a full disk: saves what waits, and lets the paused runs go on. */
  'store:retry': z.undefined(),

  'curve:read': z.strictObject({
    id: runIdSchema,
    metric: z.enum(metricIds),
    split: z.enum(SPLITS),
    /** Reduces to at most this many points, keeping each bucket's minimum and maximum; null reads all. */
    maxPoints: z.number().int().min(16).max(1_000_000).nullable(),
    /** Reads the points from one step to another, both included; `total` then counts those. Left out: all. */
    steps: z.strictObject({ from: z.number().int(), to: z.number().int() }).optional(),
  }),
  'health:read': z.strictObject({
    id: runIdSchema,
    /** At most this many samples, evenly thinned but always with the first and the last; null reads all. */
    maxSamples: z.number().int().min(2).max(1_000_000).nullable(),
  }),
  'histogram:read': z.strictObject({
    id: runIdSchema,
    kind: z.enum(HISTOGRAM_KINDS),
    /** At most this many steps, evenly thinned but always with the first and the last; null reads all. */
    maxSteps: z.number().int().min(2).max(10_000).nullable(),
  }),
  /** One setting of every run, by its dotted path in the spec. */
  'setting-values:read': z.strictObject({ path: z.string().min(1).max(200) }),
  'checkpoint:list': z.strictObject({ id: runIdSchema }),
  /** Of the test split only after `test:open`. */
  'evaluation:read': z.strictObject({ id: runIdSchema, split: z.enum(['validation', 'test']) }),
  /** Everything about a split; of the test split only after `test:open`. */
  'evaluation:report': reportRequestSchema,
  'evaluation:progress': reportTicketSchema,
  /** The report with the ticket then ends with the error `cancelled`. */
  'evaluation:cancel': reportTicketSchema,
  'evaluation:samples': samplesRequestSchema,
  /** Counts a look at a run's test split, with the weights of a step, and gives the number of looks. */
  'test:open': z.strictObject({ id: runIdSchema, step: z.number().int().min(0) }),

  /** Shows the save dialog; the format is the extension chosen there. */
  'weights:export': z.strictObject({
    id: runIdSchema,
    format: z.enum(['npz', 'safetensors', 'onnx', 'json']),
    ...weightsAt,
  }),
  /** Shows the open dialog for a weights file to start from. */
  'weights:choose': z.undefined(),
  'spec:open': z.undefined(),
  'spec:save': z.strictObject({ spec: z.unknown(), suggestedName: z.string().max(200) }),
  /** Saves a text or picture made by the renderer (a chart as PNG, SVG or CSV) where the person chooses. */
  'file:save': z.strictObject({
    suggestedName: z.string().min(1).max(200),
    bytes: z.instanceof(Uint8Array).refine((b) => b.byteLength <= 1024 * 1024 * 1024, { error: 'at most 1 GB' }),
  }),
} as const satisfies Record<InvokeChannel, z.ZodType>;

/** What a window gets back. null from a dialog means the person cancelled. */
export interface InvokeResults extends SweepResults {
  'app:info': AppInfo;
  'settings:get': Settings;
  'settings:set': Settings;
  'app:close': null;
  'data:list': DataSetInfo[];
  'data:preview': DataPreview;
  'data:choose': DataSource | null;
  'run:start': RunId;
  'run:control': null;
  'run:continue': null;
  'run:list': PackedRows<RunSummary>;
  'run:get': RunDetail;
  'run:rename': RunSummary;
  'run:delete': null;
  'run:restore': null;
  'run:purge': { readonly freedBytes: number };
  'run:mark': RunSummary[];
  'run:equality': RunEquality;
  'checkpoint:keep': RunDetail;
  'race:start': Comparison;
  'comparison:list': Comparison[];
  'comparison:get': Comparison;
  'comparison:create': Comparison;
  'comparison:change': Comparison;
  'comparison:delete': null;
  'comparison:restore': Comparison;
  'store:retry': null;
  'curve:read': Curve;
  'health:read': HealthSamples;
  'histogram:read': HistogramFrame[];
  'setting-values:read': SettingValues;
  'checkpoint:list': CheckpointInfo[];
  'evaluation:read': Evaluation;
  'evaluation:report': EvaluationReport;
  'evaluation:progress': ReportProgress | null;
  'evaluation:cancel': null;
  'evaluation:samples': SampleInputs;
  'test:open': number;
  'weights:export': SavedFile | null;
  'weights:choose': string | null;
  'spec:open': { readonly fileName: string; readonly spec: unknown } | null;
  'spec:save': SavedFile | null;
  'file:save': SavedFile | null;
}

export interface SavedFile {
  readonly path: string;
  readonly sizeBytes: number;
}

export { INVOKE_CHANNELS, type InvokeChannel } from './channels.ts';
export type InvokeArgument<C extends InvokeChannel> = z.input<(typeof INVOKE_ARGUMENTS)[C]>;
export type InvokeResult<C extends InvokeChannel> = InvokeResults[C];
