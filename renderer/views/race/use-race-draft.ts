/** The set-up of a race: the draft, its lanes with their problems, what it amounts to, and starting it. */

import { spoken } from '../../text/spoken.ts';
import { useDebounceFn } from '@vueuse/core';
import { computed, ref as deepRef, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { MAX_COMPARED, MAX_RACE_RUNS, type ComparisonId } from '../../../electron/contract/comparisons.ts';
import type { DataPreview } from '../../../electron/contract/data.ts';
import { StudioFailure } from '../../../electron/contract/outcome.ts';
import { invoke } from '../../bridge/studio.ts';
import { useDataPreview } from '../../forms/use-data-preview.ts';
import { batchCounts, splitCounts, totalSteps, type SplitCounts } from '../../forms/summary.ts';
import { lanesOf, type RaceLane } from '../../race/lanes.ts';
import { saveRace, type RaceDraft } from '../../race/race-draft.ts';
import { useComparisonsStore } from '../../stores/comparisons.ts';
import { readNumber } from '../../text/number-input.ts';

export type RaceProblem =
  | { readonly code: 'few' | 'none' | 'seeds' | 'noName' }
  | { readonly code: 'many' | 'runs'; readonly n: number }
  | { readonly code: 'lanes'; readonly n: number; readonly lane: string };

export interface RaceForm {
  readonly draft: Ref<RaceDraft>;
  readonly lanes: ComputedRef<readonly RaceLane[]>;
  /** What a refused start said about a lane, by its place, until the draft changes. */
  readonly refused: Readonly<ShallowRef<ReadonlyMap<number, string>>>;
  readonly preview: Readonly<ShallowRef<DataPreview | null>>;
  /** Why the data could not be read, or null. */
  readonly dataProblem: Readonly<ShallowRef<string | null>>;
  readonly rows: ComputedRef<SplitCounts | null>;
  /** null when it is not a number from 1 to 20. */
  readonly seeds: ComputedRef<number | null>;
  readonly newLanes: ComputedRef<readonly RaceLane[]>;
  /** Steps of all runs together, null until it can be told. */
  readonly steps: ComputedRef<number | null>;
  readonly problem: ComputedRef<RaceProblem | null>;
  readonly saved: Readonly<ShallowRef<boolean>>;
  readonly starting: Readonly<ShallowRef<boolean>>;
  readonly load: (draft: RaceDraft) => void;
  readonly move: (lane: RaceLane, by: number) => void;
  readonly drop: (lane: RaceLane) => void;
  /** Starts it; null when something is wrong (the problems say what). Throws what is not about the lanes. */
  readonly start: () => Promise<ComparisonId | null>;
}

export function useRaceDraft(initial: RaceDraft): RaceForm {
  const store = useComparisonsStore();
  const draft = deepRef<RaceDraft>(plain(initial));
  const refused = shallowRef<ReadonlyMap<number, string>>(new Map());
  const saved = shallowRef(true);
  const starting = shallowRef(false);
  const { preview, problem: dataProblem } = useDataPreview(() => draft.value.base.data.source);

  const lanes = computed(() => lanesOf(draft.value, preview.value?.shape ?? null));
  const newLanes = computed(() => lanes.value.filter((lane) => !lane.done));
  const seeds = computed(() => {
    const count = readNumber(draft.value.seeds);
    return count !== null && Number.isInteger(count) && count >= 1 && count <= 20 ? count : null;
  });
  const rows = computed(() => {
    const found = preview.value;
    return found === null ? null : splitCounts(found.rows, found.testRows, draft.value.base.data);
  });
  const steps = computed(() => {
    const found = preview.value;
    if (found === null || seeds.value === null) return null;
    let total = 0;
    for (const { spec } of newLanes.value) {
      if (spec === null) return null;
      const { train } = splitCounts(found.rows, found.testRows, spec.data);
      total += totalSteps(spec, batchCounts(train, spec.training.batchSize).batches);
    }
    return total * seeds.value;
  });
  const problem = computed<RaceProblem | null>(() => {
    const wrong = lanes.value.filter((lane, i) => lane.problem !== null || refused.value.has(i));
    const [first] = wrong;
    if (first !== undefined) return { code: 'lanes', n: wrong.length, lane: first.name };
    if (draft.value.name.trim() === '') return { code: 'noName' };
    if (draft.value.extends !== null && newLanes.value.length === 0) return { code: 'none' };
    if (lanes.value.length < 2) return { code: 'few' };
    if (lanes.value.length > MAX_COMPARED) return { code: 'many', n: MAX_COMPARED };
    if (seeds.value === null) return { code: 'seeds' };
    if (lanes.value.length * seeds.value > MAX_RACE_RUNS) return { code: 'runs', n: MAX_RACE_RUNS };
    return null;
  });

  const save = useDebounceFn(() => {
    saveRace(draft.value);
    saved.value = true;
  }, 400);
  watch(
    draft,
    () => {
      refused.value = new Map();
      saved.value = false;
      void save();
    },
    { deep: true },
  );

  async function start(): Promise<ComparisonId | null> {
    const count = seeds.value;
    if (problem.value !== null || count === null || starting.value) return null;
    starting.value = true;
    try {
      return await (draft.value.extends === null ? startNew(count) : extend(draft.value.extends, count));
    } catch (error) {
      refused.value = laneRefusals(error);
      if (refused.value.size === 0) throw error;
      return null;
    } finally {
      starting.value = false;
    }
  }
  async function startNew(count: number): Promise<ComparisonId> {
    const race = { name: draft.value.name.trim(), lanes: lanes.value.map(named), seeds: count };
    return (await store.startRace(plain(race))).id;
  }
  /** Lanes that come later begin with the same weights and see the same batches: both come from the seed. */
  async function extend(to: string, count: number): Promise<ComparisonId> {
    const race = await store.read(to as ComparisonId);
    const runs = race.runs.map((run) => ({ ...run }));
    try {
      for (let repeat = 0; repeat < count; repeat++) {
        for (const lane of newLanes.value) {
          if (lane.spec === null) continue;
          const seed = lane.spec.seed + repeat;
          const name = count === 1 ? lane.name : `${lane.name}, seed ${seed}`;
          const id = await invoke('run:start', { spec: plain({ ...lane.spec, name, seed }) });
          runs.push({ id, lane: lane.name.trim(), hidden: false, pinned: false });
        }
      }
    } finally {
      // Whatever was started belongs to the race, also when a later start failed.
      await store.change(race.id, { runs });
    }
    return race.id;
  }

  return {
    draft,
    lanes,
    refused,
    preview,
    dataProblem,
    rows,
    seeds,
    newLanes,
    steps,
    problem,
    saved,
    starting,
    load: (next) => (draft.value = plain(next)),
    move: (lane, by) => {
      const keys = lanes.value.map((one) => one.key);
      const from = keys.indexOf(lane.key);
      const to = Math.max(0, Math.min(keys.length - 1, from + by));
      keys.splice(from, 1);
      keys.splice(to, 0, lane.key);
      draft.value.order = keys;
    },
    drop: (lane) => dropLane(draft.value, lane),
    start,
  };
}

function named(lane: RaceLane) {
  return { name: lane.name.trim(), spec: lane.spec };
}

/** Takes a lane out where it was chosen. */
function dropLane(draft: RaceDraft, lane: RaceLane): void {
  draft.given = draft.given.filter((one) => one.key !== lane.key);
  const [, value = ''] = /^[^:]*:(.*)$/s.exec(lane.key) ?? [];
  const without = (text: string): string =>
    text
      .split(/[,;，；\n]/)
      .map((part) => part.trim())
      .filter((part) => part !== '' && part !== value)
      .join(', ');
  if (lane.key.startsWith('optimizer:')) {
    draft.optimizers = draft.optimizers.map((one) => (one.type === value ? { ...one, on: false } : one));
  } else if (lane.key.startsWith('lr:')) draft.lrs = without(draft.lrs);
  else if (lane.key.startsWith('init:')) draft.inits = without(draft.inits);
  else if (lane.key.startsWith('batch:')) draft.batches = without(draft.batches);
  else if (!lane.key.startsWith('given:')) draft.setting = { ...draft.setting, values: without(draft.setting.values) };
}

/** "lanes.2.optimizer.lr: …" by lane; empty when the failure is not about the lanes. */
function laneRefusals(error: unknown): ReadonlyMap<number, string> {
  const issues = error instanceof StudioFailure ? (error.error.issues ?? []) : [];
  const found = new Map<number, string>();
  for (const issue of issues) {
    const [, index, rest = ''] = /^lanes\.(\d+)\.?(.*)$/.exec(issue.path) ?? [];
    if (index !== undefined) found.set(Number(index), rest === '' ? spoken(issue) : `${rest}: ${spoken(issue)}`);
  }
  return found;
}

/** A copy without proxies, which cannot cross to the other process. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
