/** Axes of charts over trials: a parameter, the score or another figure of a trial, as positions from 0 to 1. */

import type { Distribution, ParamValue } from '../../../engine/spec/search-space.ts';
import type { Objective } from '../../../engine/spec/sweep-spec.ts';
import { formatLoss, formatTick } from '../../charts/format.ts';
import { percentTicks } from '../../charts/options/accuracy.ts';
import { linearRange, linearTicks, logRange, logTicks, type Range } from '../../charts/ticks.ts';
import type { Tick } from '../../charts/x-axis.ts';
import { formatPercent, formatSetting } from '../../text/format.ts';
import { SCORE_AXIS, type Brush } from '../selection.ts';

export interface TrialAxis {
  /** A parameter's path, SCORE_AXIS, or the name of another figure. */
  readonly id: string;
  readonly name: string;
  /** Whether a stretch of it can be brushed. */
  readonly brushable: boolean;
  /** Values of a choice in their order; null for numbers. */
  readonly choices: readonly ParamValue[] | null;
  readonly log: boolean;
  /** Labels at positions. */
  readonly ticks: readonly Tick[];
  /** 0 to 1, at the ends for what lies beyond them; NaN for what has no place on the axis. */
  readonly at: (value: ParamValue | undefined) => number;
  /** Of numbers. */
  readonly valueAt: (position: number) => number;
  readonly format: (value: ParamValue | undefined) => string;
}

