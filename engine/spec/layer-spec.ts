/** Layers, losses, optimizers and schedules as a run spec names them: schema and types. */

import { z } from 'zod';
import { say } from './message.ts';
import { RANGES } from './numbers.ts';
import { declared, num, oneOf } from './schema-parts.ts';

/** Initial weights: `xavier` std 1/sqrt(n_in) (the book), `glorot` sqrt(2/(n_in + n_out)), `he` sqrt(2/n_in). */
export const initSchema = z.union(
  [
    oneOf(['xavier', 'glorot', 'he', 'zeros']),
    z.strictObject({ normal: num({ min: 0, max: 1000 }) }),
    z.strictObject({ constant: num({ min: -1e6, max: 1e6 }) }),
  ],
  { error: 'expected "xavier", "glorot", "he", "zeros", {"normal": std} or {"constant": value}' },
);
export type InitSpec = z.infer<typeof initSchema>;

const affine = z.strictObject({
  type: z.literal('affine'),
  units: num(RANGES.units),
  init: initSchema.default('he'),
});
const conv2d = z.strictObject({
  type: z.literal('conv2d'),
  filters: num(RANGES.filters),
  kernel: num(RANGES.kernel),
  stride: num(RANGES.stride).default(1),
  padding: num(RANGES.padding).default(0),
  init: initSchema.default('he'),
});
const pool = {
  kernel: num(RANGES.kernel),
  stride: num(RANGES.stride).optional(),
};

export const LAYER_TYPES = [
  'affine',
  'relu',
  'leaky-relu',
  'elu',
  'sigmoid',
  'tanh',
  'softplus',
  'identity',
  'step',
  'softmax',
  'batch-norm',
  'dropout',
  'conv2d',
  'max-pool2d',
  'avg-pool2d',
  'flatten',
] as const;

/** One layer, `repeat` already expanded. Pooling without a stride uses its kernel as the stride. */
export const layerSchema = z.discriminatedUnion(
  'type',
  [
    affine,
    conv2d,
    z.strictObject({ type: z.literal('relu') }),
    z.strictObject({ type: z.literal('leaky-relu'), slope: num({ min: 0, max: 1 }).default(0.01) }),
    z.strictObject({ type: z.literal('elu'), alpha: num({ min: 0, max: 100 }).default(1) }),
    z.strictObject({ type: z.literal('sigmoid') }),
    z.strictObject({ type: z.literal('tanh') }),
    z.strictObject({ type: z.literal('softplus') }),
    z.strictObject({ type: z.literal('identity') }),
    z.strictObject({ type: z.literal('step') }),
    z.strictObject({ type: z.literal('softmax') }),
    z.strictObject({
      type: z.literal('batch-norm'),
      momentum: num({ min: 0, max: 0.999999 }).default(0.9),
      epsilon: num({ min: 0, above: true, max: 1 }).default(1e-5),
    }),
    z.strictObject({
      type: z.literal('dropout'),
      rate: num(RANGES.rate),
      form: oneOf(['inverted', 'book']).default('inverted'),
    }),
    z.strictObject({ type: z.literal('max-pool2d'), ...pool }),
    z.strictObject({ type: z.literal('avg-pool2d'), ...pool }),
    z.strictObject({ type: z.literal('flatten') }),
  ],
  { error: declared(say`unknown layer type; expected one of ${LAYER_TYPES.join(', ')}`) },
);
export type LayerSpec = z.infer<typeof layerSchema>;
export type LayerType = LayerSpec['type'];

export const LOSS_TYPES = [
  'softmax-cross-entropy',
  'mse',
  'mae',
  'huber',
  'binary-cross-entropy',
  'hinge',
  'exponential',
] as const;
export type LossType = (typeof LOSS_TYPES)[number];

/** A loss is its name, or an object when it has a setting. */
export const lossSchema = z.union(
  [
    oneOf(LOSS_TYPES),
    z.strictObject({
      type: z.literal('softmax-cross-entropy'),
      labelSmoothing: num({ min: 0, max: 0.999 }).default(0),
    }),
    z.strictObject({ type: z.literal('huber'), delta: num({ min: 0, above: true, max: 1e6 }).default(1) }),
    z.strictObject({ type: oneOf(['mse', 'mae', 'binary-cross-entropy', 'hinge', 'exponential']) }),
  ],
  { error: declared(say`expected one of ${LOSS_TYPES.join(', ')}, or {"type": …} with its settings`) },
);
export type LossSpec = z.infer<typeof lossSchema>;

const common = {
  lr: num(RANGES.lr),
  weightDecay: num(RANGES.weightDecay).default(0),
  clipNorm: num({ min: 0, above: true, max: 1e9 }).nullable().default(null),
};
const fraction = { min: 0, max: 0.9999999 };
const adamSettings = {
  beta1: num(fraction).default(0.9),
  beta2: num(fraction).default(0.999),
  epsilon: num({ min: 0, above: true, max: 1 }).default(1e-8),
};
const rootEpsilon = { epsilon: num({ min: 0, above: true, max: 1 }).default(1e-7) };

export const OPTIMIZER_TYPES = ['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'] as const;
export const optimizerSchema = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('sgd'), ...common }),
    z.strictObject({ type: z.literal('momentum'), ...common, momentum: num(fraction).default(0.9) }),
    z.strictObject({ type: z.literal('nesterov'), ...common, momentum: num(fraction).default(0.9) }),
    z.strictObject({ type: z.literal('adagrad'), ...common, ...rootEpsilon }),
    z.strictObject({ type: z.literal('rmsprop'), ...common, rho: num(fraction).default(0.99), ...rootEpsilon }),
    z.strictObject({ type: z.literal('adam'), ...common, ...adamSettings }),
    z.strictObject({ type: z.literal('adamw'), ...common, ...adamSettings }),
  ],
  { error: declared(say`unknown optimizer; expected one of ${OPTIMIZER_TYPES.join(', ')}`) },
);
export type OptimizerSpec = z.infer<typeof optimizerSchema>;
export type OptimizerType = OptimizerSpec['type'];

export const SCHEDULE_TYPES = ['constant', 'exponential', 'step', 'warmup-cosine', 'one-cycle'] as const;
const positive = { min: 0, above: true, max: 1e9 } as const;
export const scheduleSchema = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('constant') }),
    z.strictObject({ type: z.literal('exponential'), gamma: num({ min: 0, above: true, max: 2 }) }),
    z.strictObject({ type: z.literal('step'), gamma: num({ min: 0, above: true, max: 2 }), every: num(RANGES.steps) }),
    z.strictObject({
      type: z.literal('warmup-cosine'),
      warmup: num({ min: 0, max: 1_000_000_000, integer: true }),
      min: num({ min: 0, max: 1e6 }).default(0),
    }),
    z.strictObject({
      type: z.literal('one-cycle'),
      maxLr: num(RANGES.lr),
      pctStart: num({ min: 0, max: 1 }).default(0.3),
      divFactor: num(positive).default(25),
      finalDivFactor: num(positive).default(1e4),
    }),
  ],
  { error: declared(say`unknown schedule; expected one of ${SCHEDULE_TYPES.join(', ')}`) },
);
export type ScheduleSpec = z.infer<typeof scheduleSchema>;
export type ScheduleType = ScheduleSpec['type'];
