/** Says of each layer whether it is well, in the terms of a traffic light, and what the matter is when it is not. */

import { HEALTH_MEASURES, healthColumn, type HealthLayer, type HealthMeasure, type HealthSamples } from './health.ts';

/** `look`: worth a look; `broken`: it will hardly learn like this. */
export const HEALTH_LEVELS = ['good', 'look', 'broken'] as const;
export type HealthLevel = (typeof HEALTH_LEVELS)[number];

/**
 * What can be the matter with a layer:
 * - `not-finite`: its activations or gradients are NaN or infinite
 * - `dead`: units of its relu give 0 for every row looked at
 * - `saturated`: its activation is at its flat ends
 * - `no-gradient`: its gradient is exactly 0
 * - `vanishing`: its gradient is far smaller than that of another layer
 * - `jumping`, `still`: an update changes its weights by too much, or by next to nothing
 * - `narrow`, `wide`: its activations hardly differ, or are huge
 *
 * Causes come before what follows from them: a dead layer leaves those before it without a gradient.
 */
export const HEALTH_SIGNS = [
  'not-finite',
  'dead',
  'saturated',
  'no-gradient',
  'jumping',
  'wide',
  'vanishing',
  'narrow',
  'still',
] as const;
export type HealthSign = (typeof HEALTH_SIGNS)[number];

/** From where on a sign is worth a look, and from where on something is broken. Upper limits, unless `below`. */
interface Limits {
  readonly look: number;
  readonly broken: number;
  readonly below?: boolean;
}

/**
 * The limits of the lights. Where a source gives a figure it is named; the others are powers of ten that the networks
 * in `examples/` keep to, and that the book's broken ones (section 6.2) do not.
 */
export const HEALTH_LIMITS = {
  /** Share of units. The notes of Stanford's CS231n, "Neural Networks Part 1": a rate too high can kill 40 % of a network. */
  dead: { look: 0.1, broken: 0.4 },
  /** Share of values. Glorot & Bengio 2010, section 3: layers at their flat ends stop what lies below from learning. */
  saturated: { look: 0.3, broken: 0.6 },
  /** ‖Δw‖/‖w‖. CS231n, "Neural Networks Part 3": about 1e−3 is usual. */
  jumping: { look: 0.1, broken: 1 },
  still: { look: 1e-6, broken: 0, below: true },
  /** ‖g‖ to the largest of all layers. Glorot & Bengio 2010, section 4: it should be about the same everywhere. */
  vanishing: { look: 1e-3, broken: 1e-6, below: true },
  /** Standard deviation. Section 6.2 of the book: with initial weights of 0.01 all units come to say the same. */
  narrow: { look: 0.02, broken: 1e-4, below: true },
  wide: { look: 100, broken: 1e4 },
} as const satisfies Partial<Record<HealthSign, Limits>>;

/** Something about a layer that is worth a look. */
export interface HealthFinding {
  readonly sign: HealthSign;
  readonly level: Exclude<HealthLevel, 'good'>;
  /** What was measured: a share, a ratio, a standard deviation; NaN for `not-finite`. */
  readonly value: number;
}

/** A layer at one step. */
export interface LayerHealth {
  readonly layer: HealthLayer;
  readonly level: HealthLevel;
  /** The worst first. */
  readonly findings: readonly HealthFinding[];
  /** The figures of the sample looked at. */
  readonly figures: Readonly<Record<HealthMeasure, number>>;
}

/** An update is judged by the middle one of this many samples: single ones waver. */
const JUDGED_SAMPLES = 5;

/**
 * Judges the last sample at or before `step`; null when there is none. `rateShare` is the learning rate there as a
 * share
 * of the spec's: a schedule that has brought it down makes small updates, which is no illness.
 */
