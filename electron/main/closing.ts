/**
 * Leaving: a window closed while something trains asks first; however the app ends, live runs are saved before,
 * and it never takes longer than five seconds.
 */

import type { InvokeArgument } from '../contract/invoke.ts';
import type { RunsService } from './services/runs-types.ts';

export type CloseDecision = InvokeArgument<'app:close'>['decision'];

/** A page that does not show the question within this time is asked through the system's dialog instead. */
const ASK_MS = 1500;
const LEAVE_MS = 5000;

export interface ClosingOptions {
  readonly runs: RunsService;
  /** Asks the page; false when none is listening. */
  readonly askPage: (running: number) => boolean;
  /** Asks with the system's dialog. */
  readonly askNatively: (running: number) => Promise<CloseDecision>;
  /** Takes the window away without asking again. */
  readonly destroyWindow: () => void;
  /** Tells the person that training goes on without a window. */
  readonly onKept: () => void;
  /** Ends everything that is not a run: the store, helpers. */
  readonly closeServices: () => Promise<void>;
  /** Ends the process. */
  readonly exit: (code: number) => void;
}

type Phase = 'open' | 'asking' | 'kept' | 'leaving';

export class Closing {
  readonly #options: ClosingOptions;
  #phase: Phase = 'open';
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ClosingOptions) {
    this.#options = options;
    options.runs.on('ended', () => {
      if (this.#phase === 'kept' && this.#training() === 0) void this.leave('suspend');
    });
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
    const running = this.#training();
    if (running === 0) return true;
    this.#phase = 'asking';
    this.#stopTimer();
    if (this.#options.askPage(running)) this.#timer = setTimeout(() => void this.#askNatively(running), ASK_MS);
    else void this.#askNatively(running);
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
    } else if (decision === 'keep' && this.#training() > 0) {
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
    try {
      await this.#options.runs.shutdown(how);
      await this.#options.closeServices();
      this.#options.exit(0);
    } catch (error) {
      console.error('leaving failed:', error);
      this.#options.exit(1);
    } finally {
      clearTimeout(deadline);
    }
  }

  async #askNatively(running: number): Promise<void> {
    this.#timer = null;
    const decision = await this.#options.askNatively(running);
    await this.answer(decision);
  }

  /** Runs that would stop if the process ended; paused ones wait in their checkpoint anyway. */
  #training(): number {
    const { running, queued } = this.#options.runs.load();
    return running + queued;
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
