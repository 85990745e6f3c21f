/** What an evaluation comes to, class by class or output by output. Types only. */

/** Each between 0 and 1. */
export interface AverageScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** One figure a class. A figure is NaN where it would divide by zero; averages count such a figure as 0. */
export interface ClassScores {
  /** Rows that are of the class. */
  readonly support: Uint32Array;
  /** Rows that were taken for it. */
  readonly taken: Uint32Array;
  /** Right ones among those taken for the class. */
  readonly precision: Float64Array;
  /** Right ones among those of the class. */
  readonly recall: Float64Array;
  /** Harmonic mean of both: 2·right / (taken + support). */
  readonly f1: Float64Array;
  /** Mean over the classes that occur, as truth or as prediction. */
  readonly macro: AverageScores;
  /** Mean weighted by support. */
  readonly weighted: AverageScores;
}

/** How sure the network was where it was right and where it was wrong. */
export interface ConfidenceHistogram {
  /** Ends of the bins, one more than bins; a value on an inner edge counts above it. */
  readonly edges: Float64Array;
  readonly right: Uint32Array;
  readonly wrong: Uint32Array;
}

/** Of one output. A residual is target − output. Rows without a finite residual are in `notFinite` alone; without any other row the rest is NaN. */
export interface RegressionScores {
  /** sqrt(mean(residual²)) */
  readonly rmse: number;
  /** mean(|residual|) */
  readonly mae: number;
  /** 1 − Σ residual² / Σ (target − mean target)²; NaN when all targets are equal. */
  readonly r2: number;
  /** Mean residual: below 0 the network says too much on average. */
  readonly bias: number;
  /** Distribution of the residuals: ends of equal bins, one more than counts. */
  readonly edges: Float64Array;
  readonly counts: Uint32Array;
  readonly notFinite: number;
}
