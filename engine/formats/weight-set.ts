/** Named tensors as the trainer hands them out and takes them; formats sit below training and so name them themselves. */

/** Same form as the trainer's `NamedTensor`. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
export type WeightSet = readonly NamedTensor[];
