/**
 * The form's state: a run spec in which every number is still the text a person typed, so that a half-typed
 * or wrong value stays on screen. Plain data: it is saved, undone and compared as JSON.
 */

import { said, word, type Message } from '../../engine/spec/message.ts';
import type { LayerSpec, LayerType, LossType, OptimizerType, ScheduleType } from '../../engine/spec/layer-spec.ts';
import { issueMessage, expandLayers, parseRunSpec, type DataSource, type RunSpec } from '../../engine/spec/run-spec.ts';
import {
  HAS_INIT,
  INIT_VALUE,
  LAYER_FIELDS,
  LEARNING_RATE,
  LOSS_FIELDS,
  OPTIMIZER_FIELDS,
  SCHEDULE_FIELDS,
  SINGLE_FIELDS,
  type FieldDef,
  type InitChoice,
} from './fields.ts';
import { savedObject } from '../text/saved-object.ts';

export interface LayerDraft {
  /** Stays with the layer while it is moved; unique in the draft. */
  readonly key: number;
  type: LayerType;
  fields: Record<string, string>;
  init: InitChoice;
}

/** One of several kinds with settings of its own; the texts of kinds not chosen are kept for a change of mind. */
export interface ChoiceDraft<T extends string> {
  type: T;
  fields: Record<string, string>;
}

export interface RunDraft {
  name: string;
  source: DataSource;
  normalize: RunSpec['data']['normalize'];
  sampling: RunSpec['training']['sampling'];
  layers: LayerDraft[];
  loss: ChoiceDraft<LossType>;
  optimizer: ChoiceDraft<OptimizerType>;
  schedule: ChoiceDraft<ScheduleType>;
  length: 'epochs' | 'steps';
  earlyStopping: boolean;
  histograms: boolean;
  health: boolean;
  initialWeights: string | null;
  /** Texts of the fields that stand alone, by path. */
  single: Record<keyof typeof SINGLE_FIELDS, string>;
  /** Settings the form does not show, kept as they came from a file or another run. */
  kept: {
    evaluate: RunSpec['training']['evaluate'];
    histograms: RunSpec['training']['histograms'];
    health: RunSpec['training']['health'];
    earlyStopping: { metric: 'validationLoss' | 'validationAccuracy'; minChange: number };
  };
}

const initials = (defs: readonly FieldDef[]): Record<string, string> =>
  Object.fromEntries(defs.map((def) => [def.name, def.initial]));

/** A fresh layer of a type, with the usual settings. */
export function newLayer(type: LayerType, key: number): LayerDraft {
  return { key, type, fields: initials(LAYER_FIELDS[type]), init: 'he' };
}

/** The next free layer key of a draft. */
export function nextKey(layers: readonly LayerDraft[]): number {
  return layers.reduce((highest, layer) => Math.max(highest, layer.key), 0) + 1;
}

/** Numbers as people write them: 1e-7 rather than 1.0000000000000001e-7. */
const text = (value: number): string => String(value);

function fieldTexts(defs: readonly FieldDef[], spec: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    defs.map((def) => {
      const value = spec[def.name];
      return [def.name, typeof value === 'number' ? text(value) : def.optional === true ? '' : def.initial];
    }),
  );
}

function layerDraft(layer: LayerSpec, key: number): LayerDraft {
  const fields = fieldTexts(LAYER_FIELDS[layer.type], layer as unknown as Record<string, unknown>);
  if (!('init' in layer)) return { key, type: layer.type, fields, init: 'he' };
  if (typeof layer.init === 'string') return { key, type: layer.type, fields, init: layer.init };
  const [init, value] =
    'normal' in layer.init ? (['normal', layer.init.normal] as const) : (['constant', layer.init.constant] as const);
  return { key, type: layer.type, fields: { ...fields, initValue: text(value) }, init };
}

