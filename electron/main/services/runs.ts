/** Orchestration of runs for the window and the command line: no SQL, no maths, only who does what and when. */

import { say, word } from '../../../engine/spec/message.ts';
import { evaluatedWeights, type RunSpec } from '../../../engine/spec/run-spec.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { SavedFile } from '../../contract/invoke.ts';
import type { CheckedRun, JobTasks } from '../../contract/job-tasks.ts';
import type { TrainJob } from '../../contract/jobs.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { RunProgress, RunSummary } from '../../contract/runs.ts';
import type { StoreClient } from '../hosts/store-host.ts';
import type { LiveTaskName, TrainHost } from '../hosts/train-host-types.ts';
import { beginningAgain, readBeginning, type Beginning } from './beginnings.ts';
import { examine } from './exactness.ts';
import { settleAll } from './settle-all.ts';
import { checkFreeSpace } from './free-space.ts';
import { LiveRun } from './live-run.ts';
import { newId } from './new-id.ts';
import { RunRecords } from './run-records.ts';
import { conflict, nothingLearnt, refuseTrial } from './run-refusals.ts';
import type { ContinueOptions, ExportRequest, RunAction, RunsLoad, RunsService, StartOptions } from './runs-types.ts';
import { foldersOf, readSpec, withAbsolutePaths } from './spec-paths.ts';

/** How long a run may take to save itself when the program ends. */
const SUSPEND_MS = 4000;

export interface RunsOptions {
  readonly store: StoreClient;
  readonly host: TrainHost;
  readonly datasetsFolder: string;
  readonly appVersion: string;
  /** Kernels for runs that do not ask for others: a name of KERNEL_NAMES, `native` or `auto`. */
  readonly kernels: () => string;
  /** Awaited before each commit of a live run. @default nothing */
  readonly beforeCommit?: () => Promise<void>;
}

export class Runs extends RunRecords implements RunsService {
  readonly #options: RunsOptions;
  readonly #live = new Map<RunId, LiveRun>();
  /** Of runs that are being ended: what to do when they cannot be saved. */
  readonly #givingUp = new Map<LiveRun, () => void>();
  #saved = true;
  #closing = false;

  constructor(options: RunsOptions) {
    super(options.store);
    this.#options = options;
  }

