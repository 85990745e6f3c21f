/** Checks a draft field by field and as a whole: what is wrong, where, and how it can be repaired. Pure. */

import type { LayerSpec } from '../../engine/spec/layer-spec.ts';
import { said, type Message } from '../../engine/spec/message.ts';
import { parseRunSpec, type RunSpec } from '../../engine/spec/run-spec.ts';
import { inferShapes, type DataShape, type ModelShapes, type ShapeIssue } from '../../engine/spec/shapes.ts';
import { checkNumber, type NumberIssue } from '../text/number-input.ts';
import type { NumberRange } from '../../engine/spec/numbers.ts';
import type { LayerDraft, RunDraft } from './draft.ts';
import { splitCounts } from './summary.ts';
import {
  HAS_INIT,
  INIT_VALUE,
  LAYER_FIELDS,
  LOSS_FIELDS,
  OPTIMIZER_FIELDS,
  SCHEDULE_FIELDS,
  SINGLE_FIELDS,
  learningRateRange,
  type FieldDef,
  type SinglePath,
} from './fields.ts';

/** What is wrong with one field, for its message below it. */
export type FieldIssue =
  | { readonly kind: 'number'; readonly issue: NumberIssue; readonly range: NumberRange }
  | { readonly kind: 'shape'; readonly issue: ShapeIssue }
  /** Settings that do not suit the data: a message under `newRun.problem`. */
  | { readonly kind: 'data'; readonly code: 'no-training-rows' | 'loss-needs-classes' }
  | ({ readonly kind: 'text' } & Message);

export interface CheckedDraft {
  /** The spec, when nothing is wrong with the draft by itself. */
  readonly spec: RunSpec | null;
  /** By path in the spec: `optimizer.lr`, `model.layers.2.units`, `model.layers.5` for a layer that does not fit. */
  readonly issues: ReadonlyMap<string, FieldIssue>;
  /** null until the data set's shape is known. */
  readonly shapes: ModelShapes | null;
}

/** What a check needs to know of the data set. */
export interface KnownData {
  readonly shape: DataShape;
  readonly rows: number;
  readonly testRows: number;
}

/** Checks a draft; `known` is null while the data set is not read yet. */
export function checkDraft(draft: RunDraft, known: KnownData | null): CheckedDraft {
  const data = known?.shape ?? null;
  const issues = new Map<string, FieldIssue>();
  const read = (path: string, def: FieldDef, typed: string): number | undefined => {
    if (def.optional === true && typed.trim() === '') return undefined;
    const checked = checkNumber(typed, def.range);
    if (checked.ok) return checked.value;
    issues.set(path, { kind: 'number', issue: checked.issue, range: def.range });
    return undefined;
  };
  const readAll = (prefix: string, defs: readonly FieldDef[], fields: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      defs
        .map((def) => [def.name, read(`${prefix}.${def.name}`, def, fields[def.name] ?? '')] as const)
        .filter(([, value]) => value !== undefined),
    );
  const single = (path: SinglePath): number | undefined => read(path, SINGLE_FIELDS[path], draft.single[path]);

  const layers = draft.layers.map((layer, index) => layerValue(layer, `model.layers.${index}`, read, readAll));
  const length = draft.length === 'epochs' ? 'training.epochs' : 'training.steps';
  const value = {
    name: draft.name.trim() === '' ? undefined : draft.name.trim(),
    seed: single('seed'),
    data: {
      source: draft.source,
      normalize: draft.normalize,
      validation: single('data.validation'),
      test: single('data.test') ?? null,
      splitSeed: single('data.splitSeed'),
      limit: single('data.limit') ?? null,
    },
    model: { layers },
    loss: { type: draft.loss.type, ...readAll('loss', LOSS_FIELDS[draft.loss.type], draft.loss.fields) },
    optimizer: {
      type: draft.optimizer.type,
      lr: read(
        'optimizer.lr',
        { ...SINGLE_FIELDS['optimizer.lr'], range: learningRateRange(draft.optimizer.type) },
        draft.single['optimizer.lr'],
      ),
      ...readAll('optimizer', OPTIMIZER_FIELDS[draft.optimizer.type], draft.optimizer.fields),
    },
    schedule: {
      type: draft.schedule.type,
      ...readAll('schedule', SCHEDULE_FIELDS[draft.schedule.type], draft.schedule.fields),
    },
    training: {
      batchSize: single('training.batchSize'),
      [draft.length]: single(length),
      sampling: draft.sampling,
      evaluate: draft.kept.evaluate,
      checkpoint: {
        everyEpochs: single('training.checkpoint.everyEpochs') ?? null,
        everyMinutes: single('training.checkpoint.everyMinutes') ?? null,
      },
      earlyStopping: draft.earlyStopping
        ? { ...draft.kept.earlyStopping, patience: single('training.earlyStopping.patience') }
        : null,
      histograms: { ...draft.kept.histograms, enabled: draft.histograms },
      health: { ...draft.kept.health, enabled: draft.health },
    },
    initialWeights: draft.initialWeights,
  };
  // A field that could not be read is left out above; its own message says more than the schema's "nothing".
  const parsed = parseRunSpec(value);
  if (!parsed.ok && issues.size === 0) {
    for (const issue of parsed.issues) issues.set(issue.path, { kind: 'text', ...said(issue) });
  }
  const shapes = data === null ? null : inferShapes(data, forShapes(layers), draft.loss.type);
  for (const issue of shapes?.issues ?? []) {
    // A layer whose own number is wrong already says so; its shape follows once that is mended.
    const prefix = `model.layers.${issue.layer}`;
    if ([...issues.keys()].some((path) => path.startsWith(`${prefix}.`))) continue;
    issues.set(prefix, { kind: 'shape', issue });
  }
  if (data?.task === 'regression' && draft.loss.type === 'softmax-cross-entropy') {
    issues.set('loss', { kind: 'data', code: 'loss-needs-classes' });
  }
  if (known !== null && parsed.ok && splitCounts(known.rows, known.testRows, parsed.spec.data).train < 1) {
    issues.set('data.validation', { kind: 'data', code: 'no-training-rows' });
  }
  return { spec: parsed.ok && issues.size === 0 ? parsed.spec : null, issues, shapes };
}

