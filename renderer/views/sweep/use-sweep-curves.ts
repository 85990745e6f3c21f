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
    return known === undefined || (!known.whole && row.status !== 'running');
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
      for (const row of rows) curves.value.set(row.number, { values: [], epoch: 0, whole: row.status !== 'running' });
      read.trials.forEach((number, i) => {
        const [from, to] = [read.offsets[i] ?? 0, read.offsets[i + 1] ?? 0];
        const whole = rows.find((row) => row.number === number)?.status !== 'running';
        const values = [...read.values.subarray(from, to)];
        curves.value.set(number, { values, epoch: read.epochs[to - 1] ?? 0, whole });
      });
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
      curves.value.set(trial, { values: [...known.values, value], epoch, whole: false });
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
