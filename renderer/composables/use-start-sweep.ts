/** Starts a ready-made sweep with one click and opens its page. */

import { shallowRef, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { sweepValue } from '../sweep/sweep-check.ts';
import { presetSweep, type SweepPreset } from '../sweep/sweep-presets.ts';
import { useNoticesStore } from '../stores/notices.ts';
import { useSweepsStore } from '../stores/sweeps.ts';

export interface UseStartSweepReturn {
  /** True from the click until the page opens or the start failed (a toast says why). */
  readonly starting: Readonly<ShallowRef<boolean>>;
  readonly start: (preset: SweepPreset) => Promise<void>;
}

export function useStartSweep(): UseStartSweepReturn {
  const { t } = useI18n();
  const router = useRouter();
  const sweeps = useSweepsStore();
  const notices = useNoticesStore();
  const starting = shallowRef(false);

  async function start(preset: SweepPreset): Promise<void> {
    if (starting.value) return;
    starting.value = true;
    try {
      const { value } = sweepValue(presetSweep(preset, t(`sweep.presetName.${preset}`)));
      const id = await sweeps.start(value, null);
      await router.push({ name: 'sweep', params: { id } });
    } catch (error) {
      notices.problem(error);
    } finally {
      starting.value = false;
    }
  }

  return { starting, start };
}
