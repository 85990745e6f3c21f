/** The run spec: everything that decides a training run, in one JSON value. */

import { z } from 'zod';
import { layerSchema, lossSchema, optimizerSchema, scheduleSchema, type LayerSpec } from './layer-spec.ts';
import { MessageError, say, type Message } from './message.ts';
import { RANGES } from './numbers.ts';
import { bool, declaredMessage, num, oneOf, raised, shown, text, wordingSchema } from './schema-parts.ts';

export const BUILT_IN_SOURCES = [
  'fashion-mnist',
  'digits',
  'iris',
  'wine',
  'diabetes',
  'xor',
  'spiral',
  'moons',
  'circles',
] as const;
export type BuiltInSource = (typeof BUILT_IN_SOURCES)[number];

const path = () => text(4096);

export const dataSourceSchema = z.union(
  [
    oneOf(BUILT_IN_SOURCES),
    z.strictObject({ file: path(), target: text(1000).optional(), header: bool().optional() }),
    z.strictObject({
      images: path(),
      labels: path(),
      testImages: path().optional(),
      testLabels: path().optional(),
    }),
  ],
  {
    error: (issue) =>
      `unknown data source ${shown(issue.input)}; expected ${BUILT_IN_SOURCES.join(', ')}, {"file": …} or {"images": …, "labels": …}`,
  },
);
export type DataSource = z.infer<typeof dataSourceSchema>;

const fractionBelowOne = num({ min: 0, max: 0.999999 });
export const dataSchema = z.strictObject({
  source: dataSourceSchema,
  normalize: oneOf(['none', 'unit', 'standardize']).default('unit'),
  /** Share of the training rows held out for validation, in [0, 1). */
  validation: fractionBelowOne.default(0.2),
  /** Share held out as test split for sets without one of their own; null means 0.2. */
  test: fractionBelowOne.nullable().default(null),
  splitSeed: num(RANGES.seed).default(0),
  /** Takes the first n training rows (after shuffling by `splitSeed`); null takes all. */
  limit: num({ min: 1, max: 1_000_000_000, integer: true }).nullable().default(null),
});
export type DataSpec = z.infer<typeof dataSchema>;

type LayerEntry = z.input<typeof layerSchema> | { repeat: number; layers: LayerEntry[] };
type ParsedLayerEntry = LayerSpec | { repeat: number; layers: ParsedLayerEntry[] };
const entrySchema: z.ZodType<ParsedLayerEntry, LayerEntry> = z.lazy(() =>
  z.unknown().transform((value, context): ParsedLayerEntry => {
    const isRepeat = typeof value === 'object' && value !== null && 'repeat' in value;
    const result = isRepeat ? repeatSchema.safeParse(value) : layerSchema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      context.addIssue({ ...raised(issueText(issue)), path: [...issue.path] });
    }
    return z.NEVER;
  }),
) as z.ZodType<ParsedLayerEntry, LayerEntry>;
const repeatSchema = z.strictObject({
  repeat: num({ min: 1, max: 1000, integer: true }),
  layers: z.array(entrySchema).min(1),
});

const trainingFields = {
  batchSize: num(RANGES.batchSize).default(100),
  epochs: num(RANGES.epochs).optional(),
  steps: num(RANGES.steps).optional(),
  sampling: oneOf(['shuffle', 'sequential', 'replacement']).default('shuffle'),
  /** Which weights scores and exports use; null: best when there is a validation split, else last. */
  evaluate: oneOf(['best', 'last']).nullable().default(null),
  earlyStopping: z
    .strictObject({
      metric: oneOf(['validationLoss', 'validationAccuracy']).default('validationLoss'),
      patience: num({ min: 1, max: 1_000_000, integer: true }),
      minChange: num({ min: 0, max: 1e6 }).default(0),
    })
    .nullable()
    .default(null),
  checkpoint: z
    .strictObject({
      everyEpochs: num({ min: 1, max: 1_000_000, integer: true }).nullable().default(null),
      everyMinutes: num({ min: 0, above: true, max: 1e6 }).nullable().default(null),
    })
    .default({ everyEpochs: null, everyMinutes: null }),
  histograms: z
    .strictObject({
      enabled: bool().default(true),
      everyEpochs: num({ min: 1, max: 1_000_000, integer: true }).default(1),
      /** Log-spaced early steps besides step 0. */
      earlySteps: num({ min: 0, max: 100, integer: true }).default(20),
    })
    .default({ enabled: true, everyEpochs: 1, earlySteps: 20 }),
  /** Figures of every layer (`spec/health.ts`). everySteps null: every hundredth step, more rarely in very long runs. */
  health: z
    .strictObject({
      enabled: bool().default(true),
      everySteps: num({ min: 1, max: 1_000_000_000, integer: true }).nullable().default(null),
    })
    .default({ enabled: true, everySteps: null }),
};
export const trainingSchema = z.strictObject(trainingFields).superRefine((training, context) => {
  if (training.epochs !== undefined && training.steps !== undefined) {
    context.addIssue({ code: 'custom', path: ['steps'], message: 'expected either epochs or steps, got both' });
  }
  if (training.epochs === undefined && training.steps === undefined) {
    context.addIssue({ code: 'custom', path: ['epochs'], message: 'expected epochs or steps, got neither' });
  }
});

