/** The rows on show: filter, brushes, ranks, sort, groups, and the order that stands still while the pointer is on it. */

import { useLocalStorage } from '@vueuse/core';
import { computed, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { TrialRow } from '../../../electron/contract/sweeps.ts';
import type { Placing } from '../../race/wilson.ts';
import { queryTestOn } from '../../query/evaluate.ts';
import { parseQueryOn, type ParsedQuery } from '../../query/parse.ts';
import type { QueryFields } from '../../query/fields.ts';
import { keepItems, leaderItems, type LeaderItem, type LeaderSort } from '../../sweep/leaderboard.ts';
import { luckOfBest, rankTrials, type Luck } from '../../sweep/ranking.ts';
import type { SweepContext } from '../../sweep/sweep-context.ts';
import { trialFields, trialText } from '../../sweep/trial-query.ts';

export interface Leaderboard {
  readonly query: Ref<string>;
  readonly parsed: ComputedRef<ParsedQuery<TrialRow>>;
  readonly fields: ComputedRef<QueryFields<TrialRow>>;
  readonly sort: ShallowRef<LeaderSort | null>;
  /** Path of the parameter the rows are grouped by. */
  readonly group: Ref<string | null>;
  readonly pinned: Ref<ReadonlySet<number>>;
  /** In the order shown. */
  readonly items: Readonly<ShallowRef<readonly LeaderItem[]>>;
  /** Numbers of the trials shown, in order. */
  readonly order: ComputedRef<readonly number[]>;
  readonly byNumber: ComputedRef<ReadonlyMap<number, TrialRow>>;
  readonly ranks: ComputedRef<ReadonlyMap<number, Placing>>;
  readonly luck: ComputedRef<Luck | null>;
  /** Trials that share the first rank. */
  readonly tiedFirst: ComputedRef<number>;
  /** Set while the pointer is on the table: rows then keep their places. */
  readonly reading: ShallowRef<boolean>;
  readonly pin: (numbers: readonly number[]) => void;
}

export function useLeaderboard({ id, spec, trials, selection }: SweepContext): Leaderboard {
  const { t } = useI18n();
  const query = shallowRef('');
  const sort = shallowRef<LeaderSort | null>(null);
  const kept = useLocalStorage<{ pinned: number[]; group: string | null }>(
    `descent.sweep-${id}`,
    { pinned: [], group: null },
    { writeDefaults: false },
  );
  const group = computed({
    get: () => (kept.value.group !== null && kept.value.group in spec.value.space ? kept.value.group : null),
    set: (path) => (kept.value = { ...kept.value, group: path }),
  });
  const pinned = computed<ReadonlySet<number>>({
    get: () => new Set(kept.value.pinned),
    set: (numbers) => (kept.value = { ...kept.value, pinned: [...numbers] }),
  });
  const reading = shallowRef(false);
  const items = shallowRef<readonly LeaderItem[]>([]);

  const fields = computed(() => trialFields(spec.value));
  const parsed = computed(() => parseQueryOn(query.value, fields.value));
  const byNumber = computed(() => new Map(trials.value.map((row) => [row.number, row])));
  const ranks = computed(() => rankTrials(trials.value, spec.value.objective));
  const first = computed(() => [...ranks.value.values()].filter((place) => place.rank === 1).length);

  const shown = computed(() => {
    const { tokens } = parsed.value;
    const asked =
      tokens.length === 0 ? null : queryTestOn(parsed.value, (status) => t(`sweep.status.${status}`), trialText);
    const brushed = selection.brushes.value.size === 0 ? null : selection.inBrush.value;
    if (asked === null && brushed === null) return trials.value;
    return trials.value.filter((row) => (asked?.(row) ?? true) && (brushed?.(row) ?? true));
  });
  const wanted = (): readonly LeaderItem[] =>
    leaderItems(shown.value, {
      objective: spec.value.objective,
      sort: sort.value,
      group: group.value,
      pinned: pinned.value,
    });
  const isRunning = (number: number): boolean => byNumber.value.get(number)?.status === 'running';

  // A choice of the person's is answered at once; news from the feed when nobody reads.
  watch([parsed, sort, group, pinned, selection.brushes], () => (items.value = wanted()), { immediate: true });
  watch(trials, () => {
    items.value = reading.value ? keepItems(items.value, wanted(), isRunning) : wanted();
  });
  watch(reading, (now) => {
    if (!now) items.value = wanted();
  });

  return {
    query,
    parsed,
    fields,
    sort,
    group,
    pinned,
    items,
    order: computed(() => items.value.flatMap((item) => (item.kind === 'trial' ? [item.number] : []))),
    byNumber,
    ranks,
    luck: computed(() => luckOfBest(trials.value, ranks.value, spec.value.objective)),
    tiedFirst: computed(() => (first.value > 1 ? first.value : 0)),
    reading,
    pin: (numbers) => {
      const next = new Set(pinned.value);
      const all = numbers.every((number) => next.has(number));
      for (const number of numbers) {
        if (all) next.delete(number);
        else next.add(number);
      }
      pinned.value = next;
    },
  };
}
