/** One order in the hands of a worker: from its first report to the owner's last word. */

import { say, word } from '../../engine/spec/message.ts';
import type { DeliveredFiles, JobFolders, JobMessage } from '../contract/jobs.ts';
import { StudioFailure, type StudioError } from '../contract/outcome.ts';
import type { JobHandle, TrainHost } from '../main/hosts/train-host-types.ts';
import type { FileCache } from './file-shelf.ts';
import { Outbox } from './outbox.ts';
import { encodeText, PROTOCOL, reportSchema, type Control, type News, type Order, type Report } from './protocol.ts';

/** The owner hears of each order at least this often. */
const REPORT_MS = 1000;
/** Without an answer for so long it is asked whether the owner is still there… */
const ASK_MS = 1500;
/** …and after so long it does not matter any more. */
const OWNER_QUIET_MS = 60_000;
/** How long a run that nobody answers for may take to save itself. */
const FAREWELL_MS = 5000;
/** News above this wait in memory for a server that is away; training then waits as well. */
const MOST_WAITING_BYTES = 128 * 1024 * 1024;

export interface AssignmentOptions {
  readonly order: Order;
  readonly engine: string;
  readonly worker: Report['worker'];
  readonly pool: TrainHost;
  readonly files: FileCache;
  readonly folders: JobFolders;
  readonly post: (letter: string) => void;
  /** When the server was last lost or found, by `performance.now()`; null while it is away. */
  readonly connectedSince: () => number | null;
  /** True as well while it cannot be known. */
  readonly ownerLives: () => Promise<boolean>;
}

/** `done`: the owner has everything. `refused`: it is another worker's, or nobody's. `silent`: the owner is gone. */
export type AssignmentEnd = 'done' | 'refused' | 'silent' | 'not-begun';

/** Reports to the owner from the moment it is made; `ended` never rejects. */
export class Assignment {
  readonly #options: AssignmentOptions;
  readonly #outbox: Outbox;
  readonly #resolve: (end: AssignmentEnd) => void;
  readonly ended: Promise<AssignmentEnd>;
  readonly #timer: NodeJS.Timeout;
  #control: Control | null = null;
  #heardAt = performance.now();
  #needs: readonly string[] = [];
  #handle: JobHandle | null = null;
  /** Nothing of it is of interest any more. */
  #over = false;
  #begun = false;
  #leaving = false;
  #parting = false;
  /** Training stands until the news before it have got through. */
  #held = false;
  /** The last news is in the outbox. */
  #told = false;

  constructor(options: AssignmentOptions) {
    this.#options = options;
    this.#outbox = new Outbox(options.post);
    let end: (how: AssignmentEnd) => void = () => undefined;
    this.ended = new Promise((resolve) => {
      end = resolve;
    });
    this.#resolve = end;
    this.#timer = setInterval(() => void this.#tick(), REPORT_MS);
    this.#report(null);
  }

  get training(): boolean {
    return this.#handle !== null && !this.#over;
  }

