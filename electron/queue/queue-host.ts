/**
 * Where the runs of a sweep are trained when that is elsewhere: the same interface as the pool of threads, on top of a
 * queue that workers on any machine read. The database of this process is the truth: whatever the server forgets is
 * put there again, and of two workers that hold the same order one is told to let go.
 */

import { say } from '../../engine/spec/message.ts';
import type { JobTasks } from '../contract/job-tasks.ts';
import type { TrainJob } from '../contract/jobs.ts';
import { errorOf, StudioFailure, type StudioError } from '../contract/outcome.ts';
import type {
  FreeTaskName,
  HostLoad,
  JobHandle,
  JobListener,
  LiveTaskName,
  TrainHost,
} from '../main/hosts/train-host-types.ts';
import { newId } from '../main/services/new-id.ts';
import { Luggage } from './luggage.ts';
import { Mailbox, send } from './mailbox.ts';
import {
  controlSchema,
  decodeText,
  encode,
  encodeText,
  orderSchema,
  PROTOCOL,
  ProtocolError,
  reportSchema,
  VersionMismatch,
  type Report,
} from './protocol.ts';
import type { RedisLink } from './redis-link.ts';
import { Ticket } from './ticket.ts';
import { OrderQueue, sayOwnerLives, type QueueKernels } from './trial-queue.ts';
import { UntakenNotice } from './untaken.ts';

/** How often it is checked that nothing is lost. */
const WATCH_MS = 1000;
/** A worker that has not been heard of for so long is asked after. */
const QUIET_MS = 5000;

export interface QueueHostOptions {
  readonly link: RedisLink;
  /** The program's version. */
  readonly engine: string;
  /** Answers questions that belong to no live run. */
  readonly local: TrainHost;
  /** The kernels behind a choice such as `auto`; all workers then use those. */
  readonly kernels: (choice: string) => QueueKernels;
  /** One line for a person. */
  readonly say: (text: string) => void;
}

/** The owner's end of the queue. While the server is there, `close` takes back what nobody has taken. */
export class QueueHost implements TrainHost {
  readonly #options: QueueHostOptions;
  readonly #id = newId();
  readonly #queue: OrderQueue;
  readonly #mailbox: Mailbox;
  readonly #luggage: Luggage;
  readonly #tickets = new Set<Ticket>();
  readonly #changed = new Set<Ticket>();
  readonly #timer: NodeJS.Timeout;
  /** Senders of strange letters that a person has been told of. */
  readonly #told = new Set<string>();
  #closed: Promise<void> | null = null;
  #scheduled = false;
  #watching = false;
  readonly #untaken: UntakenNotice;
  #watchedAt = performance.now();
  /** When this process last came to itself: a machine that slept has not heard what was said meanwhile. */
  #awakeSince = 0;

