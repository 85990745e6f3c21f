/** The layers' health in words. */

import { rateShare } from '../../engine/schedules/rate-share.ts';
import { healthLayers, type HealthSamples } from '../../engine/spec/health.ts';
import { judgeHealth, worstHealth, type HealthFinding, type LayerHealth } from '../../engine/spec/health-verdict.ts';
import { expandLayers } from '../../engine/spec/run-spec.ts';
import type { RunDetail } from '../contract/runs.ts';
import { figure } from './text-format.ts';

/** The last sample, judged; null for a run nothing was measured of. */
export function judgedAtEnd({ spec, summary }: RunDetail, samples: HealthSamples): LayerHealth[] | null {
  const last = samples.steps.at(-1);
  if (last === undefined) return null;
  const layers = healthLayers(expandLayers(spec.model.layers));
  return judgeHealth(samples, layers, last, rateShare(spec, last, summary.stepsPlanned));
}

/** A head and a row a layer, for `alignColumns`. */
export function healthTable(layers: readonly LayerHealth[]): string[][] {
  const head = ['layer', 'health', 'gradient norm', 'update ratio', 'activations', 'dead', 'saturated'];
  const share = (value: number): string => (Number.isNaN(value) ? '' : `${(100 * value).toFixed(1)} %`);
  return [
    head,
    ...layers.map(({ layer, level, figures }) => [
      layer.name,
      level,
      plain(figures['gradient-norm']),
      plain(figures['update-ratio']),
      `${plain(figures['activation-mean'])} ± ${plain(figures['activation-std'])}`,
      share(figures.dead),
      share(figures.saturated),
    ]),
  ];
}

/** "affine 3: 62 % of its units never fire; …", for every layer that is not well, the first finding of each. */
export function healthSentences(layers: readonly LayerHealth[]): string[] {
  return layers.flatMap(({ layer, findings: [first] }) => (first === undefined ? [] : [sentence(layer.name, first)]));
}

/** What is broken worst, null when nothing is. */
export function brokenSentence(layers: readonly LayerHealth[]): string | null {
  const worst = worstHealth(layers);
  const [finding] = worst?.findings ?? [];
  return worst?.level === 'broken' && finding !== undefined ? sentence(worst.layer.name, finding) : null;
}

/** Three digits, small numbers with an exponent; '' for what does not apply. */
function plain(value: number): string {
  if (Number.isNaN(value)) return '';
  const small = value !== 0 && Math.abs(value) < 1e-3;
  return small ? value.toExponential(2) : figure(Number(value.toPrecision(3)));
}

function sentence(name: string, { sign, value }: HealthFinding): string {
  const share = `${Math.round(100 * value)} %`;
  switch (sign) {
    case 'not-finite':
      return `${name}: its values are not finite; try a smaller learning rate or gradient clipping`;
    case 'no-gradient':
      return `${name}: no gradient reaches it; look at the layers after it`;
    case 'dead':
      return `${name}: ${share} of its units never fire: the learning rate is too high or the biases start too low; try a smaller rate, he or leaky-relu`;
    case 'saturated':
      return `${name}: ${share} of its values are at the flat ends of its activation; try smaller initial weights, batch-norm or relu`;
    case 'jumping':
      return `${name}: an update changes its weights by ${share}; try a smaller learning rate`;
    case 'still':
      return `${name}: an update changes its weights by ${plain(value)} of their size only; try a larger learning rate`;
    case 'vanishing':
      return `${name}: its gradient is ${plain(value)} of the largest layer's; try he or xavier, relu or batch-norm`;
    case 'narrow':
      return `${name}: its activations hardly differ (standard deviation ${plain(value)}); try he, xavier or batch-norm`;
    case 'wide':
      return `${name}: its activations are very large (standard deviation ${plain(value)}); look at the data's normalisation and the initial weights`;
  }
}
