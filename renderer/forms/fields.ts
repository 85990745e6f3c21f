/** Which settings each layer, optimizer, schedule and loss has, with range and default: one table behind every field of the form. */

import type { LayerType, LossType, OptimizerType, ScheduleType } from '../../engine/spec/layer-spec.ts';
import { RANGES, type NumberRange } from '../../engine/spec/numbers.ts';

export interface FieldDef {
  /** Name in the run spec. */
  readonly name: string;
  readonly range: NumberRange;
  /** What a new layer (or a newly chosen optimizer) starts with, as text. */
  readonly initial: string;
  /** True when the field may be left empty, which leaves it out of the spec (or writes null). */
  readonly optional?: boolean;
}

const fraction: NumberRange = { min: 0, max: 0.9999999, usual: [0.8, 0.999] };
const epsilon: NumberRange = { min: 0, above: true, max: 1 };
const kernel: FieldDef = { name: 'kernel', range: RANGES.kernel, initial: '3' };
const poolFields: readonly FieldDef[] = [
  { name: 'kernel', range: RANGES.kernel, initial: '2' },
  { name: 'stride', range: RANGES.stride, initial: '2', optional: true },
];

export const LAYER_FIELDS: Readonly<Record<LayerType, readonly FieldDef[]>> = {
  affine: [{ name: 'units', range: RANGES.units, initial: '50' }],
  conv2d: [
    { name: 'filters', range: RANGES.filters, initial: '16' },
    kernel,
    { name: 'stride', range: RANGES.stride, initial: '1' },
    { name: 'padding', range: RANGES.padding, initial: '0' },
  ],
  relu: [],
  'leaky-relu': [{ name: 'slope', range: { min: 0, max: 1, usual: [0.01, 0.3] }, initial: '0.01' }],
  elu: [{ name: 'alpha', range: { min: 0, max: 100, usual: [0.5, 2] }, initial: '1' }],
  sigmoid: [],
  tanh: [],
  softplus: [],
  identity: [],
  step: [],
  softmax: [],
  'batch-norm': [
    { name: 'momentum', range: { min: 0, max: 0.999999, usual: [0.9, 0.99] }, initial: '0.9' },
    { name: 'epsilon', range: epsilon, initial: '1e-5' },
  ],
  dropout: [{ name: 'rate', range: RANGES.rate, initial: '0.5' }],
  'max-pool2d': poolFields,
  'avg-pool2d': poolFields,
  flatten: [],
};

/** Layers with initial weights to choose. */
export const HAS_INIT: ReadonlySet<LayerType> = new Set<LayerType>(['affine', 'conv2d']);
export const INIT_CHOICES = ['he', 'xavier', 'glorot', 'normal', 'constant', 'zeros'] as const;
export type InitChoice = (typeof INIT_CHOICES)[number];
export const INIT_VALUE: Readonly<Partial<Record<InitChoice, FieldDef>>> = {
  normal: { name: 'initValue', range: { min: 0, max: 1000, usual: [0.001, 1] }, initial: '0.01' },
  constant: { name: 'initValue', range: { min: -1e6, max: 1e6, usual: [0, 1] }, initial: '0.1' },
};

const commonOptimizer: readonly FieldDef[] = [
  { name: 'weightDecay', range: RANGES.weightDecay, initial: '0' },
  { name: 'clipNorm', range: { min: 0, above: true, max: 1e9, usual: [0.1, 10] }, initial: '', optional: true },
];
const momentum: FieldDef = { name: 'momentum', range: fraction, initial: '0.9' };
const adam: readonly FieldDef[] = [
  { name: 'beta1', range: fraction, initial: '0.9' },
  { name: 'beta2', range: fraction, initial: '0.999' },
  { name: 'epsilon', range: epsilon, initial: '1e-8' },
];
const rootEpsilon: FieldDef = { name: 'epsilon', range: epsilon, initial: '1e-7' };

/** Settings beside the learning rate, the two every optimizer has last. */
export const OPTIMIZER_FIELDS: Readonly<Record<OptimizerType, readonly FieldDef[]>> = {
  sgd: commonOptimizer,
  momentum: [momentum, ...commonOptimizer],
  nesterov: [momentum, ...commonOptimizer],
  adagrad: [rootEpsilon, ...commonOptimizer],
  rmsprop: [{ name: 'rho', range: fraction, initial: '0.99' }, rootEpsilon, ...commonOptimizer],
  adam: [...adam, ...commonOptimizer],
  adamw: [...adam, ...commonOptimizer],
};

/** The update rule as the optimizer's card shows it. */
export const OPTIMIZER_FORMULA: Readonly<Record<OptimizerType, string>> = {
  sgd: 'w ← w − lr · g',
  momentum: 'v ← αv − lr · g;  w ← w + v',
  nesterov: 'v ← αv − lr · g;  w ← w + αv − lr · g',
  adagrad: 'h ← h + g²;  w ← w − lr · g / (√h + ε)',
  rmsprop: 'h ← ρh + (1 − ρ)g²;  w ← w − lr · g / (√h + ε)',
  adam: 'w ← w − lr · m̂ / (√v̂ + ε)',
  adamw: 'w ← w − lr · m̂ / (√v̂ + ε) − lr · λ · w',
};

