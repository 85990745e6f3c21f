/**
 * What a live sweep still has to write: which trials have changed, and whether the sweep has. One commit at a time,
 * everything changed meanwhile goes into the next. Nothing is dropped: after an error it is tried again when asked.
 */

import { StudioFailure, type StudioError } from '../../contract/outcome.ts';
import type { SavedSweep, SweepAppend } from '../../contract/sweep-store.ts';
import type { StoreClient } from '../hosts/store-host.ts';

export interface SweepJournalOptions {
  readonly store: StoreClient;
  /** The sweep as it is now, with these trials. */
  readonly take: (trials: readonly number[]) => SweepAppend;
  readonly onSaved: (saved: SavedSweep) => void;
  readonly onFailed: (error: StudioError) => void;
}

interface Waiter {
  readonly version: number;
  readonly resolve: () => void;
  readonly reject: (error: StudioFailure) => void;
}

export class SweepJournal {
  readonly #options: SweepJournalOptions;
  #dirty = new Set<number>();
  /** Counts changes; `#savedVersion` is the last one that is committed. */
  #version = 0;
  #savedVersion = 0;
  #waiters: Waiter[] = [];
  #saving: Promise<void> | null = null;
  #scheduled = false;
  #stuck: StudioError | null = null;
  #closing = false;

  constructor(options: SweepJournalOptions) {
    this.#options = options;
  }

  /** True after an error, until a retry works. */
  get stuck(): boolean {
    return this.#stuck !== null;
  }

  /** The sweep has changed, and this trial when one is named. */
  touch(trial: number | null = null): void {
    this.#version++;
    if (trial !== null) this.#dirty.add(trial);
    if (this.#scheduled || this.#saving !== null || this.#stuck !== null) return;
    this.#scheduled = true;
    // Everything one event has changed is committed together.
    setImmediate(() => {
      this.#scheduled = false;
      this.#start();
    });
  }

  /**
   * Resolves once every change so far is in the database; waits for a retry after an error. Rejects with a
   * StudioFailure `cancelled` when the sweep is closed before.
   */
  saved(): Promise<void> {
    if (this.#savedVersion >= this.#version) return Promise.resolve();
    const version = this.#version;
    const saved = new Promise<void>((resolve, reject) => this.#waiters.push({ version, resolve, reject }));
    this.#callOff();
    return saved;
  }

  /** From now on nobody waits for a retry. What is not written may be settled all the same. */
  close(): void {
    this.#closing = true;
    this.#callOff();
  }

  /** Resolves once every change so far is in the database, rejects when it cannot be written. */
  async settle(): Promise<void> {
    while (this.#savedVersion < this.#version) {
      if (this.#saving === null && this.#stuck !== null) throw new StudioFailure(this.#stuck);
      this.#start();
      await this.#saving;
    }
  }

  /** Tries what failed again. Rejects when it fails again. */
  async retry(): Promise<void> {
    if (this.#stuck === null) return;
    this.#stuck = null;
    await this.settle();
  }

  #start(): void {
    if (this.#saving !== null || this.#stuck !== null || this.#savedVersion >= this.#version) return;
    this.#saving = this.#save().finally(() => {
      this.#saving = null;
      this.#start();
    });
  }

  async #save(): Promise<void> {
    const { store, take, onSaved, onFailed } = this.#options;
    const [version, trials] = [this.#version, this.#dirty];
    this.#dirty = new Set();
    try {
      const saved = await this.#commit(store, take([...trials].sort((a, b) => a - b)));
      this.#savedVersion = version;
      const done = this.#waiters.filter((waiter) => waiter.version <= version);
      this.#waiters = this.#waiters.filter((waiter) => waiter.version > version);
      onSaved(saved);
      for (const { resolve } of done) resolve();
    } catch (error) {
      for (const trial of trials) this.#dirty.add(trial);
      this.#stuck = error instanceof StudioFailure ? error.error : { code: 'internal', message: String(error) };
      onFailed(this.#stuck);
      this.#callOff();
    }
  }

  #callOff(): void {
    if (!this.#closing || this.#stuck === null) return;
    const error = { ...this.#stuck, code: 'cancelled' } as const;
    for (const { reject } of this.#waiters.splice(0)) reject(new StudioFailure(error));
  }

  /** A lost store worker is replaced, so it is asked once more. */
  async #commit(store: StoreClient, append: SweepAppend): Promise<SavedSweep> {
    try {
      return await store.call('sweep:append', append);
    } catch (error) {
      if (!(error instanceof StudioFailure) || error.error.code !== 'worker_died') throw error;
      return store.call('sweep:append', append);
    }
  }
}
