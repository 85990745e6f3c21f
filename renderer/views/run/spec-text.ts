/** A run spec in a few words, as the configuration card shows it. Identifiers stay as in the spec. */

import { expandLayers, type RunSpec } from '../../../engine/spec/run-spec.ts';
import { formatSetting } from '../../text/format.ts';

/** "affine 64 · relu · affine 10"; runs of equal pairs are folded: "(affine 100 · relu) × 5". */
export function layersText(spec: RunSpec): string {
  const words = expandLayers(spec.model.layers).map((layer) => {
    if (layer.type === 'affine') return `affine ${layer.units}`;
    if (layer.type === 'conv2d') return `conv2d ${layer.filters}@${layer.kernel}×${layer.kernel}`;
    if (layer.type === 'dropout') return `dropout ${formatSetting(layer.rate)}`;
    return layer.type;
  });
  const parts: string[] = [];
  for (let i = 0; i < words.length;) {
    const pair = words.slice(i, i + 2).join(' · ');
    let times = 1;
    while (words.slice(i + 2 * times, i + 2 * times + 2).join(' · ') === pair && i + 2 * times + 1 < words.length)
      times++;
    if (times > 2) {
      parts.push(`(${pair}) × ${times}`);
      i += 2 * times;
    } else {
      parts.push(words[i] ?? '');
      i++;
    }
  }
  return parts.join(' · ');
}

/** "adam, lr 0.001", and what differs from the optimizer's usual settings. */
export function optimizerText(spec: RunSpec): string {
  const { optimizer, schedule } = spec;
  const parts = [optimizer.type, `lr ${formatSetting(optimizer.lr)}`];
  if ('momentum' in optimizer) parts.push(`α ${formatSetting(optimizer.momentum)}`);
  if ('rho' in optimizer) parts.push(`ρ ${formatSetting(optimizer.rho)}`);
  if ('beta1' in optimizer && (optimizer.beta1 !== 0.9 || optimizer.beta2 !== 0.999)) {
    parts.push(`β ${formatSetting(optimizer.beta1)}, ${formatSetting(optimizer.beta2)}`);
  }
  if (optimizer.weightDecay > 0) parts.push(`λ ${formatSetting(optimizer.weightDecay)}`);
  if (optimizer.clipNorm !== null) parts.push(`clip ${formatSetting(optimizer.clipNorm)}`);
  if (schedule.type !== 'constant') parts.push(schedule.type);
  return parts.join(', ');
}

export function lossText(spec: RunSpec): string {
  return typeof spec.loss === 'string' ? spec.loss : spec.loss.type;
}