  /** The owner's word on this order. */
  hear(control: Control): void {
    if (this.#over) return;
    this.#heardAt = performance.now();
    if (!control.yours) return this.#end(this.#told ? 'done' : 'refused');
    const before = this.#control;
    this.#control = control;
    this.#outbox.received(control.received);
    if (this.#told && this.#outbox.empty) return this.#end('done');
    if (!this.#begun) void this.#begin();
    else this.#obey(before, control);
  }

  /** Hands the run back: saved if it has begun, as it came if not. */
  leave(): void {
    this.#leaving = true;
    if (this.#handle !== null) this.#handle.command('suspend');
    else if (!this.#over) this.#end('not-begun');
  }

  /** Whatever waits, at once: the server is back. */
  resend(): void {
    if (this.#over) return;
    this.#outbox.resend();
    this.#report(null);
  }

  async #begin(): Promise<void> {
    this.#begun = true;
    try {
      const delivered = await this.#fetch();
      if (delivered === null || this.#over || this.#leaving) return;
      this.#train(delivered);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const problem: StudioError =
        error instanceof StudioFailure ? error.error : { code: 'environment', message: `the data: ${message}` };
      this.#tell({ type: 'failed', error: named(problem, this.#options.worker) });
    }
  }

  #train(delivered: DeliveredFiles): void {
    const { order, pool, folders } = this.#options;
    const { runId, spec, kernels, resumeFrom, elapsedMs, scoreTest } = order;
    const epochLimit = this.#control?.epochLimit ?? 0;
    const job = { ...folders, runId, spec, kernels, resumeFrom, elapsedMs, scoreTest, epochLimit, delivered };
    this.#handle = pool.train(job, {
      message: (message) => this.#forward(message),
      lost: (error) => this.#tell({ type: 'lost', error: named(error, this.#options.worker) }),
    });
    if (this.#control !== null) this.#obey(null, this.#control);
  }

  /** Files by their content; null when nobody wants them any more. */
  async #fetch(): Promise<DeliveredFiles | null> {
    const { order, files } = this.#options;
    const {
      data: { file: dataFile, sha256: dataSha256 },
      initialWeights: weightsFile,
    } = order;
    for (;;) {
      const data = dataFile === null ? null : await files.find(dataFile);
      const initialWeights = weightsFile === null ? null : await files.find(weightsFile);
      const missing = [data === null ? dataFile : null, initialWeights === null ? weightsFile : null];
      this.#needs = missing.flatMap((file) => (file === null ? [] : [file.sha256]));
      if (this.#needs.length === 0) return { dataSha256, data, initialWeights };
      if (this.#over || this.#leaving) return null;
      this.#report(null);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  #obey(before: Control | null, now: Control): void {
    const handle = this.#handle;
    if (handle === null) return;
    for (let i = before?.taken ?? 0; i < now.taken; i++) handle.taken();
    if (before?.epochLimit !== now.epochLimit) handle.allowEpochs(now.epochLimit);
    if (before?.command !== now.command && !this.#leaving && !this.#held) handle.command(now.command);
    for (let i = before?.singleSteps ?? 0; i < now.singleSteps; i++) handle.step();
  }

  #forward(message: JobMessage): void {
    if (message.type === 'failed') this.#tell({ type: 'failed', error: named(message.error, this.#options.worker) });
    else this.#tell(message as News);
  }

  #tell(message: News): void {
    if (this.#over || this.#told) return;
    let letter: string;
    try {
      letter = this.#letter({ number: this.#outbox.next, message });
    } catch (error) {
      // A text can hold about 500 MB: a checkpoint of more cannot travel, and the next one could not either.
      const text = `${message.type} cannot be sent: ${error instanceof Error ? error.message : String(error)}`;
      this.#handle?.command('stop');
      this.#tell({ type: 'failed', error: named({ code: 'internal', message: text }, this.#options.worker) });
      return;
    }
    this.#told = LAST.includes(message.type);
    this.#outbox.add(letter);
  }

  #report(news: Report['news']): void {
    this.#options.post(this.#letter(news));
  }

  #letter(news: Report['news']): string {
    const { order, worker, engine } = this.#options;
    return encodeText(reportSchema, {
      protocol: PROTOCOL,
      engine,
      attempt: order.attempt,
      worker,
      needs: [...this.#needs],
      news,
    });
  }

  async #tick(): Promise<void> {
    this.#holdBack();
    if (this.#options.connectedSince() === null) return;
    if (await this.#ownerGone()) return this.#partFromOwner();
    this.#outbox.tick();
    this.#report(null);
  }

  async #ownerGone(): Promise<boolean> {
    const quiet = this.#quietMs();
    if (quiet < ASK_MS) return false;
    // A server that goes away in this moment is no reason to give up.
    const lives = await this.#options.ownerLives().catch(() => true);
    return !this.#over && (!lives || quiet > OWNER_QUIET_MS) && this.#quietMs() >= quiet;
  }

  /** How long the owner could have spoken and has not. */
  #quietMs(): number {
    const since = this.#options.connectedSince();
    return since === null ? 0 : performance.now() - Math.max(this.#heardAt, since);
  }

  /** The run is saved and left in the owner's mailbox, for the case that it was only asleep. */
  #partFromOwner(): void {
    if (this.#handle === null || this.#told) return this.#end('silent');
    if (this.#parting) return;
    this.#parting = true;
    this.leave();
    setTimeout(() => {
      if (!this.#over) this.#end('silent');
    }, FAREWELL_MS).unref();
  }

  /** Checkpoints without end for a server that is away would fill the memory. */
  #holdBack(): void {
    const full = this.#outbox.bytes > (this.#held ? MOST_WAITING_BYTES / 2 : MOST_WAITING_BYTES);
    if (full === this.#held || this.#handle === null || this.#leaving) return;
    this.#held = full;
    this.#handle.command(full ? 'pause' : (this.#control?.command ?? 'run'));
  }

  #end(end: AssignmentEnd): void {
    this.#over = true;
    clearInterval(this.#timer);
    // What it still computes is for nobody; its worker is needed for the next one.
    if (!this.#told) this.#handle?.kill(word('its run was called off'));
    this.#resolve(end);
  }
}

const LAST: readonly News['type'][] = ['finished', 'suspended', 'failed', 'lost'];

/** Which machine it was: the owner cannot see it. */
function named(error: StudioError, { name }: Report['worker']): StudioError {
  return { ...error, ...say`${error} (worker ${name})` };
}
