/** Starts a ready-made race with one click and opens its page. */

import { shallowRef, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { lanesOf } from '../race/lanes.ts';
import { presetRace, type RacePreset } from '../race/race-presets.ts';
import { useComparisonsStore } from '../stores/comparisons.ts';
import { useNoticesStore } from '../stores/notices.ts';

export interface UseStartRaceReturn {
  /** True from the click until the page opens or the start failed (a toast says why). */
  readonly starting: Readonly<ShallowRef<boolean>>;
  readonly start: (preset: RacePreset) => Promise<void>;
}

export function useStartRace(): UseStartRaceReturn {
  const { t } = useI18n();
  const router = useRouter();
  const comparisons = useComparisonsStore();
  const notices = useNoticesStore();
  const starting = shallowRef(false);

  async function start(preset: RacePreset): Promise<void> {
    if (starting.value) return;
    starting.value = true;
    try {
      const name = t(preset === 'five-optimizers' ? 'compare.list.fiveName' : 'compare.list.bookName');
      const draft = presetRace(preset, name);
      const lanes = lanesOf(draft, null).map((lane) => ({ name: lane.name, spec: lane.spec }));
      const race = await comparisons.startRace({ name, lanes, seeds: 1 });
      await router.push({ name: 'comparison', params: { id: race.id } });
    } catch (error) {
      notices.problem(error);
    } finally {
      starting.value = false;
    }
  }

  return { starting, start };
}
