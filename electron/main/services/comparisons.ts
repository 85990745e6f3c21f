/** Races and comparisons: which runs belong together. The runs themselves are the runs service's. */

import { messageOf, say, type Message } from '../../../engine/spec/message.ts';
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
   * Every spec is checked before the first run starts. Rejects with a StudioFailure whose issues begin with the lane
   * ("lanes.2.optimizer.lr").
   */
  async race(race: Race, options: StartOptions): Promise<Comparison> {
    const lanes = checkedLanes(race);
    const runs: ComparedRun[] = [];
    for (let repeat = 0; repeat < race.seeds; repeat++) {
      for (const { name, spec } of lanes) {
        const title = race.seeds === 1 ? name : `${name}, seed ${spec.seed + repeat}`;
        const id = await this.#runs.start({ ...spec, name: title, seed: spec.seed + repeat }, options);
        runs.push(compared(id, name));
      }
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
    if (parsed.ok) return { name, spec: parsed.spec };
    const issues = parsed.issues.map((issue) => ({ ...issue, path: `lanes.${index}.${issue.path}` }));
    throw new StudioFailure({
      code: 'spec_invalid',
      ...say`${name}: ${messageOf(new SpecError(parsed.issues))}`,
      issues,
    });
  });
}

function invalid(path: string, message: Message): StudioFailure {
  return new StudioFailure({ code: 'spec_invalid', ...say`${path}: ${message}`, issues: [{ path, ...message }] });
}

function compared(id: RunId, lane: string | null): ComparedRun {
  return { id, lane, hidden: false, pinned: false };
}
