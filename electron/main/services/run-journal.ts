/**
 * What a live run still has to write. Everything that came in since the last commit goes out as one append, one
 * append at a time; what comes in meanwhile waits for the next one. Nothing is dropped: after an error the same
 * append is kept and tried again when asked. Only of many checkpoints that wait some are left out.
 */

import { messageOf } from '../../../engine/spec/message.ts';
import type { NewCheckpoint, RunAppend } from '../../contract/store-requests.ts';
import type { RunSummary } from '../../contract/runs.ts';
import { StudioFailure, type StudioError } from '../../contract/outcome.ts';
import { mergeHealth } from '../../../engine/spec/health.ts';
import { mergeChunks } from '../../../engine/spec/merge-chunks.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { StoreClient } from '../hosts/store-host.ts';

/** Commits are at least this far apart, unless something must be known at once. */
const BETWEEN_COMMITS_MS = 100;
/** Checkpoints that may wait for a commit: each is as large as the network. */
const MOST_CHECKPOINTS = 4;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Append = Mutable<RunAppend> & {
  chunks: NonNullable<RunAppend['chunks']>[number][];
  health: NonNullable<RunAppend['health']>[number][];
  histograms: NonNullable<RunAppend['histograms']>[number][];
  epochs: NonNullable<RunAppend['epochs']>[number][];
  spans: NonNullable<RunAppend['spans']>[number][];
  checkpoints: NewCheckpoint[];
};

export interface JournalOptions {
  readonly id: RunId;
  readonly store: StoreClient;
  /** Awaited before each commit, for whoever must have shown the steps first. */
  readonly beforeCommit: () => Promise<void>;
  /** An append is in the database. `chunkMessages` is how many messages of the worker it held. */
  readonly onSaved: (summary: RunSummary, append: RunAppend, chunkMessages: number) => void;
  /** An append could not be written; it is kept. */
  readonly onFailed: (error: StudioError) => void;
}

export class RunJournal {
  readonly #options: JournalOptions;
  #open: Append;
  #openMessages = 0;
  /** An append that failed, with what it took. */
  #failed: { readonly append: Append; readonly messages: number; readonly error: StudioError } | null = null;
  #saving: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lastCommit = Date.now();
  #urgent = false;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#open = emptyAppend(options.id);
  }

  /** True after an error, until a retry works. */
  get stuck(): boolean {
    return this.#failed !== null;
  }

  /** Adds to the next append. Lists are added to, everything else replaced. */
  add(part: Omit<RunAppend, 'id'>, urgency: 'soon' | 'now' = 'soon'): void {
    const { chunks, health, histograms, epochs, spans, checkpoints, ...single } = part;
    Object.assign(this.#open, single);
    if (chunks !== undefined) {
      this.#open.chunks.push(...chunks);
      this.#openMessages++;
    }
    if (health !== undefined) this.#open.health.push(...health);
    if (histograms !== undefined) this.#open.histograms.push(...histograms);
    if (epochs !== undefined) this.#open.epochs.push(...epochs);
    if (spans !== undefined) this.#open.spans.push(...spans);
    for (const checkpoint of checkpoints ?? []) addCheckpoint(this.#open.checkpoints, checkpoint);
    if (urgency === 'now') this.#urgent = true;
    this.#schedule();
  }

  /** Tries the append that failed again. Rejects with a StudioFailure when it fails again. */
  async retry(): Promise<void> {
    if (this.#saving === null && this.#failed !== null) this.#save();
    await this.#saving;
    if (this.#failed !== null) throw new StudioFailure(this.#failed.error);
  }

  #schedule(): void {
    if (this.#saving !== null || this.#failed !== null || isEmpty(this.#open)) return;
    const wait = this.#urgent ? 0 : this.#lastCommit + BETWEEN_COMMITS_MS - Date.now();
    if (wait <= 0) {
      this.#save();
    } else {
      this.#timer ??= setTimeout(() => this.#save(), Math.min(wait, BETWEEN_COMMITS_MS));
    }
  }

  #save(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#urgent = false;
    const { append, messages } = this.#failed ?? this.#take();
    this.#failed = null;
    this.#saving = this.#commit(append, messages);
  }

  async #commit(append: Append, messages: number): Promise<void> {
    const { store, beforeCommit, onSaved, onFailed } = this.#options;
    const outcome = await beforeCommit()
      .then(() => store.call('run:append', append))
      .then(
        (summary) => ({ summary }),
        (error: unknown) => ({ error }),
      );
    this.#saving = null;
    this.#lastCommit = Date.now();
    if ('summary' in outcome) {
      onSaved(outcome.summary, append, messages);
      this.#schedule();
    } else {
      const error = toStudioError(outcome.error);
      this.#failed = { append, messages, error };
      onFailed(error);
    }
  }

  #take(): { append: Append; messages: number } {
    const open = this.#open;
    const health = open.health.length === 0 ? [] : [mergeHealth(open.health)];
    const taken = { append: { ...open, chunks: mergeChunks(open.chunks), health }, messages: this.#openMessages };
    this.#open = emptyAppend(this.#options.id);
    this.#openMessages = 0;
    return taken;
  }
}

/** While the disk is slow: the first, the best and the newest are worth their memory, those between them are not. */
function addCheckpoint(waiting: NewCheckpoint[], checkpoint: NewCheckpoint): void {
  waiting.push(checkpoint);
  if (waiting.length <= MOST_CHECKPOINTS) return;
  const between = waiting.findIndex(({ best }, i) => i > 0 && i < waiting.length - 1 && !best);
  waiting.splice(between === -1 ? 1 : between, 1);
}

function toStudioError(error: unknown): StudioError {
  if (error instanceof StudioFailure) return error.error;
  return { code: 'internal', ...messageOf(error) };
}

function emptyAppend(id: RunId): Append {
  return { id, chunks: [], health: [], histograms: [], epochs: [], spans: [], checkpoints: [] };
}

function isEmpty(append: Append): boolean {
  const { id: _id, chunks, health, histograms, epochs, spans, checkpoints, ...single } = append;
  const lists = [chunks, health, histograms, epochs, spans, checkpoints];
  return lists.every((list) => list.length === 0) && Object.keys(single).length === 0;
}
