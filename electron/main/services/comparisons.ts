/** Races and comparisons: which runs belong together. The runs themselves are the runs service's. */

import { joined, messageOf, say, type Message } from '../../../engine/spec/message.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { SpecError, parseRunSpec, type RunSpec } from '../../../engine/spec/run-spec.ts';
import {
  MAX_RACE_RUNS,
  type ComparedRun,
  type Comparison,
  type ComparisonChange,
  type ComparisonId,
  type Race,
} from '../../contract/comparisons.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { StoreClient } from '../hosts/store-host.ts';
import { newId } from './new-id.ts';
import type { RunsService, StartOptions } from './runs-types.ts';

export class Comparisons {
  readonly #store: StoreClient;
  readonly #runs: RunsService;

  constructor(store: StoreClient, runs: RunsService) {
    this.#store = store;
    this.#runs = runs;
  }

  list(): Promise<Comparison[]> {
    return this.#store.call('comparison:list', null);
  }
  get(id: ComparisonId): Promise<Comparison> {
    return this.#store.call('comparison:get', { id });
  }
  create(name: string, runs: readonly RunId[]): Promise<Comparison> {
    return this.#save(
      name,
      'comparison',
      [...new Set(runs)].map((id) => compared(id, null)),
    );
  }
  change(id: ComparisonId, change: ComparisonChange): Promise<Comparison> {
    return this.#store.call('comparison:change', { id, change });
  }
  async delete(id: ComparisonId): Promise<null> {
    return this.#store.call('comparison:delete', { id });
  }

  /** Makes a deleted comparison again, with the runs that still are there. */
  restore(comparison: Comparison): Promise<Comparison> {
    return this.#store.call('comparison:restore', comparison);
  }

  /**
   * Starts every lane with every seed, seed by seed, so that the first seed of all lanes is seen before the second.
   * Every lane is checked on its data before the first run starts. Rejects with a StudioFailure whose issues begin
   * with the lane ("lanes.2.optimizer.lr"). When a run cannot start after others have, those are kept as the race.
   */
  async race(race: Race, options: StartOptions): Promise<Comparison> {
    const lanes = checkedLanes(race);
    for (const [index, { name, spec }] of lanes.entries()) {
      try {
        await this.#runs.check(spec, options);
      } catch (error) {
        throw error instanceof StudioFailure ? atLane(index, name, error) : error;
      }
    }
    const runs: ComparedRun[] = [];
    try {
      for (let repeat = 0; repeat < race.seeds; repeat++) {
        for (const { name, spec } of lanes) {
          const title = race.seeds === 1 ? name : `${name}, seed ${spec.seed + repeat}`;
          const id = await this.#runs.start({ ...spec, name: title, seed: spec.seed + repeat }, options);
          runs.push(compared(id, name));
        }
      }
    } catch (error) {
      if (runs.length === 0) throw error;
      await this.#save(race.name, 'race', runs);
      const kept = say`${runs.length} of ${lanes.length * race.seeds} runs have begun and are kept as the race ${race.name}`;
      const { code } = error instanceof StudioFailure ? error.error : { code: 'internal' as const };
      throw new StudioFailure({ code, ...joined([messageOf(error), kept], '; ') });
    }
    return this.#save(race.name, 'race', runs);
  }

  #save(name: string, kind: Comparison['kind'], runs: readonly ComparedRun[]): Promise<Comparison> {
    const id = newId() as ComparisonId;
    return this.#store.call('comparison:create', { id, name, kind, runs, createdAt: Date.now(), baseline: null });
  }
}

function checkedLanes({ lanes, seeds }: Race): { name: string; spec: RunSpec }[] {
  if (lanes.length * seeds > MAX_RACE_RUNS) {
    throw invalid('seeds', say`${lanes.length} lanes with ${seeds} seeds are more than ${MAX_RACE_RUNS} runs`);
  }
  const names = new Set<string>();
  return lanes.map(({ name, spec }, index) => {
    if (names.has(name)) throw invalid(`lanes.${index}.name`, say`two lanes are called ${JSON.stringify(name)}`);
    names.add(name);
    const parsed = parseRunSpec(spec);
    // The seeds count up from the first one.
    const last = parsed.ok ? parseRunSpec({ ...parsed.spec, seed: parsed.spec.seed + seeds - 1 }) : parsed;
    if (parsed.ok && last.ok) return { name, spec: parsed.spec };
    const wrong = new SpecError(last.ok ? [] : last.issues);
    const { issues } = wrong;
    throw atLane(index, name, new StudioFailure({ code: 'spec_invalid', ...messageOf(wrong), issues }));
  });
}

/** The fields of a run spec, as the race names them. */
function atLane(index: number, name: string, error: StudioFailure): StudioFailure {
  const { code, issues } = error.error;
  const named = issues?.map((issue) => ({ ...issue, path: `lanes.${index}.${issue.path}` }));
  const said = say`${name}: ${messageOf(error)}`;
  return new StudioFailure({ code, ...said, ...(named === undefined ? {} : { issues: named }) });
}

function invalid(path: string, message: Message): StudioFailure {
  return new StudioFailure({ code: 'spec_invalid', ...say`${path}: ${message}`, issues: [{ path, ...message }] });
}

function compared(id: RunId, lane: string | null): ComparedRun {
  return { id, lane, hidden: false, pinned: false };
}