/** A draft showing a spec. `repeat` entries are written out, since the form edits single layers. */
export function draftOf(spec: RunSpec): RunDraft {
  const loss = typeof spec.loss === 'string' ? { type: spec.loss } : spec.loss;
  const { training, data, optimizer, schedule } = spec;
  const optional = (value: number | null | undefined): string =>
    value === null || value === undefined ? '' : text(value);
  return {
    name: spec.name,
    source: data.source,
    normalize: data.normalize,
    sampling: training.sampling,
    layers: expandLayers(spec.model.layers).map((layer, index) => layerDraft(layer, index + 1)),
    loss: { type: loss.type, fields: fieldTexts(LOSS_FIELDS[loss.type], loss as Record<string, unknown>) },
    optimizer: { type: optimizer.type, fields: fieldTexts(OPTIMIZER_FIELDS[optimizer.type], optimizer) },
    schedule: { type: schedule.type, fields: fieldTexts(SCHEDULE_FIELDS[schedule.type], schedule) },
    length: training.steps === undefined ? 'epochs' : 'steps',
    earlyStopping: training.earlyStopping !== null,
    histograms: training.histograms.enabled,
    health: training.health.enabled,
    initialWeights: spec.initialWeights,
    single: {
      seed: text(spec.seed),
      'data.validation': text(data.validation),
      'data.test': optional(data.test),
      'data.splitSeed': text(data.splitSeed),
      'data.limit': optional(data.limit),
      'training.batchSize': text(training.batchSize),
      'training.epochs': optional(training.epochs) || SINGLE_FIELDS['training.epochs'].initial,
      'training.steps': optional(training.steps) || SINGLE_FIELDS['training.steps'].initial,
      'optimizer.lr': text(optimizer.lr),
      'training.earlyStopping.patience':
        optional(training.earlyStopping?.patience) || SINGLE_FIELDS['training.earlyStopping.patience'].initial,
      'training.checkpoint.everyEpochs': optional(training.checkpoint.everyEpochs),
      'training.checkpoint.everyMinutes': optional(training.checkpoint.everyMinutes),
    },
    kept: {
      evaluate: training.evaluate,
      histograms: training.histograms,
      health: training.health,
      earlyStopping: {
        metric: training.earlyStopping?.metric ?? 'validationLoss',
        minChange: training.earlyStopping?.minChange ?? 0,
      },
    },
  };
}

/** Changes the optimizer: shared settings stay, the learning rate moves to the new one's usual start if the old one's was untouched. */
export function chooseOptimizer(draft: RunDraft, type: OptimizerType): void {
  const untouched = draft.single['optimizer.lr'] === LEARNING_RATE[draft.optimizer.type].initial;
  const previous = draft.optimizer.fields;
  const fields = initials(OPTIMIZER_FIELDS[type]);
  for (const shared of ['weightDecay', 'clipNorm']) fields[shared] = previous[shared] ?? fields[shared] ?? '';
  draft.optimizer = { type, fields };
  if (untouched) draft.single['optimizer.lr'] = LEARNING_RATE[type].initial;
}

export function chooseSchedule(draft: RunDraft, type: ScheduleType): void {
  draft.schedule = { type, fields: initials(SCHEDULE_FIELDS[type]) };
}

export function chooseLoss(draft: RunDraft, type: LossType): void {
  draft.loss = { type, fields: initials(LOSS_FIELDS[type]) };
}

export function chooseLayerType(layer: LayerDraft, type: LayerType): void {
  const kept = layer.fields;
  const fields = initials(LAYER_FIELDS[type]);
  for (const name of Object.keys(fields)) fields[name] = kept[name] ?? fields[name] ?? '';
  layer.type = type;
  layer.fields = fields;
}

export function chooseInit(layer: LayerDraft, init: InitChoice): void {
  layer.init = init;
  const value = INIT_VALUE[init];
  if (value !== undefined) layer.fields.initValue = value.initial;
}

/** Reads a saved draft back: only if it still makes a draft of today's shape. */
export function restoreDraft(saved: string | null): RunDraft | null {
  const value = savedObject(saved);
  return isDraft(value) ? withHealth(value) : null;
}

/** Drafts from before there was such a setting. */
function withHealth(draft: RunDraft): RunDraft {
  const kept = draft.kept as Partial<RunDraft['kept']>;
  if (kept.health !== undefined) return draft;
  return { ...draft, health: true, kept: { ...draft.kept, health: { enabled: true, everySteps: null } } };
}

function isDraft(value: unknown): value is RunDraft {
  if (typeof value !== 'object' || value === null) return false;
  const draft = value as Partial<RunDraft>;
  return (
    typeof draft.name === 'string' &&
    Array.isArray(draft.layers) &&
    draft.layers.every((layer) => layer.type in LAYER_FIELDS && typeof layer.fields === 'object') &&
    draft.optimizer !== undefined &&
    draft.optimizer.type in OPTIMIZER_FIELDS &&
    draft.schedule !== undefined &&
    draft.schedule.type in SCHEDULE_FIELDS &&
    draft.loss !== undefined &&
    draft.loss.type in LOSS_FIELDS &&
    draft.single !== undefined &&
    Object.keys(SINGLE_FIELDS).every(
      (path) => typeof draft.single?.[path as keyof typeof SINGLE_FIELDS] === 'string',
    ) &&
    draft.kept !== undefined
  );
}

/** A draft from a spec as a person or a preset wrote it; the issues when it is not one. */
export function draftFrom(
  value: unknown,
): { readonly ok: true; readonly draft: RunDraft } | ({ readonly ok: false } & Message) {
  const parsed = parseRunSpec(value);
  if (parsed.ok) return { ok: true, draft: draftOf(parsed.spec) };
  const [first] = parsed.issues;
  return { ok: false, ...said(first === undefined ? word('') : issueMessage(first)) };
}

/** Layers that carry initial weights. */
export function hasInit(type: LayerType): boolean {
  return HAS_INIT.has(type);
}
