/** The small curves of the rows on the screen: read when a row comes into sight, continued by what the feed reports. */

import { useDebounceFn } from '@vueuse/core';
import { shallowRef, triggerRef, type ShallowRef } from 'vue';
import type { TrialRow } from '../../../electron/contract/sweeps.ts';
import { invoke } from '../../bridge/studio.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import type { SweepData } from './use-sweep-data.ts';

/** Points of a curve as wide as a cell. */
const POINTS = 32;
const ASK_AFTER_MS = 120;

interface Curve {
  /** The objective after each epoch that is kept. */
  readonly values: readonly number[];
  /** The last epoch in it. */
  readonly epoch: number;
  /** Of a trial that has ended. */
  readonly whole: boolean;
  /** Of the trial when it was read: another start makes another curve. */
  readonly startedAt: number | null;
}

export interface SweepCurves {
  /** By number; missing while it is not read yet. */
  readonly curves: Readonly<ShallowRef<ReadonlyMap<number, Curve>>>;
  /** These rows are on the screen. */
  readonly show: (rows: readonly TrialRow[]) => void;
}

export function useSweepCurves(data: SweepData): SweepCurves {
  const curves = shallowRef(new Map<number, Curve>());
  const notices = useNoticesStore();
  let wanted: readonly TrialRow[] = [];
  let told = false;

  const isMissing = (row: TrialRow): boolean => {
    if (row.startedAt === null) return false;
    const known = curves.value.get(row.number);
    // Also one that is trained again after its curve was whole.
    return known === undefined || known.startedAt !== row.startedAt || known.whole !== (row.status !== 'running');
  };
  const ask = useDebounceFn(async () => {
    const rows = wanted.filter(isMissing);
    if (rows.length === 0) return;
    try {
      const read = await invoke('sweep:curves', {
        id: data.id,
        trials: rows.map((row) => row.number),
        maxPoints: POINTS,
      });
      const places = new Map([...read.trials].map((number, i) => [number, i]));
      for (const { number, status, startedAt } of rows) {
        const place = places.get(number);
        const [from, to] = place === undefined ? [0, 0] : [read.offsets[place] ?? 0, read.offsets[place + 1] ?? 0];
        const values = [...read.values.subarray(from, to)];
        const epoch = to > from ? (read.epochs[to - 1] ?? 0) : 0;
        curves.value.set(number, { values, epoch, whole: status !== 'running', startedAt });
      }
      triggerRef(curves);
    } catch (error) {
      // Told once: a table without small curves is still a table.
      if (!told) notices.problem(error);
      told = true;
    }
  }, ASK_AFTER_MS);

  data.onReports((reports) => {
    for (const { trial, repeat, epoch, value } of reports) {
      const known = curves.value.get(trial);
      if (repeat !== 0 || known === undefined || known.whole || epoch <= known.epoch) continue;
      curves.value.set(trial, { ...known, values: [...known.values, value], epoch });
    }
    triggerRef(curves);
  });

  return {
    curves,
    show: (rows) => {
      wanted = rows;
      if (rows.some(isMissing)) void ask();
    },
  };
}