/** A value as tables and tips write it; `–` for one that is not there. */
export function paramText(value: ParamValue | undefined): string {
  if (value === undefined) return '–';
  if (typeof value === 'number') return formatSetting(Number(value.toPrecision(4)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface Scale extends Range {
  readonly log: boolean;
}

/** Position and back, with the ends of the scale at 0 and 1. */
function numberScale({ min, max, log }: Scale): Pick<TrialAxis, 'at' | 'valueAt'> {
  const from = log ? Math.log(min) : min;
  const span = (log ? Math.log(max) : max) - from;
  return {
    at: (value) => {
      if (typeof value !== 'number' || Number.isNaN(value)) return Number.NaN;
      const inside = Math.min(max, Math.max(min, value));
      return ((log ? Math.log(inside) : inside) - from) / span;
    },
    valueAt: (position) => (log ? Math.exp(from + position * span) : from + position * span),
  };
}

/**
 * The axis of a parameter: its distribution's range, wider where suggestions by hand lie beyond it.
 *
 * @param values what trials have
 */
export function parameterAxis(
  path: string,
  name: string,
  distribution: Distribution,
  values: readonly (ParamValue | undefined)[],
): TrialAxis {
  const base = { id: path, name, brushable: true, format: paramText };
  if (distribution.type === 'choice') return { ...base, ...choiceScale(distribution.values) };
  let { min, max } = distribution;
  for (const value of values) {
    if (typeof value !== 'number') continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const log = (distribution.type === 'log-uniform' || distribution.type === 'log-int') && min > 0;
  return { ...base, ...numbers({ min, max, log }) };
}

function choiceScale(choices: readonly ParamValue[]) {
  const places = new Map(choices.map((value, i) => [JSON.stringify(value), (i + 0.5) / choices.length]));
  const at = (value: ParamValue | undefined): number => places.get(JSON.stringify(value)) ?? Number.NaN;
  const ticks = choices.map((value) => ({ value: at(value), label: paramText(value) }));
  return { choices, log: false, ticks, at, valueAt: () => Number.NaN };
}

function numbers(scale: Scale) {
  const { at, valueAt } = numberScale(scale);
  const ticks = (scale.log ? logTicks(scale) : linearTicks(scale, 4)).map((value) => ({
    value: at(value),
    label: formatTick(value),
  }));
  return { choices: null, log: scale.log, ticks, at, valueAt };
}

/** A figure of a trial that is not negative: epochs, seconds. */
export function figureAxis(
  id: string,
  name: string,
  values: Float64Array,
  format: (value: number) => string,
): TrialAxis {
  const { max } = linearRange(0, Math.max(1e-9, ...extent(values)));
  const scale = { min: 0, max, log: false };
  const axis = numbers(scale);
  const ticks = linearTicks(scale, 4).map((value) => ({ value: axis.at(value), label: format(value) }));
  const formatValue = (value: ParamValue | undefined): string => (typeof value === 'number' ? format(value) : '–');
  return { ...axis, id, name, brushable: false, ticks, format: formatValue };
}

/** How a sweep's scores are written: percent of an accuracy without its sign, digits of a loss. */
export function formatScore({ metric }: Objective, score: number | null): string {
  if (score === null || Number.isNaN(score)) return '–';
  return metric === 'accuracy' ? formatPercent(score) : formatLoss(score);
}

/** Scores further than this many quartile distances on the bad side do not stretch the axis. */
const FAR = 3;
/** Positive losses that differ by more than this factor are drawn on a logarithmic axis. */
const LOG_FROM = 20;

/** The axis of the objective. Its bad end leaves out what lies far from everything else: those trials are at the end. */
export function scoreAxis(objective: Objective, name: string, scores: Float64Array): TrialAxis {
  const scale = scoreScale(objective, scores);
  const accuracy = objective.metric === 'accuracy';
  const axis = numbers(scale);
  const ticks = accuracy ? percentTicks(scale).map((tick) => ({ ...tick, value: axis.at(tick.value) })) : axis.ticks;
  const format = (value: ParamValue | undefined): string =>
    formatScore(objective, typeof value === 'number' ? value : null);
  return { ...axis, id: SCORE_AXIS, name, brushable: true, ticks, format };
}

function scoreScale({ metric, direction }: Objective, scores: Float64Array): Scale {
  const known = scores.filter(Number.isFinite).sort();
  const accuracy = metric === 'accuracy';
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return { min: accuracy ? 0 : 0.1, max: 1, log: false };
  if (!accuracy && first > 0 && last / first > LOG_FROM) return { ...logRange(first, last), log: true };
  const quartile = (share: number): number => known[Math.round(share * (known.length - 1))] ?? first;
  const reach = FAR * (quartile(0.75) - quartile(0.25));
  const low = direction === 'maximize' && reach > 0 ? Math.max(first, quartile(0.25) - reach) : first;
  const high = direction === 'minimize' && reach > 0 ? Math.min(last, quartile(0.75) + reach) : last;
  const { min, max } = linearRange(low, high);
  return accuracy ? { min: Math.max(0, min), max: Math.min(1, max), log: false } : { min, max, log: false };
}

function extent(values: Float64Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}

/** The scores at both ends of the ramp, the worst first. */
export function rampEnds(
  score: TrialAxis,
  direction: Objective['direction'],
): { readonly low: string; readonly high: string } {
  const [bottom, top] = [score.format(score.valueAt(0)), score.format(score.valueAt(1))];
  return direction === 'maximize' ? { low: bottom, high: top } : { low: top, high: bottom };
}

/** What a stretch of an axis holds on to; null when it holds nothing or all there is. Order of the ends does not matter. */
export function brushOf(axis: TrialAxis, a: number, b: number): Brush | null {
  const [from, to] = [Math.min(a, b), Math.max(a, b)];
  if (axis.choices !== null) {
    const half = 0.5 / axis.choices.length;
    const values = axis.choices.filter((value) => axis.at(value) + half > from && axis.at(value) - half < to);
    return values.length === 0 || values.length === axis.choices.length ? null : { kind: 'values', values };
  }
  if (from <= 0 && to >= 1) return null;
  // An end of the axis holds what lies beyond it too.
  return {
    kind: 'range',
    from: from <= 0 ? -Infinity : axis.valueAt(from),
    to: to >= 1 ? Infinity : axis.valueAt(to),
  };
}

/** The stretch of an axis a brush covers, positions. */
export function stretchOf(axis: TrialAxis, brush: Brush): Range {
  if (brush.kind === 'range') {
    return {
      min: brush.from === -Infinity ? 0 : axis.at(brush.from),
      max: brush.to === Infinity ? 1 : axis.at(brush.to),
    };
  }
  const half = 0.5 / Math.max(1, axis.choices?.length ?? 1);
  const places = brush.values.map((value) => axis.at(value)).filter((place) => !Number.isNaN(place));
  return { min: Math.min(...places) - half, max: Math.max(...places) + half };
}

/** A brush in words: "1e−3 … 0.05", "≥ 90%", "adam, sgd". */
export function brushText(axis: TrialAxis, brush: Brush): string {
  if (brush.kind === 'values') return brush.values.map((value) => axis.format(value)).join(', ');
  const number = (value: number): string =>
    axis.id === SCORE_AXIS ? axis.format(value) : formatTick(Number(value.toPrecision(3)));
  if (brush.from === -Infinity) return `≤ ${number(brush.to)}`;
  if (brush.to === Infinity) return `≥ ${number(brush.from)}`;
  return `${number(brush.from)} … ${number(brush.to)}`;
}
