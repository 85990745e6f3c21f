/** The target column the panels of a regression look at, and its figures. */

import { computed, type ComputedRef } from 'vue';
import type { RegressionReport } from '../../../../electron/contract/evaluation.ts';
import type { RegressionScores } from '../../../../engine/spec/scores.ts';
import { regressionOf, useReportContext } from './report-context.ts';

export interface OutputChoice {
  readonly result: ComputedRef<RegressionReport>;
  readonly output: ComputedRef<number>;
  readonly scores: ComputedRef<RegressionScores>;
  /** Of every row, in the order of the report. */
  readonly targets: ComputedRef<Float64Array>;
  readonly predictions: ComputedRef<Float64Array>;
  /** target − output */
  readonly residuals: ComputedRef<Float64Array>;
}

export function useOutputChoice(): OutputChoice {
  const { report, output: chosen } = useReportContext();
  const result = computed(() => regressionOf(report.value));
  const output = computed(() => Math.min(chosen.value, result.value.outputs.length - 1));
  const column = (values: Float32Array): Float64Array => {
    const width = result.value.outputs.length;
    return Float64Array.from(result.value.sampleRows, (_, row) => values[row * width + output.value] ?? Number.NaN);
  };
  const targets = computed(() => column(result.value.targets));
  const predictions = computed(() => column(result.value.predictions));
  return {
    result,
    output,
    scores: computed(() => {
      const scores = result.value.scores[output.value];
      if (scores === undefined) throw new Error('a report of real targets has an output at least');
      return scores;
    }),
    targets,
    predictions,
    residuals: computed(() => targets.value.map((target, row) => target - (predictions.value[row] ?? Number.NaN))),
  };
}