  constructor(options: QueueHostOptions) {
    this.#options = options;
    const { link, local } = options;
    this.#queue = new OrderQueue(link);
    this.#untaken = new UntakenNotice(options.say);
    this.#luggage = new Luggage(link, local);
    this.#mailbox = new Mailbox(link, this.#id, (letter) => this.#receive(letter));
    this.#timer = setInterval(() => void this.#watch(), WATCH_MS);
    link.onBack(() => void this.#watch());
    void this.#watch();
  }

  train(job: Omit<TrainJob, 'control'>, listener: JobListener): JobHandle {
    const ticket: Ticket = new Ticket(
      job,
      listener,
      {
        putBack: (_ticket, leaver) => {
          this.#options.say(`worker ${leaver?.name ?? ''} has left; run ${job.runId} is on the queue again`);
          void this.#put(ticket);
        },
        changed: () => this.#schedule(ticket),
        over: () => void this.#tickets.delete(ticket),
      },
      newId,
    );
    this.#tickets.add(ticket);
    void this.#put(ticket);
    return this.#handle(ticket);
  }

  async task<T extends FreeTaskName>(task: T, args: JobTasks[T]['args']): Promise<JobTasks[T]['result']> {
    const answer = await this.#options.local.task(task, args);
    // What cannot travel is better known before the first trial than by its failure.
    if (task === 'check') await this.#luggage.pack(args as JobTasks['check']['args']);
    return answer;
  }

  load(): HostLoad {
    const stages = [...this.#tickets].map(({ stage }) => stage);
    const running = stages.filter((stage) => stage === 'held').length;
    return { running, queued: stages.length - running, workers: stages.length };
  }

  setWorkers(): void {
    // As many as there are on the other side.
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    const { link, local } = this.#options;
    const left = [...this.#tickets];
    for (const ticket of left) ticket.lose({ code: 'cancelled', message: 'the program is closing' });
    if (link.up) await Promise.all(left.map((ticket) => this.#remove(ticket)));
    await this.#mailbox.close();
    await this.#queue.close();
    link.close();
    await local.close();
  }

  #handle(ticket: Ticket): JobHandle {
    return {
      get queued() {
        return ticket.stage === 'preparing' || ticket.stage === 'waiting';
      },
      get worker() {
        return ticket.worker?.name ?? null;
      },
      command: (command) => ticket.order(command),
      step: () => ticket.step(),
      allowEpochs: (limit) => ticket.allowEpochs(limit),
      taken: () => ticket.chunksTaken(),
      ask: <T extends LiveTaskName>() => Promise.reject<JobTasks[T]['result']>(new StudioFailure(ELSEWHERE)),
      cancel: () => {
        const cancelled = ticket.cancel();
        if (cancelled) void this.#remove(ticket);
        return cancelled;
      },
      kill: (reason) => ticket.lose({ code: 'worker_died', ...say`the run's worker was given up: ${reason}` }),
    };
  }

  /** Lays a run on the queue; again after a worker has handed it back or the server has forgotten it. */
  async #put(ticket: Ticket): Promise<void> {
    const { job, attempt } = ticket;
    try {
      const { name, build } = this.#options.kernels(job.kernels);
      const files = await this.#luggage.pack(job);
      if (ticket.stage === 'over' || ticket.attempt !== attempt) return;
      const { bytes, elapsedMs } = ticket.from;
      const order = encode(orderSchema, {
        ...this.#version,
        ...files,
        owner: this.#id,
        attempt,
        runId: job.runId,
        spec: job.spec,
        kernels: name,
        resumeFrom: bytes,
        elapsedMs,
        scoreTest: job.scoreTest ?? 'always',
      });
      await this.#queue.add(build, attempt, order);
      // Called off while it was on its way there.
      if (!ticket.queued()) await this.#remove(ticket);
    } catch (error) {
      // Of an attempt that was given up meanwhile nobody waits for the end.
      if (ticket.attempt === attempt) ticket.fail(errorOf(error));
    }
  }

  async #remove({ job, attempt }: Ticket): Promise<void> {
    const { kernels, link } = this.#options;
    // A worker that takes it meanwhile is told to let go as soon as it reports.
    await this.#queue.remove(kernels(job.kernels).build, attempt).catch((error: unknown) => link.failed(error));
  }

  #receive(letter: string): void {
    let report: Report;
    try {
      report = decodeText(reportSchema, letter, this.#options.engine);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#strange(error, letter);
      return;
    }
    for (const file of report.needs) this.#luggage.send(file);
    const ticket = [...this.#tickets].find(({ attempt }) => attempt === report.attempt);
    // Another worker's, or over, whether or not by this very report: either way the sender is done with it.
    if (ticket?.hear(report) !== true || ticket.stage !== 'held') {
      return this.#send(report.worker.id, { ...NOT_YOURS, attempt: report.attempt });
    }
    this.#schedule(ticket);
  }

  /** Told once for each kind, or a broken worker would fill the screen. */
  #strange(error: ProtocolError, letter: string): void {
    if (this.#told.has(error.message) || this.#told.size > 20) return;
    this.#told.add(error.message);
    const what = error instanceof VersionMismatch ? 'a worker is not heard' : 'a report was dropped';
    this.#options.say(`${what}: ${error.message}${letter.length > 0 ? '' : ' (it was empty)'}`);
  }

  #schedule(ticket: Ticket): void {
    this.#changed.add(ticket);
    if (this.#scheduled) return;
    this.#scheduled = true;
    // All that one event changes goes out as one message.
    setImmediate(() => {
      this.#scheduled = false;
      const changed = [...this.#changed];
      this.#changed.clear();
      for (const ticket of changed) {
        if (ticket.stage === 'held' && ticket.worker !== null) this.#send(ticket.worker.id, ticket.control(true));
      }
    });
  }

  #send(worker: string, control: ReturnType<Ticket['control']>): void {
    const letter = encodeText(controlSchema, { ...this.#version, ...control });
    const { link } = this.#options;
    // What is lost is said again: the worker reports once a second and is answered each time.
    void send(link, worker, letter).catch((error: unknown) => link.failed(error));
  }

  async #watch(): Promise<void> {
    if (performance.now() - this.#watchedAt > 3 * WATCH_MS) this.#awakeSince = performance.now();
    this.#watchedAt = performance.now();
    if (this.#watching || !this.#options.link.up) return;
    this.#watching = true;
    try {
      await sayOwnerLives(this.#options.link, this.#id, this.#buildsInUse());
      for (const ticket of this.#tickets) await this.#lookAfter(ticket);
      const stages = [...this.#tickets].map(({ stage }) => stage);
      this.#untaken.look(stages.includes('waiting') && !stages.includes('held'), () => this.#buildsInUse());
    } catch (error) {
      // A server that is away says so itself, one that refuses is told of; the next round looks again.
      this.#options.link.failed(error);
    } finally {
      this.#watching = false;
    }
  }

  async #lookAfter(ticket: Ticket): Promise<void> {
    const { attempt, stage, worker } = ticket;
    if (stage !== 'waiting' && !this.#quiet(ticket)) return;
    const state = await this.#queue.state(this.#options.kernels(ticket.job.kernels).build, attempt);
    // Much may have happened meanwhile.
    if (state !== 'gone' || ticket.attempt !== attempt || ticket.stage !== stage) return;
    if (stage === 'waiting') return this.#put(ticket);
    if (!this.#quiet(ticket)) return;
    const message = `the worker ${worker?.name ?? ''} has not been heard of and has lost its hold on the run`;
    ticket.workerGone({ code: 'worker_died', message });
  }

  /** Nothing has come from its worker, though it could have. */
  #quiet({ stage, heardAt }: Ticket): boolean {
    const since = Math.max(heardAt, this.#options.link.changedAt, this.#awakeSince);
    return stage === 'held' && performance.now() - since > QUIET_MS;
  }

  #buildsInUse(): string[] {
    return [...new Set([...this.#tickets].map(({ job }) => this.#options.kernels(job.kernels).build))];
  }

  get #version(): { readonly protocol: typeof PROTOCOL; readonly engine: string } {
    return { protocol: PROTOCOL, engine: this.#options.engine };
  }
}

const NOT_YOURS = {
  yours: false,
  command: 'run',
  epochLimit: null,
  singleSteps: 0,
  received: 0,
  taken: 0,
} as const;

const ELSEWHERE: StudioError = { code: 'conflict', message: 'the run is trained on another machine right now' };