  async start(value: unknown, options: StartOptions): Promise<RunId> {
    const { store } = this;
    const { appVersion } = this.#options;
    const beginning = options.from === undefined ? null : await readBeginning(store, options.from);
    const { spec, checked, kernels } = await this.#checked(value, options, beginning);
    await checkFreeSpace((await store.call('database:info', null)).path, checked);
    const id = newId() as RunId;
    const trial = options.trial === undefined ? {} : { trial: options.trial };
    const promotion = options.promotedFrom === undefined ? {} : { promotedFrom: options.promotedFrom };
    const summary = await store.call('run:create', {
      ...checked,
      ...trial,
      ...promotion,
      ...(beginning === null ? {} : { origin: beginning.origin }),
      id,
      spec,
      createdAt: Date.now(),
      appVersion,
    });
    this.events.emit('summary', summary);
    this.#train(summary, spec, {
      kernels,
      resumeFrom: null,
      forkFrom: beginning?.forkFrom ?? null,
      elapsedMs: summary.durationMs,
      epochLimit: options.epochLimit ?? 0,
    });
    return id;
  }

  check(value: unknown, options: StartOptions): Promise<{ spec: RunSpec; checked: CheckedRun }> {
    return this.#checked(value, options, null);
  }

  async #checked(
    value: unknown,
    { baseFolder, specFolder, kernels: asked, inexact = false }: StartOptions,
    beginning: Beginning | null,
  ): Promise<{ spec: RunSpec; checked: CheckedRun; kernels: string }> {
    this.#refuseWhenClosing();
    const { host, datasetsFolder } = this.#options;
    const spec = withAbsolutePaths(readSpec(value), foldersOf({ baseFolder, specFolder }));
    const usual = this.#options.kernels();
    const places = { baseFolder, datasetsFolder };
    const kernels =
      beginning === null
        ? (asked ?? usual)
        : (await examine(beginning.like, { host, folders: places, asked, usual, inexact })).kernels;
    const forkFrom = beginning?.forkFrom ?? null;
    return { spec, kernels, checked: await host.task('check', { spec, kernels, forkFrom, ...places }) };
  }

  allowEpochs(id: RunId, limit: number | null): void {
    this.#live.get(id)?.handle.allowEpochs(limit);
  }

  async continueRun(id: RunId, options: ContinueOptions = {}): Promise<void> {
    this.#refuseWhenClosing();
    const { store } = this;
    const { host, datasetsFolder, appVersion } = this.#options;
    const { kernels: asked, epochLimit, inexact = false, bySweep = false } = options;
    const before = await store.call('checkpoint:read', { id });
    if (!bySweep) refuseTrial(before.summary);
    const folders = { baseFolder: process.cwd(), datasetsFolder };
    const usual = this.#options.kernels();
    const { kernels, changes } = await examine(before, { host, folders, asked, usual, inexact });
    const again = await beginningAgain(store, before);
    const point = await store.call('run:rewind', { id, at: Date.now(), kernels, appVersion, changes });
    this.events.emit('summary', point.summary);
    this.#train(point.summary, point.spec, {
      kernels,
      ...again,
      resumeFrom: point.bytes,
      logged: point.logged,
      replayFrom: point.replayFrom,
      elapsedMs: point.elapsedMs,
      epochLimit: epochLimit ?? 0,
    });
    if (point.bytes !== null && point.logged === null) {
      const comparison = { steps: 0, identical: 0, difference: null };
      this.events.emit('verified', { summary: point.summary, comparison });
    }
  }

  async control(id: RunId, action: RunAction): Promise<void> {
    const run = this.#live.get(id);
    if (run === undefined) {
      const { summary } = await this.get(id);
      throw conflict(say`run #${summary.number} is ${word(summary.status)}, not running`);
    }
    const { handle } = run;
    if (handle.queued) {
      if (action !== 'stop') throw conflict('the run waits for a free worker');
      if (handle.cancel()) run.endQueued('stopped');
    } else if (action === 'step') {
      if (run.status !== 'paused') throw conflict('a single step needs a paused run');
      handle.step();
    } else {
      run.order(action === 'resume' ? 'run' : action);
    }
  }

  askLive<T extends LiveTaskName>(
    id: RunId,
    task: T,
    args: JobTasks[T]['args'],
  ): Promise<JobTasks[T]['result']> | null {
    const run = this.#live.get(id);
    if (run === undefined || (run.status !== 'running' && run.status !== 'paused')) return null;
    return run.handle.ask(task, args);
  }

  async exportWeights({ id, path, weights, step }: ExportRequest): Promise<SavedFile> {
    const { store } = this;
    const { host } = this.#options;
    const usual = weights ?? evaluatedWeights((await this.get(id)).spec);
    const live = step === undefined ? this.askLive(id, 'liveExport', { weights: usual, path }) : null;
    if (live !== null) return live;
    const { card, bytes } = await store.call('checkpoint:read', { id, step });
    if (bytes === null || card === null) throw nothingLearnt(id);
    // A checkpoint asked for by its step is that state, whichever epoch was the best until then.
    return host.task('export', { card, checkpoint: bytes, weights: step === undefined ? usual : 'last', path });
  }

  progress(): RunProgress[] {
    return [...this.#live.values()].map((run) => run.progress);
  }

  load(): RunsLoad {
    return { ...this.#options.host.load(), saved: this.#saved };
  }

  async retrySave(): Promise<void> {
    await Promise.all([...this.#live.values()].map((run) => run.retrySave()));
  }

  setWorkers(count: number): void {
    this.#options.host.setWorkers(count);
  }

  async shutdown(how: 'suspend' | 'stop'): Promise<void> {
    this.#closing = true;
    const ending = [...this.#live.values()].map((run) => this.#endForShutdown(run, how));
    await settleAll(ending).finally(() => this.#options.host.close());
  }

  #train(
    summary: RunSummary,
    spec: RunSpec,
    from: Omit<TrainJob, 'runId' | 'spec' | 'control' | 'scoreTest' | 'baseFolder' | 'datasetsFolder'>,
  ): void {
    const { host, datasetsFolder, beforeCommit } = this.#options;
    const run = new LiveRun({
      summary,
      rowsPerStep: spec.training.batchSize,
      resumed: from.resumeFrom !== null,
      store: this.store,
      events: this.events,
      beforeCommit: beforeCommit ?? (() => Promise.resolve()),
      onEnded: ({ id }) => void this.#live.delete(id),
      onSavedChanged: () => this.#checkSaved(),
    });
    this.#live.set(summary.id, run);
    const scoreTest = scoreTestOf(summary);
    const job = { ...from, runId: summary.id, spec, scoreTest, baseFolder: process.cwd(), datasetsFolder };
    run.attach(
      host.train(job, {
        message: (message) => run.receive(message),
        lost: (error) => run.lost(error),
      }),
    );
  }

  async #endForShutdown(run: LiveRun, how: 'suspend' | 'stop'): Promise<void> {
    const ended = this.#whenEnded(run);
    const { handle } = run;
    if (handle.queued && handle.cancel()) run.endQueued(how === 'stop' ? 'stopped' : 'interrupted');
    else run.order(how);
    const deadline = setTimeout(() => handle.kill(word('it did not save itself in time')), SUSPEND_MS);
    try {
      await ended;
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Rejects when the run cannot be saved: waiting longer would not help. */
  async #whenEnded(run: LiveRun): Promise<void> {
    let off = (): void => undefined;
    await new Promise<void>((resolve, reject) => {
      off = this.on('ended', ({ summary }) => summary.id === run.id && resolve());
      this.#givingUp.set(run, () => reject(new StudioFailure(UNSAVED)));
      this.#checkSaved();
    }).finally(() => {
      off();
      this.#givingUp.delete(run);
    });
  }

  #checkSaved(): void {
    const unsaved = [...this.#live.values()].filter((run) => !run.saved);
    for (const run of unsaved) this.#givingUp.get(run)?.();
    const saved = unsaved.length === 0;
    if (saved === this.#saved) return;
    this.#saved = saved;
    this.events.emit('saved', saved);
  }

  #refuseWhenClosing(): void {
    if (this.#closing) throw new StudioFailure({ code: 'cancelled', message: 'the program is closing' });
  }
}

const UNSAVED = { code: 'disk_full', message: 'the run could not be saved' } as const;

/** A trial's test split is sealed, and a promotion opens it for the finished run alone. */
function scoreTestOf({ trial, promotedFrom }: RunSummary): NonNullable<TrainJob['scoreTest']> {
  if (trial !== undefined) return 'never';
  return promotedFrom === undefined ? 'always' : 'when-completed';
}
