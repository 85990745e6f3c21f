/**
 * Leaving: a window closed while something trains asks first; however the app ends, live runs are saved before,
 * and it never takes longer than five seconds. A sweep can be gone on with afterwards.
 */

import type { InvokeArgument } from '../contract/invoke.ts';
import type { RunsService } from './services/runs-types.ts';
import type { SweepsService } from './services/sweeps-types.ts';

export type CloseDecision = InvokeArgument<'app:close'>['decision'];

/** A page that does not show the question within this time is asked through the system's dialog instead. */
const ASK_MS = 1500;
const LEAVE_MS = 5000;

export interface ClosingOptions {
  readonly runs: RunsService;
  readonly sweeps: SweepsService;
  /** Asks the page; false when none is listening. */
  readonly askPage: (busy: Busy) => boolean;
  /** Asks with the system's dialog. */
  readonly askNatively: (busy: Busy) => Promise<CloseDecision>;
  /** Takes the window away without asking again. */
  readonly destroyWindow: () => void;
  /** Tells the person that training goes on without a window. */
  readonly onKept: () => void;
  /** Ends everything that is not a run: the store, helpers. */
  readonly closeServices: () => Promise<void>;
  /** Ends the process. */
  readonly exit: (code: number) => void;
}

/** What would stop if the process ended; paused runs and sweeps wait where they are anyway. */
export interface Busy {
  /** Runs and trials that train or wait for a worker. */
  readonly running: number;
  /** Sweeps that run; they may have trials to come. */
  readonly sweeps: number;
}

type Phase = 'open' | 'asking' | 'kept' | 'leaving';

export class Closing {
  readonly #options: ClosingOptions;
  #phase: Phase = 'open';
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ClosingOptions) {
    this.#options = options;
    const leaveWhenOver = (): void => {
      if (this.#phase === 'kept' && !this.#isBusy()) void this.leave('suspend');
    };
    options.runs.on('ended', leaveWhenOver);
    options.sweeps.on('ended', leaveWhenOver);
    // A sweep that waits between two rounds waits for a person.
    options.sweeps.on('summary', leaveWhenOver);
  }

  /** True once the process is on its way out: no new window then. */
  get isLeaving(): boolean {
    return this.#phase === 'leaving';
  }

  /** True while training goes on without a window. */
  get isKept(): boolean {
    return this.#phase === 'kept';
  }

  /** The window is about to close. Returns false when it must stay for the question. */
  mayClose(): boolean {
    if (this.#phase === 'leaving' || this.#phase === 'kept') return true;
    if (!this.#isBusy()) return true;
    const busy = this.#busy();
    this.#phase = 'asking';
    this.#stopTimer();
    if (this.#options.askPage(busy)) this.#timer = setTimeout(() => void this.#askNatively(busy), ASK_MS);
    else void this.#askNatively(busy);
    return false;
  }

  /** The page shows the question. */
  asked(): void {
    this.#stopTimer();
  }

  /** A window is open again. */
  reopened(): void {
    if (this.#phase === 'kept') this.#phase = 'open';
  }

  /** What the person decided. An answer nobody asked for is ignored. */
  async answer(decision: CloseDecision): Promise<void> {
    this.#stopTimer();
    if (this.#phase !== 'asking') return;
    if (decision === 'cancel') {
      this.#phase = 'open';
    } else if (decision === 'keep' && this.#isBusy()) {
      this.#phase = 'kept';
      this.#options.destroyWindow();
      this.#options.onKept();
    } else {
      await this.leave(decision === 'stop-and-close' ? 'stop' : 'suspend');
    }
  }

  /** Saves every live run and ends the process, within five seconds. */
  async leave(how: 'suspend' | 'stop'): Promise<void> {
    if (this.#phase === 'leaving') return;
    this.#phase = 'leaving';
    this.#stopTimer();
    const deadline = setTimeout(() => {
      console.error(`the runs were not saved within ${LEAVE_MS / 1000} seconds; they go on from their last checkpoint`);
      this.#options.exit(1);
    }, LEAVE_MS);
    const { runs, sweeps, closeServices } = this.#options;
    const failures: unknown[] = [];
    // One run or sweep that cannot be saved takes nothing from the others.
    for (const step of [
      () => sweeps.prepareShutdown(how),
      () => runs.shutdown(how),
      () => sweeps.settle(),
      () => closeServices(),
    ]) {
      await step().catch((error: unknown) => failures.push(error));
    }
    clearTimeout(deadline);
    for (const error of failures) console.error('leaving failed:', error);
    this.#options.exit(failures.length === 0 ? 0 : 1);
  }

  async #askNatively(busy: Busy): Promise<void> {
    this.#timer = null;
    const decision = await this.#options.askNatively(busy);
    await this.answer(decision);
  }

  #busy(): Busy {
    const { running, queued } = this.#options.runs.load();
    return { running: running + queued, sweeps: this.#options.sweeps.running() };
  }

  #isBusy(): boolean {
    const { running, sweeps } = this.#busy();
    return running + sweeps > 0;
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
