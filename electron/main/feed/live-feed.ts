/** The live feed: one subscription a page, at most five numbered frames a second each. */

import { said } from '../../../engine/spec/message.ts';
import { z } from 'zod';
import type { FeedFrame, Notice, SystemLoad } from '../../contract/feed.ts';
import { runIdSchema, type RunSummary } from '../../contract/runs.ts';
import { sweepIdSchema } from '../../contract/sweeps.ts';
import type { RunId, SweepId } from '../../../engine/spec/ids.ts';
import type { RunsService } from '../services/runs-types.ts';
import type { SweepsService } from '../services/sweeps-types.ts';
import { PendingFrame } from './pending-frame.ts';

/** Figures that change more often cannot be read; each frame costs a page a drawing, and training the processor. */
const FRAME_MS = 200;
const TICKS_A_SECOND = 1000 / FRAME_MS;
/** Frames on their way that the page has not taken yet; above this they wait and grow. */
const MOST_IN_FLIGHT = 3;

/** What a page may send; the preload script adds `taken`. */
const messageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('watch'), runs: z.array(runIdSchema).max(64) }),
  z.strictObject({ type: z.literal('watch-sweeps'), sweeps: z.array(sweepIdSchema).max(64) }),
  z.strictObject({ type: z.literal('close-asked') }),
  z.strictObject({ type: z.literal('taken'), seq: z.number().int().positive() }),
]);

/** One end of a MessageChannel, as far as the feed uses it. */
export interface FeedPort {
  postMessage(frame: FeedFrame): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
}

export interface LiveFeedOptions {
  readonly runs: RunsService;
  readonly sweeps: SweepsService;
  /** Read once a second while a page listens. */
  readonly load: () => SystemLoad;
  /** A page shows the question of `close-requested`. */
  readonly onCloseAsked: () => void;
}

interface Subscription {
  readonly port: FeedPort;
  readonly pending: PendingFrame;
  watched: ReadonlySet<RunId>;
  watchedSweeps: ReadonlySet<SweepId>;
  inFlight: number;
}