export function judgeHealth(
  samples: HealthSamples,
  layers: readonly HealthLayer[],
  step: number,
  rateShare = 1,
): LayerHealth[] | null {
  const at = samples.steps.findLastIndex((one) => one <= step);
  if (at < 0) return null;
  const gradients = layers.map((_, row) => valueOf(samples, layers, at, row, 'gradient-norm'));
  // Before the first update there are none to judge.
  const measured = gradients.some((norm) => !Number.isNaN(norm));
  const largest = Math.max(...gradients.filter(Number.isFinite));
  return layers.map((layer, row) => {
    const figures = Object.fromEntries(
      HEALTH_MEASURES.map((measure) => [measure, valueOf(samples, layers, at, row, measure)]),
    ) as Record<HealthMeasure, number>;
    const ratio = middle(samples, layers, at, row);
    const findings = measured ? gradientFindings(figures['gradient-norm'], largest) : [];
    findings.push(
      ...updateFindings(ratio, rateShare),
      ...activationFindings(figures, layer),
      ...finding('dead', figures.dead),
      ...finding('saturated', figures.saturated),
    );
    findings.sort(compare);
    return { layer, level: findings[0]?.level ?? 'good', findings: withoutRepeats(findings), figures };
  });
}

/** The layer whose finding matters most, null when all are good; among equals the cause, then the first layer. */
export function worstHealth(layers: readonly LayerHealth[]): LayerHealth | null {
  let worst: { readonly layer: LayerHealth; readonly finding: HealthFinding } | null = null;
  for (const layer of layers) {
    const [finding] = layer.findings;
    if (finding === undefined) continue;
    if (worst === null || compare(finding, worst.finding) < 0) worst = { layer, finding };
  }
  return worst?.layer ?? null;
}

function gradientFindings(norm: number, largest: number): HealthFinding[] {
  if (!Number.isFinite(norm)) return [{ sign: 'not-finite', level: 'broken', value: norm }];
  if (norm === 0) return largest > 0 ? [{ sign: 'no-gradient', level: 'broken', value: 0 }] : [];
  return finding('vanishing', norm / largest);
}

function updateFindings(ratio: number, rateShare: number): HealthFinding[] {
  // A layer without a gradient stands still: that is said already.
  const slow = ratio > 0 && rateShare > 0 ? finding('still', ratio / rateShare) : [];
  return [...slow, ...finding('jumping', ratio)];
}

function activationFindings(figures: Readonly<Record<HealthMeasure, number>>, layer: HealthLayer): HealthFinding[] {
  const std = figures['activation-std'];
  if (!Number.isFinite(std) || !Number.isFinite(figures['activation-mean'])) {
    return [{ sign: 'not-finite', level: 'broken', value: std }];
  }
  // How far the outputs spread is for the targets to say, and a dead layer has its own finding.
  if (layer.last || figures.dead === 1) return [];
  return [...finding('narrow', std), ...finding('wide', std)];
}

function finding(sign: keyof typeof HEALTH_LIMITS, value: number): HealthFinding[] {
  const limits: Limits = HEALTH_LIMITS[sign];
  const beyond = (limit: number): boolean => (limits.below === true ? value < limit : value >= limit);
  if (beyond(limits.broken)) return [{ sign, level: 'broken', value }];
  return beyond(limits.look) ? [{ sign, level: 'look', value }] : [];
}

/** The worse one first. */
function compare(a: HealthFinding, b: HealthFinding): number {
  const byLevel = HEALTH_LEVELS.indexOf(b.level) - HEALTH_LEVELS.indexOf(a.level);
  return byLevel || HEALTH_SIGNS.indexOf(a.sign) - HEALTH_SIGNS.indexOf(b.sign);
}

function withoutRepeats(findings: readonly HealthFinding[]): HealthFinding[] {
  return findings.filter((one, i) => findings.findIndex((other) => other.sign === one.sign) === i);
}

/** The middle one of the last update ratios, NaN when there is none. */
function middle(samples: HealthSamples, layers: readonly HealthLayer[], at: number, row: number): number {
  const ratios: number[] = [];
  for (let i = at; i >= 0 && ratios.length < JUDGED_SAMPLES; i--) {
    const ratio = valueOf(samples, layers, i, row, 'update-ratio');
    if (!Number.isNaN(ratio)) ratios.push(ratio);
  }
  ratios.sort((a, b) => a - b);
  return ratios[ratios.length >> 1] ?? NaN;
}

function valueOf(
  { values }: HealthSamples,
  layers: readonly HealthLayer[],
  sample: number,
  row: number,
  measure: HealthMeasure,
): number {
  return values[sample * layers.length * HEALTH_MEASURES.length + healthColumn(row, measure)] ?? NaN;
}
