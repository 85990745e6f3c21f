/** What a train worker says of its job (electron/contract/jobs.ts), as it travels through Redis. */

import { z } from 'zod';
import { wordingSchema } from '../../engine/spec/schema-parts.ts';
import { CHECKPOINT_REASONS } from '../../engine/spec/checkpoint-reason.ts';
import { HISTOGRAM_KINDS } from '../../engine/spec/histogram.ts';
import { METRIC_IDS, SPLITS } from '../../engine/spec/metric.ts';
import { parseModelCard, type ModelCard } from '../../engine/spec/model-card.ts';
import type { JobMessage } from '../contract/jobs.ts';
import { STUDIO_ERROR_CODES } from '../contract/outcome.ts';
import { runIdSchema } from '../contract/runs.ts';
import {
  complain,
  count,
  kernelsName,
  milliseconds,
  sha256,
  wireBytes,
  wireCounts,
  wireFloats,
  wireInts,
  wireNumber,
} from './wire.ts';

const cardSchema = z.codec(z.unknown(), z.custom<ModelCard>(), {
  decode: (value, context) => {
    const parsed = parseModelCard(value);
    if ('card' in parsed) return parsed.card;
    complain(context, parsed.problem);
    return z.NEVER;
  },
  encode: (card) => card,
});

const messageFields = { message: z.string(), wording: wordingSchema.exactOptional() };
const errorSchema = z.strictObject({
  code: z.enum(STUDIO_ERROR_CODES),
  ...messageFields,
  issues: z
    .array(z.strictObject({ path: z.string(), ...messageFields }))
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
  best: z.strictObject({ epoch: count, step: count, loss: wireNumber, accuracy: wireNumber }).nullable(),
});

const finishedSchema = z.strictObject({
  status: z.enum(['completed', 'stopped', 'diverged', 'failed']),
  message: z.strictObject(messageFields).nullable(),
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
export const jobMessageSchema = z.discriminatedUnion('type', [
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
export const lostSchema = z.strictObject({ type: z.literal('lost'), error: errorSchema });