/** Learning rates people start from, and the range that usually works: the green stretch of the slider. */
export const LEARNING_RATE: Readonly<
  Record<OptimizerType, { readonly initial: string; readonly usual: readonly [number, number] }>
> = {
  sgd: { initial: '0.1', usual: [0.01, 0.5] },
  momentum: { initial: '0.01', usual: [0.001, 0.1] },
  nesterov: { initial: '0.01', usual: [0.001, 0.1] },
  adagrad: { initial: '0.01', usual: [0.001, 0.1] },
  rmsprop: { initial: '0.001', usual: [0.0001, 0.01] },
  adam: { initial: '0.001', usual: [0.0001, 0.01] },
  adamw: { initial: '0.001', usual: [0.0001, 0.01] },
};

/** The learning rate's range with the usual stretch of one optimizer. */
export function learningRateRange(type: OptimizerType): NumberRange {
  return { ...RANGES.lr, usual: LEARNING_RATE[type].usual };
}

export const SCHEDULE_FIELDS: Readonly<Record<ScheduleType, readonly FieldDef[]>> = {
  constant: [],
  exponential: [{ name: 'gamma', range: { min: 0, above: true, max: 2, usual: [0.99, 0.9999] }, initial: '0.999' }],
  step: [
    { name: 'gamma', range: { min: 0, above: true, max: 2, usual: [0.1, 0.5] }, initial: '0.5' },
    { name: 'every', range: RANGES.steps, initial: '100' },
  ],
  'warmup-cosine': [
    { name: 'warmup', range: { min: 0, max: 1_000_000_000, integer: true, usual: [0, 1000] }, initial: '50' },
    { name: 'min', range: { min: 0, max: 1e6, usual: [0, 1e-4] }, initial: '0' },
  ],
  'one-cycle': [
    { name: 'maxLr', range: RANGES.lr, initial: '0.01' },
    { name: 'pctStart', range: { min: 0, max: 1, usual: [0.2, 0.4] }, initial: '0.3' },
    { name: 'divFactor', range: { min: 0, above: true, max: 1e9, usual: [10, 25] }, initial: '25' },
    { name: 'finalDivFactor', range: { min: 0, above: true, max: 1e9, usual: [1e3, 1e4] }, initial: '10000' },
  ],
};

export const LOSS_FIELDS: Readonly<Record<LossType, readonly FieldDef[]>> = {
  'softmax-cross-entropy': [{ name: 'labelSmoothing', range: { min: 0, max: 0.999, usual: [0, 0.1] }, initial: '0' }],
  mse: [],
  mae: [],
  huber: [{ name: 'delta', range: { min: 0, above: true, max: 1e6, usual: [0.5, 2] }, initial: '1' }],
  'binary-cross-entropy': [],
  hinge: [],
  exponential: [],
};

/** Fields of the form that stand alone, by their path in the run spec. */
export const SINGLE_FIELDS = {
  seed: { name: 'seed', range: RANGES.seed, initial: '1' },
  'data.validation': { name: 'validation', range: { min: 0, max: 0.999999, usual: [0.1, 0.3] }, initial: '0.2' },
  'data.test': { name: 'test', range: { min: 0, max: 0.999999, usual: [0.1, 0.3] }, initial: '', optional: true },
  'data.splitSeed': { name: 'splitSeed', range: RANGES.seed, initial: '0' },
  'data.limit': {
    name: 'limit',
    range: { min: 1, max: 1_000_000_000, integer: true },
    initial: '',
    optional: true,
  },
  'training.batchSize': { name: 'batchSize', range: RANGES.batchSize, initial: '100' },
  'training.epochs': { name: 'epochs', range: RANGES.epochs, initial: '20' },
  'training.steps': { name: 'steps', range: RANGES.steps, initial: '1000' },
  'optimizer.lr': { name: 'lr', range: RANGES.lr, initial: '0.001' },
  'training.earlyStopping.patience': {
    name: 'patience',
    range: { min: 1, max: 1_000_000, integer: true, usual: [3, 20] },
    initial: '8',
  },
  'training.checkpoint.everyEpochs': {
    name: 'everyEpochs',
    range: { min: 1, max: 1_000_000, integer: true },
    initial: '',
    optional: true,
  },
  'training.checkpoint.everyMinutes': {
    name: 'everyMinutes',
    range: { min: 0, above: true, max: 1e6 },
    initial: '',
    optional: true,
  },
} as const satisfies Record<string, FieldDef>;
export type SinglePath = keyof typeof SINGLE_FIELDS;
