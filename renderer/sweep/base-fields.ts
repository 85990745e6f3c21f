/** Everything in a base run spec that a sweep can vary: where it stands, what it is now, what it can be. Pure. */

import { LOSS_TYPES, OPTIMIZER_TYPES, type LayerType, type OptimizerType } from '../../engine/spec/layer-spec.ts';
import { RANGES, type NumberRange } from '../../engine/spec/numbers.ts';
import type { RunSpec } from '../../engine/spec/run-spec.ts';
import type { Distribution, ParamValue } from '../../engine/spec/search-space.ts';
import {
  HAS_INIT,
  LAYER_FIELDS,
  LEARNING_RATE,
  learningRateRange,
  OPTIMIZER_FIELDS,
  SCHEDULE_FIELDS,
  SINGLE_FIELDS,
  type FieldDef,
} from '../forms/fields.ts';

interface Field {
  readonly path: string;
  /** What it is called: the last part of its path, `type` with its owner ("optimizer.type", "layer.type"). */
  readonly name: string;
  /** undefined where the base has no value of its own. */
  readonly value: ParamValue | undefined;
  /** The kind of layer it belongs to. */
  readonly layer?: LayerType;
  /** Optimizers that have the setting, where only some do. */
  readonly owners?: readonly OptimizerType[];
}
export interface NumberField extends Field {
  readonly kind: 'number';
  readonly range: NumberRange;
}
export interface ChoiceField extends Field {
  readonly kind: 'choice';
  readonly choices: readonly ParamValue[];
}
export type BaseField = NumberField | ChoiceField;

/** Kinds of layer that can stand for each other without changing a shape. */
export const ACTIVATIONS = ['relu', 'leaky-relu', 'elu', 'sigmoid', 'tanh', 'softplus', 'identity'] as const;
const INITS: readonly ParamValue[] = ['he', 'xavier', 'glorot', { normal: 0.01 }];
const REPEAT: NumberRange = { min: 1, max: 1000, integer: true, usual: [1, 6] };

/** `types`: optimizers the sweep tries; settings only one of them has can vary too, under a condition. */
export function baseFields(base: RunSpec, types: readonly OptimizerType[] = []): BaseField[] {
  return [...optimizerFields(base, types), ...networkFields(base), ...trainingFields(base)];
}

function optimizerFields(base: RunSpec, types: readonly OptimizerType[]): BaseField[] {
  const { optimizer, schedule } = base;
  const inPlay = OPTIMIZER_TYPES.filter((type) => type === optimizer.type || types.includes(type));
  const settings = new Map<string, FieldDef>();
  for (const type of inPlay) for (const def of OPTIMIZER_FIELDS[type]) settings.set(def.name, def);
  const own = optimizer as Readonly<Record<string, unknown>>;
  return [
    number('optimizer.lr', 'lr', optimizer.lr, learningRateRange(optimizer.type)),
    { kind: 'choice', path: 'optimizer.type', name: 'optimizer', value: optimizer.type, choices: OPTIMIZER_TYPES },
    ...[...settings.values()].map((def): BaseField => {
      const owners = OPTIMIZER_TYPES.filter((type) => OPTIMIZER_FIELDS[type].some(({ name }) => name === def.name));
      const field = number(`optimizer.${def.name}`, def.name, numberIn(own[def.name]), def.range);
      return inPlay.every((type) => owners.includes(type)) ? field : { ...field, owners };
    }),
    ...SCHEDULE_FIELDS[schedule.type].map((def) =>
      number(
        `schedule.${def.name}`,
        def.name,
        numberIn((schedule as Readonly<Record<string, unknown>>)[def.name]),
        def.range,
      ),
    ),
  ];
}

function networkFields(base: RunSpec): BaseField[] {
  const fields: BaseField[] = [];
  const visit = (entries: RunSpec['model']['layers'], at: string): void => {
    entries.forEach((entry, i) => {
      const path = `${at}.${i}`;
      if ('repeat' in entry) {
        fields.push(number(`${path}.repeat`, 'repeat', entry.repeat, REPEAT));
        visit(entry.layers, `${path}.layers`);
        return;
      }
      const layer = entry.type;
      const settings = entry as Readonly<Record<string, unknown>>;
      for (const def of LAYER_FIELDS[layer]) {
        fields.push({ ...number(`${path}.${def.name}`, def.name, numberIn(settings[def.name]), def.range), layer });
      }
      if (HAS_INIT.has(layer)) {
        fields.push(choice(`${path}.init`, 'init', settings['init'] as ParamValue, INITS, layer));
      }
      const kinds = kindsFor(layer);
      if (kinds.length > 1) fields.push(choice(`${path}.type`, 'layer', layer, kinds, layer));
    });
  };
  visit(base.model.layers, 'model.layers');
  return fields;
}

