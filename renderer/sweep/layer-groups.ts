/** Equal layers one after the other, and the `repeat` entries that stand for them: what lets a sweep vary the depth. Pure. */

import { expandLayers, type RunSpec } from '../../engine/spec/run-spec.ts';
import type { LayerSpec } from '../../engine/spec/layer-spec.ts';

type Entries = RunSpec['model']['layers'];

/**
 * The layers with the groups the entries had before: the form writes `repeat` out, and paths into a group would lose
 * their place. A group that is no longer made of equal layers stays written out.
 */
export function regroup(layers: readonly LayerSpec[], before: Entries): Entries {
  const sizes = before.flatMap((entry) => ('repeat' in entry ? [expandLayers(entry.layers).length] : []));
  const entries: Entries = [];
  for (let i = 0; i < layers.length;) {
    const [size = 0] = sizes;
    const times = size === 0 ? 0 : timesFrom(layers, i, size);
    const single = before[entries.length];
    const meant = single !== undefined && 'repeat' in single;
    if (times > 1 || (times === 1 && meant)) {
      entries.push({ repeat: times, layers: layers.slice(i, i + size) });
      i += times * size;
      sizes.shift();
    } else {
      entries.push(layers[i] as LayerSpec);
      i++;
    }
  }
  return entries;
}

/** How often the block of `size` layers at `from` stands there in a row; 0 where the layers end before. */
function timesFrom(layers: readonly LayerSpec[], from: number, size: number): number {
  const block = JSON.stringify(layers.slice(from, from + size));
  if (from + size > layers.length) return 0;
  let times = 1;
  while (JSON.stringify(layers.slice(from + times * size, from + (times + 1) * size)) === block) times++;
  return times;
}

/** A run of layers that could be repeated: a layer with weights and what follows it, up to the next one. */
export interface Block {
  /** Index of the first layer in `model.layers`. */
  readonly start: number;
  readonly size: number;
  readonly times: number;
}

/** Hidden blocks that are no group yet; the output layer is never one. */
export function blocksOf(entries: Entries): Block[] {
  const hasWeights = (entry: Entries[number] | undefined): boolean =>
    entry !== undefined && 'type' in entry && (entry.type === 'affine' || entry.type === 'conv2d');
  const starts = entries.flatMap((entry, i) => (hasWeights(entry) ? [i] : []));
  const output = starts.at(-1);
  const blocks: Block[] = [];
  for (const [k, start] of starts.entries()) {
    if (start === output) break;
    const last = blocks.at(-1);
    if (last !== undefined && start < last.start + last.size * last.times) continue;
    const end = starts[k + 1] ?? entries.length;
    const between = entries.slice(start, end);
    if (between.some((entry) => !('type' in entry) || entry.type === 'flatten')) continue;
    const size = end - start;
    const layers = entries.slice(0, output).map((entry) => entry as LayerSpec);
    blocks.push({ start, size, times: timesFrom(layers, start, size) });
  }
  return blocks;
}

/** Where a path leads once the block is a group: into its first copy. */
export function pathInGroup(path: string, { start, size, times }: Block): string {
  const [, index, rest = ''] = /^model\.layers\.(\d+)(\..*)?$/.exec(path) ?? [];
  if (index === undefined) return path;
  const at = Number(index);
  if (at < start) return path;
  if (at >= start + size * times) return `model.layers.${at - size * times + 1}${rest}`;
  return `model.layers.${start}.layers.${(at - start) % size}${rest}`;
}

/** The spec with the block written as a group; the network it stands for is the same. */
export function withGroup(base: RunSpec, { start, size, times }: Block): RunSpec {
  const { layers } = base.model;
  const group = { repeat: times, layers: layers.slice(start, start + size) };
  return { ...base, model: { layers: [...layers.slice(0, start), group, ...layers.slice(start + size * times)] } };
}
