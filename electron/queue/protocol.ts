/**
 * What the owner of a sweep and its workers say to each other through Redis. Every message is checked at both ends:
 * encoded by its schema before it leaves, decoded by it when it arrives.
 *
 * An order lies on the queue until a worker takes it. From then on the worker reports to the owner, at least once a
 * second, and the owner answers each report with where it stands: a control message. A worker trains only once it has
 * been told that the order is its own.
 */

import { CHECKPOINT_REASONS } from '../../engine/spec/checkpoint-reason.ts';
import { z } from 'zod';
import { HISTOGRAM_KINDS } from '../../engine/spec/histogram.ts';
import { METRIC_IDS, SPLITS } from '../../engine/spec/metric.ts';
import { parseModelCard, type ModelCard } from '../../engine/spec/model-card.ts';
import { formatIssue, parseRunSpec, type RunSpec } from '../../engine/spec/run-spec.ts';
import type { JobMessage } from '../contract/jobs.ts';
import { STUDIO_ERROR_CODES } from '../contract/outcome.ts';
import { runIdSchema } from '../contract/runs.ts';
import { complain, wireBytes, wireCounts, wireFloats, wireInts, wireNumber } from './wire.ts';

/** Counts up whenever a message changes its meaning or form. */
export const PROTOCOL = 1;

const id = z.string().regex(/^[0-9a-z]{12}$/);
const count = z.int().min(0);
const milliseconds = z.number().min(0);
/** A name of KERNEL_NAMES. Workers only look at queues of kernels they have, so more need not be known here. */
const kernelsName = z.string().regex(/^[a-z0-9-]{1,40}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** First in every message; another version's message is refused by these two before anything else is read. */
const version = { protocol: z.literal(PROTOCOL), engine: z.string().max(100) };

/** A file that travels by its content. */
export const fileReferenceSchema = z.strictObject({
  sha256,
  bytes: z.int().min(1),
  /** Without the dot: readers tell formats by it. */
  extension: z.string().regex(/^[a-z0-9]{1,12}$/),
});
export type FileReference = z.infer<typeof fileReferenceSchema>;

const specSchema = z.codec(z.unknown(), z.custom<RunSpec>(), {
  decode: (value, context) => {
    const parsed = parseRunSpec(value);
    if (parsed.ok) return parsed.spec;
    for (const issue of parsed.issues) complain(context, formatIssue(issue));
    return z.NEVER;
  },
  encode: (spec) => spec,
});

const cardSchema = z.codec(z.unknown(), z.custom<ModelCard>(), {
  decode: (value, context) => {
    const parsed = parseModelCard(value);
    if ('card' in parsed) return parsed.card;
    complain(context, parsed.problem);
    return z.NEVER;
  },
  encode: (card) => card,
});

/** A run to be trained, as it lies on the queue. */
export const orderSchema = z.strictObject({
  ...version,
  owner: id,
  /** One try at the run: what comes from an earlier one is not listened to any more. */
  attempt: id,
  runId: runIdSchema,
  spec: specSchema,
  kernels: kernelsName,
  resumeFrom: wireBytes.nullable(),
  elapsedMs: milliseconds,
  scoreTest: z.enum(['always', 'when-completed', 'never']),
  data: z.strictObject({
    /** Of the values, the targets and the shape: `RunStarted.dataSha256`. */
    sha256,
    /** null for sets on board. */
    file: fileReferenceSchema.nullable(),
  }),
  initialWeights: fileReferenceSchema.nullable(),
});
export type Order = z.output<typeof orderSchema>;

const errorSchema = z.strictObject({
  code: z.enum(STUDIO_ERROR_CODES),
  message: z.string(),
  issues: z
    .array(z.strictObject({ path: z.string(), message: z.string() }))
    .readonly()
    .exactOptional(),
});

const chunkSchema = z
  .strictObject({
    runId: runIdSchema,
    metric: z.enum(METRIC_IDS),
    split: z.enum(SPLITS),
    steps: wireInts,
    values: wireFloats,
    startMs: milliseconds,
    endMs: milliseconds,
  })
  .refine(({ steps, values }) => steps.length === values.length, { error: 'expected a value for each step' });

const healthSchema = z.strictObject({
  runId: runIdSchema,
  steps: wireInts,
  values: wireFloats,
  startMs: milliseconds,
  endMs: milliseconds,
});

const frameSchema = z.strictObject({
  runId: runIdSchema,
  kind: z.enum(HISTOGRAM_KINDS),
  layer: count,
  layerName: z.string(),
  step: count,
  edges: wireFloats,
  counts: wireCounts,
  below: count,
  above: count,
  nonFinite: count,
  mean: wireNumber,
  std: wireNumber,
});

const epochSchema = z.strictObject({
  epoch: count,
  step: count,
  trainLoss: wireNumber,
  trainAccuracy: wireNumber,
  validationLoss: wireNumber,
  validationAccuracy: wireNumber,
  samplesPerSecond: wireNumber,
  best: z.boolean(),
  elapsedMs: milliseconds,
});

const startedSchema = z.object({
  kernels: kernelsName,
  kernelsDescription: z.string(),
  parameters: count,
  stepsPerEpoch: count,
  totalSteps: count,
  task: z.enum(['classification', 'regression']),
  inputShape: z.array(count),
  outputNames: z.array(z.string()),
  splitSizes: z.strictObject({ train: count, validation: count, test: count }),
  dataSha256: sha256,
  card: cardSchema,
  system: z.strictObject({
    cpu: z.string(),
    cores: count,
    os: z.string(),
    node: z.string(),
    electron: z.string().nullable(),
    engine: count,
  }),
  fingerprints: z.strictObject({ split: sha256, initialWeights: sha256, batches: sha256 }).nullable(),
  best: z.strictObject({ epoch: count, loss: wireNumber, accuracy: wireNumber }).nullable(),
});

const finishedSchema = z.strictObject({
  status: z.enum(['completed', 'stopped', 'diverged', 'failed']),
  message: z.string().nullable(),
  steps: count,
  epochs: count,
  elapsedMs: milliseconds,
  trainAccuracy: wireNumber.nullable(),
  validationAccuracy: wireNumber.nullable(),
  bestEpoch: count.nullable(),
  testLoss: wireNumber.nullable(),
  testAccuracy: wireNumber.nullable(),
  weightsSha256: sha256.nullable(),
});

const comparisonSchema = z.strictObject({
  steps: count,
  identical: count,
  difference: z.strictObject({ step: count, logged: wireNumber, now: wireNumber }).nullable(),
});

const place = { step: count, elapsedMs: milliseconds };
/** What a train worker says of its job, as electron/contract/jobs.ts has it. */
const jobMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('started'), started: startedSchema }),
  z.strictObject({
    type: z.literal('chunks'),
    chunks: z.array(chunkSchema),
    health: healthSchema.nullable(),
    epochs: z.array(epochSchema),
    ...place,
  }),
  z.strictObject({ type: z.literal('histograms'), frames: z.array(frameSchema) }),
  z.strictObject({
    type: z.literal('checkpoint'),
    epoch: count,
    best: z.boolean(),
    reason: z.enum(CHECKPOINT_REASONS),
    bytes: wireBytes,
    ...place,
  }),
  z.strictObject({ type: z.literal('verified'), comparison: comparisonSchema }),
  z.strictObject({ type: z.literal('paused'), ...place }),
  z.strictObject({ type: z.literal('resumed') }),
  z.strictObject({ type: z.literal('finished'), finished: finishedSchema }),
  z.strictObject({ type: z.literal('suspended'), ...place }),
  z.strictObject({ type: z.literal('failed'), error: errorSchema }),
]) satisfies z.ZodType<JobMessage>;