/** What may stand in a layer's place: activations for each other, pooling for pooling, nothing for what only regularises. */
function kindsFor(layer: LayerType): readonly LayerType[] {
  if ((ACTIVATIONS as readonly LayerType[]).includes(layer)) return ACTIVATIONS;
  if (layer === 'dropout' || layer === 'batch-norm') return [layer, 'identity'];
  return layer === 'max-pool2d' || layer === 'avg-pool2d' ? ['max-pool2d', 'avg-pool2d'] : [];
}

function trainingFields({ training, data, loss }: RunSpec): BaseField[] {
  const length = training.steps === undefined ? 'epochs' : 'steps';
  return [
    number('training.batchSize', 'batchSize', training.batchSize, RANGES.batchSize),
    number(`training.${length}`, length, training[length], RANGES[length]),
    choice('training.sampling', 'sampling', training.sampling, ['shuffle', 'sequential', 'replacement']),
    choice('data.normalize', 'normalize', data.normalize, ['none', 'unit', 'standardize']),
    number('data.limit', 'limit', data.limit ?? undefined, SINGLE_FIELDS['data.limit'].range),
    choice('loss.type', 'loss', typeof loss === 'string' ? loss : loss.type, LOSS_TYPES),
  ];
}

function number(path: string, name: string, value: number | undefined, range: NumberRange): NumberField {
  return { kind: 'number', path, name, value, range };
}
function choice(
  path: string,
  name: string,
  value: ParamValue | undefined,
  choices: readonly ParamValue[],
  layer?: LayerType,
): ChoiceField {
  return { kind: 'choice', path, name, value, choices, ...(layer === undefined ? {} : { layer }) };
}
function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Where a search of a field usually begins: around its value in the base. */
export function suggestedDistribution(field: BaseField, base: RunSpec): Distribution {
  if (field.kind === 'choice') return { type: 'choice', values: firstChoices(field) };
  if (field.name === 'lr') {
    const [least, most] = LEARNING_RATE[base.optimizer.type].usual;
    return { type: 'log-uniform', min: round(least / 10), max: most };
  }
  if (field.name === 'weightDecay') return { type: 'log-uniform', min: 1e-6, max: 1e-2 };
  if (field.name === 'epsilon') return { type: 'log-uniform', min: 1e-10, max: 1e-3 };
  if (field.name === 'batchSize') return { type: 'log-int', min: 16, max: 256 };
  const value = typeof field.value === 'number' ? field.value : null;
  return field.range.integer === true ? aroundWhole(field, value) : aroundNumber(field, value);
}

function firstChoices(field: ChoiceField): ParamValue[] {
  if (field.name === 'optimizer') return ['sgd', 'momentum', 'adam'];
  if (field.name === 'layer' && field.choices.length > 2) return ['relu', 'tanh', 'sigmoid'];
  if (field.name === 'loss') return [field.value, field.value === 'mse' ? 'huber' : 'mse'] as ParamValue[];
  return field.choices.slice(0, field.name === 'init' ? 2 : 3);
}

function aroundWhole({ range }: NumberField, value: number | null): Distribution {
  const [least, most] = range.usual ?? [1, 100];
  if (value === null || value < 10) {
    const max = Math.min(range.max, Math.max(most, value ?? 0));
    return { type: 'int', min: Math.max(range.min, Math.min(least, value ?? least)), max, step: 1 };
  }
  const step = 10 ** (Math.floor(Math.log10(value)) - 1) * (value / 10 ** Math.floor(Math.log10(value)) >= 5 ? 5 : 1);
  const stepped = (wanted: number): number => Math.max(step, Math.round(wanted / step) * step);
  return { type: 'int', min: stepped(value / 5), max: stepped(value * 2), step: Math.max(1, Math.round(step)) };
}

function aroundNumber({ range }: NumberField, value: number | null): Distribution {
  const [least, most] = range.usual ?? around(value ?? 0.1);
  if (least > 0 && most / least >= 100) return { type: 'log-uniform', min: least, max: most };
  return { type: 'uniform', min: Math.max(range.min, least), max: Math.min(range.max, most) };
}

function around(value: number): readonly [number, number] {
  return value === 0 ? [0, 1] : [round(value / 2), round(value * 2)];
}
function round(value: number): number {
  return Number(value.toPrecision(3));
}
