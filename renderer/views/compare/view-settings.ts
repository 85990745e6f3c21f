/** How a person likes to look at comparisons: kept for the next one, also after a restart. */

import { shallowRef, watch, type ShallowRef } from 'vue';
import { z } from 'zod';
import { X_UNITS, type XUnit } from '../../charts/x-axis.ts';
import { BANDS, type BandKind } from '../../race/bands.ts';
import { savedObject } from '../../text/saved-object.ts';

const STORAGE_KEY = 'descent.compare-view';

const stateSchema = z.object({
  unit: z.enum(X_UNITS).catch('step'),
  log: z.boolean().catch(true),
  linked: z.boolean().catch(true),
  differencesOnly: z.boolean().catch(true),
  band: z.enum(BANDS).catch('std'),
  histograms: z.enum(['ridgeline', 'heat-map']).catch('ridgeline'),
});
type State = z.infer<typeof stateSchema>;

/** What was saved, with the usual choice in place of everything that is missing or no longer known. */
export function restoreViewState(saved: string | null): State {
  return stateSchema.parse(savedObject(saved) ?? {});
}

export interface ViewSettings {
  readonly unit: ShallowRef<XUnit>;
  readonly log: ShallowRef<boolean>;
  /** One cursor and one zoom for all charts of the page. */
  readonly linked: ShallowRef<boolean>;
  readonly differencesOnly: ShallowRef<boolean>;
  readonly band: ShallowRef<BandKind>;
  readonly histograms: ShallowRef<State['histograms']>;
}

export function useViewSettings(): ViewSettings {
  const saved = restoreViewState(localStorage.getItem(STORAGE_KEY));
  const settings: ViewSettings = {
    unit: shallowRef<XUnit>(saved.unit),
    log: shallowRef(saved.log),
    linked: shallowRef(saved.linked),
    differencesOnly: shallowRef(saved.differencesOnly),
    band: shallowRef<BandKind>(saved.band),
    histograms: shallowRef<State['histograms']>(saved.histograms),
  };
  const state = (): State => ({
    unit: settings.unit.value,
    log: settings.log.value,
    linked: settings.linked.value,
    differencesOnly: settings.differencesOnly.value,
    band: settings.band.value,
    histograms: settings.histograms.value,
  });
  watch(state, (now) => localStorage.setItem(STORAGE_KEY, JSON.stringify(now)));
  return settings;
}
