/** Ranges of numbers that specs accept, shared by the schema and the form's hints. */

/** Usual and allowed ranges; `usual` feeds the hint beside a field, [min, max] the check. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** True when `min` itself is not allowed. */
  readonly above?: boolean;
  readonly integer?: boolean;
  readonly usual?: readonly [number, number];
}

export const RANGES = {
  lr: { min: 0, above: true, max: 1e6, usual: [1e-4, 1e-1] },
  weightDecay: { min: 0, max: 1e3, usual: [0, 1e-3] },
  units: { min: 1, max: 100_000, integer: true, usual: [10, 1000] },
  filters: { min: 1, max: 10_000, integer: true, usual: [8, 64] },
  kernel: { min: 1, max: 1000, integer: true, usual: [2, 7] },
  stride: { min: 1, max: 1000, integer: true, usual: [1, 2] },
  padding: { min: 0, max: 1000, integer: true, usual: [0, 3] },
  batchSize: { min: 1, max: 10_000_000, integer: true, usual: [16, 256] },
  epochs: { min: 1, max: 1_000_000, integer: true, usual: [5, 200] },
  steps: { min: 1, max: 1_000_000_000, integer: true, usual: [100, 100_000] },
  seed: { min: 0, max: 4_294_967_295, integer: true },
  rate: { min: 0, max: 0.999, usual: [0.1, 0.5] },
} as const satisfies Record<string, NumberRange>;
