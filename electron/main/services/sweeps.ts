/** Orchestration of sweeps for the window and the command line: no SQL, no maths, only who does what and when. */

import { messageOf, say } from '../../../engine/spec/message.ts';
import { countCells } from '../../../engine/spec/grid.ts';
import type { RunId, SweepId } from '../../../engine/spec/ids.ts';
import { parseSweepSpec } from '../../../engine/spec/parse-sweep-spec.ts';
import { SpecError } from '../../../engine/spec/run-spec.ts';
import type { TrialParams } from '../../../engine/spec/search-space.ts';
import { enqueueIssues } from '../../../engine/spec/sweep-checks.ts';
import { newSweep } from '../../../engine/sweep/stored-sweep.ts';
import type { SweepEvent, SweepState } from '../../../engine/sweep/sweep-types.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { PackedRows } from '../../contract/packed-rows.ts';
import type { RunSummary } from '../../contract/runs.ts';
import type { StartedSweep, TrialCurves } from '../../contract/sweep-requests.ts';
import {
  unpackSweep,
  type PackedSweepDetail,
  type SweepDetail,
  type SweepSummary,
  type TrialSpan,
} from '../../contract/sweeps.ts';
import type { StoreClient } from '../hosts/store-host.ts';
import { Emitter } from './emitter.ts';
import { settleAll } from './settle-all.ts';
import { newId } from './new-id.ts';
import { conflict, invalidSpec } from './run-refusals.ts';
import type { RunsService } from './runs-types.ts';
import { foldersOf, withAbsoluteChoices } from './spec-paths.ts';
import { LiveSweep } from './sweeps-live.ts';
import { promoteTrial } from './sweeps-promotion.ts';
import { checkedRanges, knownRounds } from './sweeps-rounds.ts';
import { progressOf, restoredSweep } from './sweeps-stored.ts';
import { LocalTrials } from './sweeps-trials.ts';
import type {
  StartSweepOptions,
  SweepCheck,
  SweepEvents,
  SweepsService,
  TrialCurvesQuery,
  TrialRunner,
} from './sweeps-types.ts';

export interface SweepsOptions {
  readonly store: StoreClient;
  readonly runs: RunsService;
  readonly appVersion: string;
  /** Where trials are trained. @default the runs service's own workers */
  readonly trials?: TrialRunner;
}

export class Sweeps implements SweepsService {
  readonly #options: SweepsOptions;
  readonly #trials: TrialRunner;
  readonly #events = new Emitter<SweepEvents>();
  /** Those that have something to do, and those opened to be given something. */
  readonly #live = new Map<SweepId, LiveSweep>();
  readonly #opening = new Map<SweepId, Promise<LiveSweep>>();
  #closing = false;

