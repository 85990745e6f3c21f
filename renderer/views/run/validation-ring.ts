import { computed, type ComputedRef } from 'vue';
import { VALIDATION_SLOT } from '../../charts/options/loss.ts';
import { useRunContext } from './run-context.ts';

/** Rings the validation curve where the page looks at, if a point lies there and the curve is shown. */
export function useValidationRing(
  measure: 'loss' | 'accuracy',
  hidden: () => ReadonlySet<string>,
): ComputedRef<readonly { readonly x: number; readonly y: number; readonly slot: number }[]> {
  const { data, look } = useRunContext();
  return computed(() => {
    const validation = data.curve(measure, 'validation');
    const step = look.step.value;
    const index = validation.indexAt(step);
    const value = validation.values[index];
    if (value === undefined || validation.steps[index] !== step || hidden().has('validation')) return [];
    return [{ x: look.scale.value.fromStep(step), y: value, slot: VALIDATION_SLOT }];
  });
}
