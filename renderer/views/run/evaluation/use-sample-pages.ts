/** Inputs of the rows on show, a page at a time: pictures are read when somebody looks at them. */

import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { RunId } from '../../../../engine/spec/ids.ts';
import { invoke } from '../../../bridge/studio.ts';

export const PAGE = 60;
/** Rows whose inputs are kept; beyond it the oldest go. */
const MOST_KEPT = 3000;

export interface RowInputs {
  /** Scaled to 0..1. */
  readonly inputs: Float32Array;
  /** As the data have them; empty for pictures. */
  readonly values: Float32Array;
}

export interface SamplePages {
  /** How many of the rows are on show. */
  readonly shown: ComputedRef<number>;
  readonly inputShape: Readonly<ShallowRef<readonly number[]>>;
  readonly featureNames: Readonly<ShallowRef<readonly string[] | null>>;
  readonly failure: Readonly<ShallowRef<unknown>>;
  /** null until it has been read. */
  readonly of: (row: number) => RowInputs | null;
  readonly more: () => void;
  readonly retry: () => void;
}

/** @param rows row numbers in the data set, in the order shown */
export function useSamplePages(id: RunId, rows: ComputedRef<readonly number[]>): SamplePages {
  const pages = shallowRef(1);
  const known = shallowRef(new Map<number, RowInputs>());
  const inputShape = shallowRef<readonly number[]>([]);
  const featureNames = shallowRef<readonly string[] | null>(null);
  const failure = shallowRef<unknown>(null);
  const shown = computed(() => Math.min(rows.value.length, pages.value * PAGE));

  async function read(): Promise<void> {
    const missing = rows.value.slice(0, shown.value).filter((row) => !known.value.has(row));
    failure.value = null;
    try {
      for (let start = 0; start < missing.length; start += PAGE) await readPage(missing.slice(start, start + PAGE));
    } catch (error) {
      failure.value = error;
    }
  }

  async function readPage(page: readonly number[]): Promise<void> {
    const samples = await invoke('evaluation:samples', { id, rows: [...page] });
    inputShape.value = samples.inputShape;
    featureNames.value = samples.featureNames;
    const size = samples.inputs.length / page.length;
    const part = (all: Float32Array, i: number): Float32Array => all.subarray(i * size, (i + 1) * size);
    const read = page.map((row, i): [number, RowInputs] => [
      row,
      { inputs: part(samples.inputs, i), values: part(samples.values, i) },
    ]);
    known.value = new Map([...known.value, ...read].slice(-MOST_KEPT));
  }

  watch(
    rows,
    () => {
      pages.value = 1;
      void read();
    },
    { immediate: true },
  );

  return {
    shown,
    inputShape,
    featureNames,
    failure,
    of: (row) => known.value.get(row) ?? null,
    more: () => {
      pages.value++;
      void read();
    },
    retry: () => void read(),
  };
}
