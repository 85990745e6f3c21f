/** Who evaluates what, with which weights, and how often the test split was opened. No SQL, no maths. */

import { say } from '../../../engine/spec/message.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { evaluatedWeights } from '../../../engine/spec/run-spec.ts';
import type {
  Evaluation,
  EvaluationReport,
  ReportProgress,
  ReportRequest,
  SampleInputs,
} from '../../contract/evaluation.ts';
import type { WeightsChoice } from '../../contract/job-tasks.ts';
import { REPORT } from '../../contract/jobs.ts';
import type { CheckpointInfo } from '../../contract/runs.ts';
import type { ResumePoint } from '../../contract/store-requests.ts';
import type { StoreClient } from '../hosts/store-host.ts';
import type { TrainHost } from '../hosts/train-host-types.ts';
import { conflict, nothingLearnt } from './run-refusals.ts';
import type { RunsService } from './runs-types.ts';

export interface EvaluationsOptions {
  readonly store: StoreClient;
  readonly host: TrainHost;
  readonly runs: RunsService;
  readonly datasetsFolder: string;
  /** Kernels for runs that have none of their own yet. */
  readonly kernels: () => string;
  /** A look at a test split has been counted. @default nothing */
  readonly onTestOpened?: (id: RunId) => Promise<void>;
}

/** Methods reject with a StudioFailure. */
export class Evaluations {
  readonly #options: EvaluationsOptions;
  /** Control words of the reports that are worked out now, by their tickets. */
  readonly #reports = new Map<string, Int32Array>();

  constructor(options: EvaluationsOptions) {
    this.#options = options;
  }

  /** Of a live run the weights as they are, of any other the evaluated ones of its last checkpoint. */
  async read(id: RunId, split: 'validation' | 'test'): Promise<Evaluation> {
    const { host, store, runs } = this.#options;
    if (split === 'test') await this.#requireOpened(id);
    const live = runs.askLive(id, 'liveEvaluate', { split });
    if (live !== null) return live;
    const point = await store.call('checkpoint:read', { id });
    const weights = evaluatedWeights(point.spec);
    return host.task('evaluate', { ...this.#network(id, point), weights, split });
  }

  /** Everything about a split. Rejects with `cancelled` after `cancel`. */
  async report({ id, split, weights, ticket }: ReportRequest): Promise<EvaluationReport> {
    const control = new SharedArrayBuffer(REPORT.words * Int32Array.BYTES_PER_ELEMENT);
    const words = new Int32Array(control);
    // Known before the first wait: a report can be given up from the moment it is asked for.
    this.#reports.set(ticket, words);
    try {
      if (split === 'test') await this.#requireOpened(id);
      return await this.#report(id, split, weights, control);
    } finally {
      // A page that was loaded anew counts its tickets from the start: the later report of the same one stays.
      if (this.#reports.get(ticket) === words) this.#reports.delete(ticket);
    }
  }

  async #report(
    id: RunId,
    split: ReportRequest['split'],
    weights: ReportRequest['weights'],
    control: SharedArrayBuffer,
  ): Promise<EvaluationReport> {
    const { host, store, runs } = this.#options;
    if (weights === 'live' || weights === 'best') {
      const live = runs.askLive(id, 'liveReport', { split, weights, control });
      if (live !== null) return live;
      if (weights === 'live') throw conflict('the run has ended: it has no weights of this moment');
    }
    const kept = typeof weights === 'number';
    const point = await store.call('checkpoint:read', { id, step: kept ? weights : undefined });
    const choice: WeightsChoice = weights === 'best' ? 'best' : 'last';
    return host.task('report', { ...this.#network(id, point), weights: choice, kept, split, control });
  }

  /** null when no report has the ticket (any more). */
  progress(ticket: string): ReportProgress | null {
    const words = this.#reports.get(ticket);
    if (words === undefined) return null;
    const total = Atomics.load(words, REPORT.total);
    return { share: total === 0 ? 0 : Atomics.load(words, REPORT.done) / total };
  }

  /** The report then rejects, soon. */
  cancel(ticket: string): void {
    const words = this.#reports.get(ticket);
    if (words !== undefined) Atomics.store(words, REPORT.cancelled, 1);
  }

  async samples(id: RunId, rows: readonly number[]): Promise<SampleInputs> {
    const { host, runs } = this.#options;
    const { spec } = await runs.get(id);
    return host.task('samples', { spec, rows: Int32Array.from(rows), ...this.#folders() });
  }

  /** Counts a look at the test split with the weights of a step; only then can it be scored. Returns how many there were. */
  async openTest(id: RunId, step: number): Promise<number> {
    await this.#refuseTrial(id);
    const openings = await this.#options.store.call('test:open', { id, at: Date.now(), step });
    await this.#options.onTestOpened?.(id);
    return openings;
  }

  checkpoints(id: RunId): Promise<CheckpointInfo[]> {
    return this.#options.store.call('checkpoint:list', { id });
  }

  async #requireOpened(id: RunId): Promise<void> {
    await this.#refuseTrial(id);
    const opened = await this.#options.store.call('test:openings', { id });
    if (opened === 0) throw conflict(say`the test split of run ${id} is sealed: open it first`);
  }

  /** A choice made by the test split would make every later score on it worthless. */
  async #refuseTrial(id: RunId): Promise<void> {
    const { number, trial } = (await this.#options.runs.get(id)).summary;
    if (trial !== undefined) throw conflict(say`run #${number} is a trial of a sweep: its test split is sealed`);
  }

  #network(id: RunId, { spec, kernels, bytes }: ResumePoint) {
    if (bytes === null) throw nothingLearnt(id);
    // Other kernels round differently: only the run's own give the scores it logged.
    const own = kernels ?? this.#options.kernels();
    return { runId: id, spec, kernels: own, checkpoint: bytes, ...this.#folders() };
  }

  #folders() {
    return { baseFolder: process.cwd(), datasetsFolder: this.#options.datasetsFolder };
  }
}
