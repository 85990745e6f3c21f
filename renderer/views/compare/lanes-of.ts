/** The lanes of a race or comparison: which runs stand in which line of the page. Pure. */

import type { ComparedRun, Comparison } from '../../../electron/contract/comparisons.ts';
import type { RunSummary } from '../../../electron/contract/runs.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { runSlot, type RunSlot } from '../../text/run-slot.ts';

export interface Lane {
  /** The first run's id: stays with the lane whatever it is called. */
  readonly id: RunId;
  readonly name: string;
  /** From 1, its place on the page and the key that shows and hides it. */
  readonly place: number;
  /** Picks colour and dash, as a run's number does. */
  readonly number: number;
  /** The colour a person gave the run, in a comparison; else null. */
  readonly color: number | null;
  readonly slot: RunSlot;
  /** One a seed, in the order of the race; a single one in a comparison. */
  readonly runs: readonly RunId[];
  readonly hidden: boolean;
  readonly pinned: boolean;
}

/**
 * In a race a lane has the colour of its place, in a comparison a run keeps the colour it has everywhere. Pinned lanes
 * do not move here: tables put them first.
 */
export function lanesOf(comparison: Comparison, row: (id: RunId) => RunSummary | undefined): Lane[] {
  const race = comparison.kind === 'race';
  const groups = new Map<string, ComparedRun[]>();
  for (const run of comparison.runs) {
    const key = race && run.lane !== null ? run.lane : run.id;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].flatMap((runs, i) => {
    const [first] = runs;
    if (first === undefined) return [];
    const summary = row(first.id);
    // In a race colours tell lanes apart, whatever the runs are like elsewhere.
    const color = race ? null : (summary?.color ?? null);
    const number = race ? i + 1 : (summary?.number ?? i + 1);
    return [
      {
        id: first.id,
        name: (race ? first.lane : null) ?? summary?.name ?? '…',
        place: i + 1,
        number,
        color,
        slot: runSlot(number, color),
        runs: runs.map((run) => run.id),
        hidden: first.hidden,
        pinned: first.pinned,
      },
    ];
  });
}

/** Pinned lanes first, otherwise in their order. */
export function pinnedFirst<T extends { readonly pinned: boolean }>(lanes: readonly T[]): T[] {
  return [...lanes.filter((lane) => lane.pinned), ...lanes.filter((lane) => !lane.pinned)];
}

/** The runs with another flag on all seeds of some lanes. */
export function withFlag(
  comparison: Comparison,
  lanes: readonly Lane[],
  change: (lane: Lane) => Partial<Pick<ComparedRun, 'hidden' | 'pinned'>>,
): ComparedRun[] {
  const byRun = new Map(lanes.flatMap((lane) => lane.runs.map((run) => [run, lane] as const)));
  return comparison.runs.map((run) => {
    const lane = byRun.get(run.id);
    return lane === undefined ? { ...run } : { ...run, ...change(lane) };
  });
}
