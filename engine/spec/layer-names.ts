/** Names of layers as people see them: "affine 1", "affine 2", "conv2d 1", counted per type. */

import type { LayerSpec } from './layer-spec.ts';

export function layerNames(layers: readonly LayerSpec[]): string[] {
  const counts = new Map<string, number>();
  return layers.map((layer) => {
    const n = (counts.get(layer.type) ?? 0) + 1;
    counts.set(layer.type, n);
    return `${layer.type} ${n}`;
  });
}

/** "64-50-10": input size, then the width of every layer with weights. Runs of equal widths are folded: "64-100×3-10". */
export function modelLabel(inputSize: number, layers: readonly LayerSpec[]): string {
  const parts: string[] = [];
  for (const layer of layers) {
    if (layer.type === 'affine') parts.push(String(layer.units));
    if (layer.type === 'conv2d') parts.push(`c${layer.filters}`);
  }
  const folded: string[] = [String(inputSize)];
  for (let i = 0; i < parts.length;) {
    let n = 1;
    while (parts[i + n] === parts[i]) n++;
    folded.push(
      n > 2
        ? `${parts[i]}×${n}`
        : Array<string>(n)
            .fill(parts[i] ?? '')
            .join('-'),
    );
    i += n;
  }
  return folded.join('-');
}