  constructor(options: SweepsOptions) {
    this.#options = options;
    this.#trials =
      options.trials ??
      new LocalTrials(options.runs, (error) => {
        for (const id of this.#live.keys()) this.#events.emit('problem', { id, error });
      });
    options.runs.on('ended', ({ summary }) => void this.#tellOpenings(summary));
  }

  on<E extends keyof SweepEvents>(event: E, listener: (value: SweepEvents[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  async start(value: unknown, { workers, kernels = 'auto', ...folders }: StartSweepOptions): Promise<StartedSweep> {
    this.#refuseWhenClosing();
    const parsed = parseSweepSpec(value);
    if (!parsed.ok) throw invalidSpec(parsed.issues);
    const { spec: base, checked } = await this.#options.runs
      .check(parsed.spec.base, { ...folders, kernels })
      .catch((error: unknown) => Promise.reject(atBase(error)));
    const spec = withAbsoluteChoices({ ...parsed.spec, base }, foldersOf(folders));
    if (checked.task === 'regression' && spec.objective.metric === 'accuracy') {
      throw invalidSpec([
        { path: 'objective.metric', message: 'the data has no classes, so there is no accuracy; use loss' },
      ]);
    }
    const id = newId() as SweepId;
    const state = newSweep(spec, workers);
    const { store, appVersion } = this.#options;
    const created = { id, spec, progress: progressOf(state), workers, kernels, createdAt: Date.now(), appVersion };
    this.#events.emit('summary', await store.call('sweep:create', created));
    this.#adopt(id, { state, known: new Map(), elapsedMs: 0, endedAt: null, kernels }).send({ type: 'go' });
    return { id, warnings: parsed.warnings };
  }

  check(value: unknown): SweepCheck {
    const parsed = parseSweepSpec(value);
    if (!parsed.ok) return { issues: parsed.issues, warnings: [], spec: null, cells: null };
    const { spec, warnings } = parsed;
    const { sampler, space } = spec;
    return { issues: [], warnings, spec, cells: sampler.type === 'grid' ? countCells(space, sampler.points) : null };
  }

  resume(id: SweepId, workers?: number): Promise<void> {
    return this.#tell(id, () => [...(workers === undefined ? [] : [{ type: 'workers', count: workers } as const]), GO]);
  }

  control(id: SweepId, action: 'pause' | 'stop'): Promise<void> {
    return this.#tell(id, () => [{ type: action }]);
  }

  controlTrial(id: SweepId, trial: number, action: 'stop' | 'retry'): Promise<void> {
    return this.#tell(id, ({ trials }) => {
      if (trials[trial] === undefined) {
        throw new StudioFailure({ code: 'not_found', ...say`sweep ${id} has no trial ${trial}` });
      }
      return [{ type: action === 'stop' ? 'stop-trial' : 'retry-trial', trial }];
    });
  }

  enqueue(id: SweepId, params: TrialParams): Promise<void> {
    return this.#tell(id, ({ spec, timeUp }) => {
      if (timeUp) throw conflict(say`the sweep has used up its ${spec.maxMinutes} minutes; it tries nothing more`);
      const issues = enqueueIssues(spec.space, spec.base, params, 'params');
      if (issues.length > 0) throw invalidSpec(issues);
      return [{ type: 'enqueue', params }];
    });
  }

  reorderQueue(id: SweepId, seen: readonly TrialParams[], order: readonly number[]): Promise<void> {
    return this.#tell(id, () => [{ type: 'reorder', seen, order }]);
  }

  editRanges(id: SweepId, round: number, space: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#tell(id, (state) => {
      const checked = checkedRanges(state, round, space);
      if (!checked.ok) throw invalidSpec(checked.issues);
      return [{ type: 'edit-ranges', round, space: checked.space }];
    });
  }

  setWorkers(id: SweepId, count: number): Promise<void> {
    return this.#tell(id, () => [{ type: 'workers', count }]);
  }

  list(query: { readonly trash: boolean }): Promise<SweepSummary[]> {
    return this.#options.store.call('sweep:list', query);
  }

  async get(id: SweepId): Promise<SweepDetail> {
    return unpackSweep(await this.getPacked(id));
  }

  async getPacked(id: SweepId): Promise<PackedSweepDetail> {
    const { store } = this.#options;
    const { summary, spec, progress, trials, promotions } = await store.call('sweep:get', { id });
    const rounds =
      spec.sampler.type === 'narrow'
        ? knownRounds(this.#live.get(id)?.state ?? restoredSweep(await store.call('sweep:load', { id })).state)
        : [];
    return { summary, spec, trials, promotions, queue: progress.queue, rounds };
  }

  readCurves(query: TrialCurvesQuery): Promise<TrialCurves> {
    return this.#options.store.call('sweep:curves', query);
  }
  readTimeline(id: SweepId): Promise<PackedRows<TrialSpan>> {
    return this.#options.store.call('sweep:timeline', { id });
  }

  async rename(id: SweepId, name: string): Promise<SweepSummary> {
    const summary = await this.#options.store.call('sweep:rename', { id, name });
    this.#events.emit('summary', summary);
    return summary;
  }

  async promote(id: SweepId, trial: number | null): Promise<RunId> {
    this.#refuseWhenClosing();
    const { store, runs } = this.#options;
    const stored = await store.call('sweep:load', { id });
    const state = this.#live.get(id)?.state ?? restoredSweep(stored).state;
    return promoteTrial(runs, { id, state, kernels: stored.kernels }, trial);
  }

  async remove(ids: readonly SweepId[]): Promise<void> {
    const changed = await this.#options.store.call('sweep:trash', { ids, at: Date.now() });
    for (const summary of changed) this.#events.emit('summary', summary);
  }

  async restore(ids: readonly SweepId[]): Promise<void> {
    const changed = await this.#options.store.call('sweep:restore', { ids });
    for (const summary of changed) this.#events.emit('summary', summary);
  }

  async purge(ids: readonly SweepId[]): Promise<{ readonly freedBytes: number }> {
    const freed = await this.#options.store.call('sweep:purge', { ids });
    for (const id of ids) {
      this.#live.delete(id);
      this.#events.emit('purged', id);
    }
    return freed;
  }

  async retrySave(): Promise<void> {
    await Promise.all([...this.#live.values()].map((sweep) => sweep.retrySave()));
  }

  saved(): boolean {
    return [...this.#live.values()].every((sweep) => sweep.saved);
  }

  async testOpened(run: RunId): Promise<void> {
    await this.#tellOpenings((await this.#options.runs.get(run)).summary);
  }

  running(): number {
    return [...this.#live.values()].filter(({ state }) => state.status === 'running').length;
  }

  async prepareShutdown(how: 'suspend' | 'stop'): Promise<void> {
    this.#closing = true;
    const live = [...this.#live.values()].filter(({ state }) => ['running', 'paused'].includes(state.status));
    await Promise.all(live.map((sweep) => sweep.close(how)));
  }

  async settle(): Promise<void> {
    await settleAll([...this.#live.values()].map((sweep) => sweep.saveAtLast()));
  }

  /** Resolves once what follows from it is committed. */
  async #tell(id: SweepId, events: (state: SweepState) => readonly SweepEvent[]): Promise<void> {
    const sweep = await this.#open(id);
    for (const event of events(sweep.state)) sweep.send(event);
    await sweep.settle();
  }

  /** The live sweep, read from the store when it is not. */
  async #open(id: SweepId): Promise<LiveSweep> {
    this.#refuseWhenClosing();
    const live = this.#live.get(id);
    if (live !== undefined) return live;
    const opening = this.#opening.get(id) ?? this.#load(id).finally(() => this.#opening.delete(id));
    this.#opening.set(id, opening);
    return opening;
  }

  async #load(id: SweepId): Promise<LiveSweep> {
    const stored = await this.#options.store.call('sweep:load', { id });
    const { state, known, ended } = restoredSweep(stored);
    const { elapsedMs, endedAt, kernels } = stored;
    const sweep = this.#adopt(id, { state, known, elapsedMs, endedAt, kernels });
    // Ends that came in before the process did are taken note of first.
    for (const { trial, outcome } of ended) sweep.send({ type: 'run-ended', trial, outcome });
    return sweep;
  }

  #adopt(
    id: SweepId,
    from: Pick<ConstructorParameters<typeof LiveSweep>[0], 'state' | 'known' | 'elapsedMs' | 'endedAt' | 'kernels'>,
  ): LiveSweep {
    const sweep = new LiveSweep({
      ...from,
      id,
      store: this.#options.store,
      trials: this.#trials,
      events: this.#events,
      onEnded: () => void this.#live.delete(id),
    });
    this.#live.set(id, sweep);
    return sweep;
  }

  /** The count of openings is part of a sweep's row. */
  async #tellOpenings({ promotedFrom }: RunSummary): Promise<void> {
    if (promotedFrom === undefined) return;
    const { store } = this.#options;
    try {
      this.#events.emit('summary', await store.call('sweep:summary', { id: promotedFrom.sweep }));
    } catch (error) {
      if (this.#closing) return;
      console.error('a count of test openings could not be read:', error);
    }
  }

  #refuseWhenClosing(): void {
    if (this.#closing) throw new StudioFailure({ code: 'cancelled', message: 'the program is closing' });
  }
}

const GO: SweepEvent = { type: 'go' };

/** The fields of the base run spec, as the sweep spec names them. */
function atBase(error: unknown): unknown {
  if (!(error instanceof StudioFailure) || error.error.issues === undefined) return error;
  const issues = error.error.issues.map((issue) => ({ ...issue, path: `base.${issue.path}` }));
  return new StudioFailure({ code: error.error.code, ...messageOf(new SpecError(issues)), issues });
}
