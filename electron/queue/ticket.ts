/** One run on the queue, as its owner sees it: lying there, in the hands of a worker, or over. No Redis in here. */

import type { JobMessage, TrainJob } from '../contract/jobs.ts';
import type { StudioError } from '../contract/outcome.ts';
import type { JobCommand, JobListener } from '../main/hosts/train-host-types.ts';
import type { Control, News, Report } from './protocol.ts';

/** `preparing`: its data is being packed. */
type Stage = 'preparing' | 'waiting' | 'held' | 'over';

export interface TicketHost {
  /** The run goes back on the queue, as a new attempt; `leaver` had it. */
  putBack(ticket: Ticket, leaver: Report['worker'] | null): void;
  /** The worker should hear where the order stands, soon. */
  changed(ticket: Ticket): void;
  over(ticket: Ticket): void;
}

/** Every attempt has an id of its own: what a worker says of an earlier one is not heard. */
export class Ticket {
  readonly job: Omit<TrainJob, 'control'>;
  readonly #listener: JobListener;
  readonly #host: TicketHost;
  readonly #newId: () => string;
  #attempt: string;
  #stage: Stage = 'preparing';
  #worker: Report['worker'] | null = null;
  #heardAt = 0;
  #command: JobCommand = 'run';
  #epochLimit: number | null;
  #singleSteps = 0;
  #received = 0;
  #taken = 0;
  /** Where another worker would go on. */
  #from: { readonly bytes: Uint8Array | null; readonly elapsedMs: number };

  constructor(job: Omit<TrainJob, 'control'>, listener: JobListener, host: TicketHost, newId: () => string) {
    this.job = job;
    this.#listener = listener;
    this.#host = host;
    this.#newId = newId;
    this.#attempt = newId();
    this.#epochLimit = job.epochLimit ?? 0;
    this.#from = { bytes: job.resumeFrom, elapsedMs: job.elapsedMs };
  }

  get attempt(): string {
    return this.#attempt;
  }
  get stage(): Stage {
    return this.#stage;
  }
  get worker(): Report['worker'] | null {
    return this.#worker;
  }
  /** By `performance.now()`; of a ticket that is held. */
  get heardAt(): number {
    return this.#heardAt;
  }
  get from(): { readonly bytes: Uint8Array | null; readonly elapsedMs: number } {
    return this.#from;
  }

  /** It lies on the queue. False when nobody wants it there any more. */
  queued(): boolean {
    if (this.#stage === 'preparing') this.#stage = 'waiting';
    return this.#stage !== 'over';
  }

  control(yours: boolean): Omit<Control, 'protocol' | 'engine'> {
    const limit = this.#epochLimit ?? 0;
    return {
      attempt: this.#attempt,
      yours,
      command: this.#command,
      epochLimit: limit === 0 ? null : limit,
      singleSteps: this.#singleSteps,
      received: this.#received,
      taken: this.#taken,
    };
  }

  order(command: JobCommand): void {
    this.#command = command;
    this.#host.changed(this);
  }

  step(): void {
    this.#singleSteps++;
    this.#host.changed(this);
  }

  allowEpochs(limit: number | null): void {
    this.#epochLimit = limit;
    this.#host.changed(this);
  }

  chunksTaken(): void {
    this.#taken++;
    this.#host.changed(this);
  }

  /** Takes it back before anybody has it. False when a worker has. */
  cancel(): boolean {
    if (this.#stage !== 'preparing' && this.#stage !== 'waiting') return false;
    this.#end();
    return true;
  }

  fail(error: StudioError): void {
    if (this.#stage === 'over') return;
    this.#end();
    this.#listener.message({ type: 'failed', error });
  }

  /** Its worker is gone. No loss when that had not begun. */
  workerGone(error: StudioError): void {
    if (this.#stage === 'held' && this.#received === 0) this.#putBack(this.#from.elapsedMs);
    else this.lose(error);
  }

  lose(error: StudioError): void {
    if (this.#stage === 'over') return;
    this.#end();
    this.#listener.lost(error);
  }

  /** False when the order is another worker's: the first one heard of keeps it. */
  hear(report: Report): boolean {
    if (this.#stage === 'over' || (this.#worker !== null && this.#worker.id !== report.worker.id)) return false;
    this.#stage = 'held';
    this.#worker = report.worker;
    this.#heardAt = performance.now();
    const { news } = report;
    // What comes twice, or after something that has not come yet, comes again.
    if (news !== null && news.number === this.#received + 1) {
      this.#received++;
      this.#take(news.message);
    }
    return true;
  }

  #take(message: News): void {
    switch (message.type) {
      case 'lost':
        return this.lose(message.error);
      case 'suspended':
        // Nobody asked for it: the worker is leaving, and another one goes on.
        if (this.#command !== 'suspend') return this.#putBack(message.elapsedMs);
        this.#end();
        break;
      case 'finished':
      case 'failed':
        this.#end();
        break;
      case 'checkpoint':
        // A copy: the original moves on to the database's thread.
        this.#from = { bytes: message.bytes.slice(), elapsedMs: message.elapsedMs };
        break;
      case 'started':
      case 'chunks':
      case 'histograms':
      case 'verified':
      case 'paused':
      case 'resumed':
        break;
    }
    this.#listener.message(message as JobMessage);
  }

  #putBack(elapsedMs: number): void {
    this.#from = { ...this.#from, elapsedMs };
    const leaver = this.#worker;
    this.#attempt = this.#newId();
    this.#stage = 'preparing';
    this.#worker = null;
    this.#received = 0;
    this.#taken = 0;
    this.#singleSteps = 0;
    this.#host.putBack(this, leaver);
  }

  #end(): void {
    this.#stage = 'over';
    this.#host.over(this);
  }
}
