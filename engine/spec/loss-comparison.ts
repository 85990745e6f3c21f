/** What comes of training steps again whose losses were logged before. */

/** Losses that were logged, one a step. */
export interface LoggedLosses {
  /** The step the first one belongs to. */
  readonly from: number;
  readonly losses: Float32Array;
}

/** A step whose loss was another one the second time. */
export interface LossDifference {
  readonly step: number;
  readonly logged: number;
  readonly now: number;
}

/** Losses that were logged beside those of the same steps trained again. */
export interface LossComparison {
  /** Steps compared. */
  readonly steps: number;
  /** How many of them gave the same loss, bit for bit. */
  readonly identical: number;
  /** The first that did not, or null. */
  readonly difference: LossDifference | null;
}
