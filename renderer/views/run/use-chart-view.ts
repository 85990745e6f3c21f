/** The page's cursor, pointer and zoom as charts take them, and the step whose values legends show. */

import { computed, type ComputedRef } from 'vue';
import type { ChartLink } from '../../charts/chart-link.ts';
import type { Look } from './use-look.ts';

export interface ChartView {
  readonly link: ChartLink;
  /** The step under the pointer, else the one looked at. */
  readonly shownStep: ComputedRef<number>;
}

/** @param quiet draws no cursor until a person has put it somewhere */
export function useChartView(look: Look, quiet = false): ChartView {
  const shownStep = computed(() => look.peek.value ?? look.step.value);
  return {
    shownStep,
    link: {
      cursor: computed(() => (quiet && look.following.value ? null : look.scale.value.fromStep(look.step.value))),
      peek: computed(() => (look.peek.value === null ? null : look.scale.value.fromStep(look.peek.value))),
      pick: (x) => look.lookAt(look.scale.value.toStep(x)),
      point: (x) => {
        look.peek.value = x === null ? null : look.scale.value.toStep(x);
      },
      all: look.all,
      range: look.range,
      zoom: look.zoom,
      move: (by) => {
        if (by === -Infinity) look.lookAt(0);
        else if (by === Infinity) look.lookAt(Number.MAX_SAFE_INTEGER);
        else look.move(by);
      },
    },
  };
}