/** The thread that trained the run has died, its process lives. */
const lostSchema = z.strictObject({ type: z.literal('lost'), error: errorSchema });

/** From a worker, about one order it has taken. */
export const reportSchema = z.strictObject({
  ...version,
  attempt: id,
  worker: z.strictObject({ id, name: z.string().max(300) }),
  /** Files it does not have. */
  needs: z.array(sha256).max(2),
  /** Numbered from 1 without gaps, and sent again until the owner has it; null: the worker is alive, no more. */
  news: z
    .strictObject({ number: z.int().min(1), message: z.discriminatedUnion('type', [jobMessageSchema, lostSchema]) })
    .nullable(),
});
export type Report = z.output<typeof reportSchema>;
export type News = NonNullable<Report['news']>['message'];

/** From the owner, about one order: where it stands. The last one counts, so one that is lost does no harm. */
export const controlSchema = z.strictObject({
  ...version,
  attempt: id,
  /** False: the order is not, or no longer, this worker's. */
  yours: z.boolean(),
  command: z.enum(['run', 'pause', 'stop', 'suspend']),
  /** The run waits at the end of this epoch; null: it does not wait. */
  epochLimit: z.int().min(0).nullable(),
  /** Single steps asked for so far. */
  singleSteps: count,
  /** Number of the last news the owner has. */
  received: count,
  /** `chunks` messages that are in the owner's database. */
  taken: count,
});
export type Control = z.output<typeof controlSchema>;

/** Something on the wire is not what it should be. The message is one line. */
export class ProtocolError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProtocolError';
  }
}

/** JSON values for the wire. Throws a ProtocolError for a value of ours that breaks the rules. */
export function encode<S extends z.ZodType>(schema: S, value: z.output<S>): unknown {
  const encoded = z.safeEncode(schema, value);
  if (encoded.success) return encoded.data;
  throw new ProtocolError(`a message that must not be sent: ${firstIssue(encoded.error)}`);
}

/** The value as JSON text; throws when it does not fit the schema. */
export function encodeText<S extends z.ZodType>(schema: S, value: z.output<S>): string {
  return JSON.stringify(encode(schema, value));
}

/** Throws a ProtocolError; the message of one between versions names both. */
export function decode<S extends z.ZodType>(schema: S, value: unknown, engine: string): z.output<S> {
  refuseOtherVersion(value, engine);
  const decoded = z.safeDecode(schema, value as z.input<S>);
  if (decoded.success) return decoded.data;
  throw new ProtocolError(`a message that cannot be understood: ${firstIssue(decoded.error)}`);
}

/** As `decode`, from JSON text. */
export function decodeText<S extends z.ZodType>(schema: S, text: string, engine: string): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProtocolError(`a message that cannot be understood: expected JSON, got ${text.length} characters`);
  }
  return decode(schema, value, engine);
}

/** The other side is another version. It would understand something else by the same words, or compute other numbers. */
export class VersionMismatch extends ProtocolError {}

const anyVersion = z.object({ protocol: z.number(), engine: z.string() });

function refuseOtherVersion(value: unknown, engine: string): void {
  const said = anyVersion.safeParse(value);
  if (!said.success || (said.data.protocol === PROTOCOL && said.data.engine === engine)) return;
  throw new VersionMismatch(
    `the other side is Descent ${said.data.engine.slice(0, 40)} (protocol ${said.data.protocol}), this is ${engine} (protocol ${PROTOCOL}); a sweep and its workers must be the same version`,
  );
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${issue?.message ?? 'invalid'}`;
}