export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #subscriptions = new Set<Subscription>();
  #timer: NodeJS.Timeout | null = null;
  /** Live runs that are trials. */
  readonly #trials = new Set<RunId>();
  #tick = 0;
  /** Notices that came while no page was listening. */
  #unheard: Notice[] = [];

  constructor(options: LiveFeedOptions) {
    this.#options = options;
    const { runs } = options;
    runs.on('summary', (summary) => this.#addRun(summary));
    runs.on('purged', (id) => this.#each((to) => to.pending.addPurged(id)));
    runs.on('progress', (progress) => this.#each((to) => to.pending.addProgress(progress)));
    runs.on('chunks', (chunks) => {
      for (const chunk of chunks) this.#watching(chunk.runId, (to) => to.pending.addChunk(chunk));
    });
    runs.on('health', (chunk) => this.#watching(chunk.runId, (to) => to.pending.addHealth(chunk)));
    runs.on('histograms', (frames) => {
      for (const frame of frames) this.#watching(frame.runId, (to) => to.pending.addHistogram(frame));
    });
    runs.on('ended', ({ summary: { id, name, status, trial } }) => {
      this.#trials.delete(id);
      if (trial === undefined) this.notify({ kind: 'run-ended', id, name, status });
    });
    runs.on('verified', ({ summary: { id, trial }, comparison }) => {
      if (trial === undefined) this.notify({ kind: 'run-verified', id, comparison });
    });
    runs.on('problem', ({ id, error }) => {
      // What goes wrong in a trial is its row's reason, unless a person must do something about it.
      const ofTrial = id !== null && this.#trials.has(id);
      const { code } = error;
      if (!ofTrial || code === 'disk_full') {
        this.notify({ kind: 'problem', ...said(error), code, id: ofTrial ? null : id });
      }
    });
    this.#follow(options.sweeps);
  }

  #follow(sweeps: SweepsService): void {
    sweeps.on('summary', (summary) => this.#each((to) => to.pending.addSweep(summary)));
    sweeps.on('purged', (id) => this.#each((to) => to.pending.addPurgedSweep(id)));
    sweeps.on('trials', (rows) => {
      for (const row of rows) this.#watchingSweep(row.sweep, (to) => to.pending.addTrial(row));
    });
    sweeps.on('report', (report) => this.#watchingSweep(report.sweep, (to) => to.pending.addReport(report)));
    sweeps.on('ended', ({ id, name, status }) => this.notify({ kind: 'sweep-ended', id, name, status }));
    sweeps.on('problem', ({ id, error }) =>
      this.notify({ kind: 'problem', ...said(error), code: error.code, id: null, sweep: id }),
    );
  }

  /** True while a page listens. */
  get isHeard(): boolean {
    return this.#subscriptions.size > 0;
  }

  /** Sends a notice to every page; kept for the next one when there is none. */
  notify(notice: Notice): void {
    if (this.isHeard) this.#each((to) => to.pending.addNotice(notice));
    else this.#unheard.push(notice);
  }

  /** Takes over a port until the page closes it or is gone. */
  subscribe(port: FeedPort): void {
    const subscription: Subscription = {
      port,
      pending: new PendingFrame(),
      watched: new Set(),
      watchedSweeps: new Set(),
      inFlight: 0,
    };
    for (const progress of this.#options.runs.progress()) subscription.pending.addProgress(progress);
    for (const notice of this.#unheard.splice(0)) subscription.pending.addNotice(notice);
    subscription.pending.setSystem(this.#options.load());
    port.on('message', ({ data }) => this.#receive(subscription, data));
    port.on('close', () => this.#remove(subscription));
    port.start();
    this.#subscriptions.add(subscription);
    this.#timer ??= setInterval(() => this.#sendFrames(), FRAME_MS);
  }

  #receive(subscription: Subscription, data: unknown): void {
    const message = messageSchema.safeParse(data);
    if (!message.success) {
      console.error('the live feed got a message it does not know:', message.error.issues);
      return;
    }
    if (message.data.type === 'watch') subscription.watched = new Set(message.data.runs);
    else if (message.data.type === 'watch-sweeps') subscription.watchedSweeps = new Set(message.data.sweeps);
    else if (message.data.type === 'taken') subscription.inFlight = Math.max(0, subscription.inFlight - 1);
    else this.#options.onCloseAsked();
  }

  #remove(subscription: Subscription): void {
    this.#subscriptions.delete(subscription);
    if (this.isHeard || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #sendFrames(): void {
    this.#tick++;
    if (this.#tick % TICKS_A_SECOND === 0) {
      const system = this.#options.load();
      this.#each((to) => to.pending.setSystem(system));
    }
    this.#each((to) => {
      if (to.pending.isEmpty || to.inFlight >= MOST_IN_FLIGHT) return;
      to.inFlight++;
      to.port.postMessage(to.pending.take());
    });
  }

  /** Trials come by the thousand; their rows go to pages that look at them. */
  #addRun(summary: RunSummary): void {
    const { id, trial } = summary;
    if (trial !== undefined) this.#trials.add(id);
    this.#each((to) => {
      const isWanted = trial === undefined || to.watched.has(id) || to.watchedSweeps.has(trial.sweep);
      if (isWanted) to.pending.addRun(summary);
    });
  }

  #each(action: (to: Subscription) => void): void {
    for (const subscription of this.#subscriptions) action(subscription);
  }

  #watchingSweep(id: SweepId, action: (to: Subscription) => void): void {
    this.#each((to) => {
      if (to.watchedSweeps.has(id)) action(to);
    });
  }

  #watching(id: RunId, action: (to: Subscription) => void): void {
    this.#each((to) => {
      if (to.watched.has(id)) action(to);
    });
  }
}