type ReadNumber = (path: string, def: FieldDef, typed: string) => number | undefined;
type ReadAll = (
  prefix: string,
  defs: readonly FieldDef[],
  fields: Readonly<Record<string, string>>,
) => Record<string, number | undefined>;

function layerValue(layer: LayerDraft, path: string, read: ReadNumber, readAll: ReadAll): Record<string, unknown> {
  const value = { type: layer.type, ...readAll(path, LAYER_FIELDS[layer.type], layer.fields) };
  if (!HAS_INIT.has(layer.type)) return value;
  const def = INIT_VALUE[layer.init];
  if (def === undefined) return { ...value, init: layer.init };
  const amount = read(`${path}.initValue`, def, layer.fields.initValue ?? '');
  return { ...value, init: { [layer.init]: amount ?? 0 } };
}

/** Layers for shape inference, a number that cannot be read standing in as 1 so that the rest keeps its shapes. */
function forShapes(layers: readonly Record<string, unknown>[]): LayerSpec[] {
  return layers.map(
    (layer) => ({ units: 1, filters: 1, kernel: 1, padding: 0, ...defaults(layer), ...layer }) as unknown as LayerSpec,
  );
}

function defaults(layer: Record<string, unknown>): Record<string, unknown> {
  return layer.type === 'conv2d' ? { stride: 1 } : {};
}

/** A way out of a shape issue, offered as a button. `apply` changes the draft. */
export interface Repair {
  /** Message under `newRun.repair`, with its values. */
  readonly code: 'useWindow' | 'setPadding' | 'setUnits' | 'addOutput' | 'removeLayer';
  readonly values: Readonly<Record<string, number>>;
  readonly apply: (draft: RunDraft) => void;
}

/** The repairs for a layer that does not fit, the most likely first. */
export function repairsFor(issue: ShapeIssue, draft: RunDraft): Repair[] {
  const layer = draft.layers[issue.layer];
  if (layer === undefined) return [];
  switch (issue.code) {
    case 'window-too-large':
      return windowRepairs(issue, layer);
    case 'outputs-mismatch':
    case 'loss-needs-one-output':
      return outputRepairs(issue.values.expected ?? 1, draft);
    case 'needs-image':
    case 'needs-flat':
      return [
        {
          code: 'removeLayer',
          values: { n: issue.layer + 1 },
          apply: (target) => target.layers.splice(issue.layer, 1),
        },
      ];
  }
}

function windowRepairs(issue: ShapeIssue, layer: LayerDraft): Repair[] {
  const { height = 1, width = 1, kernel = 1, padding = 0 } = issue.values;
  const fits = Math.min(height, width) + 2 * padding;
  const repairs: Repair[] = [];
  const target = (draft: RunDraft): LayerDraft | undefined => draft.layers[issue.layer];
  if (fits >= 1) {
    repairs.push({
      code: 'useWindow',
      values: { k: fits },
      apply: (draft) => {
        const it = target(draft);
        if (it !== undefined) it.fields.kernel = String(fits);
      },
    });
  }
  if (layer.type === 'conv2d') {
    const needed = Math.ceil((kernel - Math.min(height, width)) / 2);
    repairs.push({
      code: 'setPadding',
      values: { p: needed, n: issue.layer + 1 },
      apply: (draft) => {
        const it = target(draft);
        if (it !== undefined) it.fields.padding = String(needed);
      },
    });
  }
  return repairs;
}

function outputRepairs(expected: number, draft: RunDraft): Repair[] {
  const last = draft.layers.findLastIndex((layer) => layer.type === 'affine');
  const repairs: Repair[] = [];
  if (last >= 0) {
    repairs.push({
      code: 'setUnits',
      values: { units: expected, n: last + 1 },
      apply: (target) => {
        const layer = target.layers[last];
        if (layer !== undefined) layer.fields.units = String(expected);
      },
    });
  }
  repairs.push({
    code: 'addOutput',
    values: { units: expected },
    apply: (target) => {
      const key = target.layers.reduce((highest, layer) => Math.max(highest, layer.key), 0) + 1;
      target.layers.push({ key, type: 'affine', fields: { units: String(expected) }, init: 'he' });
    },
  });
  return repairs;
}