export const runSpecSchema = z
  .strictObject(
    {
      name: text(200).default('unnamed run'),
      seed: num(RANGES.seed).default(1),
      data: dataSchema,
      model: z.strictObject({ layers: z.array(entrySchema).min(1, { error: 'expected at least one layer' }) }),
      loss: lossSchema.default('softmax-cross-entropy'),
      optimizer: optimizerSchema,
      schedule: scheduleSchema.default({ type: 'constant' }),
      training: trainingSchema,
      /** A weights file to start from, or null. */
      initialWeights: path().nullable().default(null),
    },
    { error: (issue) => (issue.code === 'invalid_type' ? `expected an object, got ${shown(issue.input)}` : undefined) },
  )
  .superRefine(({ data, training }, context) => {
    if (data.validation > 0) return;
    const message = 'needs a validation split, and data.validation is 0';
    if (training.earlyStopping !== null) {
      context.addIssue({ code: 'custom', path: ['training', 'earlyStopping'], message });
    }
    if (training.evaluate === 'best') {
      context.addIssue({ code: 'custom', path: ['training', 'evaluate'], message });
    }
  });

/** A run spec with every default filled in. */
export type RunSpec = z.infer<typeof runSpecSchema>;
/** A run spec as a person writes it: defaults may be left out. */
export type RunSpecInput = z.input<typeof runSpecSchema>;

/** One thing wrong with a spec. `path` is dotted ("optimizer.lr", "model.layers.2.units"), '' for the whole. */
export interface SpecIssue extends Message {
  readonly path: string;
}

/** Thrown where a spec must be right and is not. The message is one line naming the first field. */
export class SpecError extends MessageError {
  readonly issues: readonly SpecIssue[];

  constructor(issues: readonly SpecIssue[]) {
    const [first] = issues;
    const more = issues.length - 1;
    if (first === undefined) super('invalid run spec');
    else super(more === 0 ? issueMessage(first) : say`${issueMessage(first)} (and ${more} more)`);
    this.name = 'SpecError';
    this.issues = issues;
  }
}

/** "optimizer.lr: expected a number above 0, at most 1000000, got 0" */
export function formatIssue(issue: SpecIssue): string {
  return issueMessage(issue).message;
}

export function issueMessage(issue: SpecIssue): Message {
  return issue.path === '' ? issue : say`${issue.path}: ${issue}`;
}

export type ParsedRunSpec =
  { readonly ok: true; readonly spec: RunSpec } | { readonly ok: false; readonly issues: readonly SpecIssue[] };

/** Checks an unknown value and fills in the defaults. Never throws. */
export function parseRunSpec(value: unknown): ParsedRunSpec {
  const result = runSpecSchema.safeParse(value);
  if (result.success) return { ok: true, spec: result.data };
  return { ok: false, issues: result.error.issues.map(toSpecIssue) };
}

interface RawIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}
/** What a schema found, with the path dotted. */
export function toSpecIssue(issue: RawIssue): SpecIssue {
  return { path: issue.path.map(String).join('.'), ...issueText(issue) };
}
function issueText({ code, message, keys = [], params }: RawIssue): Message {
  if (code === 'unrecognized_keys') return say`unknown field ${keys.map((key) => JSON.stringify(key)).join(', ')}`;
  const wording = wordingSchema.safeParse(params?.['wording']);
  return wording.success ? { message, wording: wording.data } : declaredMessage(message);
}

/** The layer list with every `repeat` written out. Throws a SpecError above 1,000 layers. */
export function expandLayers(entries: readonly ParsedLayerEntry[]): LayerSpec[] {
  const layers: LayerSpec[] = [];
  const visit = (list: readonly ParsedLayerEntry[]): void => {
    for (const entry of list) {
      if ('repeat' in entry) {
        for (let i = 0; i < entry.repeat; i++) visit(entry.layers);
      } else {
        layers.push(entry);
      }
      if (layers.length > 1000) {
        throw new SpecError([{ path: 'model.layers', message: 'expected at most 1000 layers after repeat' }]);
      }
    }
  };
  visit(entries);
  return layers;
}

/** "best" or "last": which weights a run is scored and exported with. */
export function evaluatedWeights(spec: RunSpec): 'best' | 'last' {
  return spec.training.evaluate ?? (spec.data.validation > 0 ? 'best' : 'last');
}
