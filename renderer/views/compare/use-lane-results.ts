/** The result table's rows from what the page holds, the same for the table and its export. */

import { computed, type ComputedRef } from 'vue';
import { useRunsStore } from '../../stores/runs.ts';
import type { CompareContext } from './compare-context.ts';
import { curveKinds } from './curve-kinds.ts';
import { laneResults, type LaneResult, type SeedFigures } from './result.ts';
import type { Lane } from './lanes-of.ts';

export function useLaneResults(
  context: Pick<CompareContext, 'page' | 'runs' | 'measure' | 'goal'>,
): ComputedRef<readonly LaneResult[]> {
  const { page, runs, measure, goal } = context;
  const store = useRunsStore();

  function seedsOf(lane: Lane): SeedFigures[] {
    return lane.runs.flatMap((id) => {
      const run = runs.run(id);
      const detail = run?.detail.value;
      const summary = store.byId.get(id) ?? detail?.summary;
      if (run === null || summary === undefined) return [];
      const validated = (detail?.splitSizes.validation ?? 1) > 0;
      const { metric, split } = curveKinds('validation', measure.value, validated).kind;
      const { steps, values, elapsedMs } = run.curve(metric, split);
      return [
        {
          summary,
          seed: detail?.spec.seed ?? null,
          validationRows: detail?.splitSizes.validation ?? 0,
          curve: { steps, values, elapsedMs },
        },
      ];
    });
  }

  return computed(() =>
    laneResults({
      lanes: page.lanes.value,
      seeds: seedsOf,
      measure: measure.value,
      goal: goal.value,
      baseline: page.comparison.value?.baseline ?? null,
    }),
  );
}
