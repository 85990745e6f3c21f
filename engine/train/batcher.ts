/** Which rows each mini-batch holds. The order depends on the seed and the data's size, on nothing else. */

import { Rng, type RngState } from '../math/rng.ts';

export type Sampling = 'shuffle' | 'sequential' | 'replacement';

/** Where a batcher is, as plain numbers. */
export interface BatcherState {
  /** Generator at the start of the epoch (shuffle, sequential) or before the next draw (replacement). */
  readonly rng: RngState;
  /** Batches handed out in this epoch. */
  readonly step: number;
}

/**
 * - `shuffle`: a new permutation of the rows each epoch, its last batch smaller when the sizes do not divide.
 * - `sequential`: the rows in their order, the same way each epoch.
 * - `replacement`: every batch drawn anew from all rows, a row may come twice (as the book's np.random.choice).
 *
 * Row numbers are written into `indices`, memory the kernels can see; a batch is indices[first … first + rows). The batch
 * after it is known ahead, so that its rows can be fetched in time.
 */
export class Batcher {
  /** The current batch. */
  first = 0;
  rows = 0;
  /** The batch after it, as far as it is known: no rows at the end of an epoch. */
  nextFirst = 0;
  nextRows = 0;
  readonly stepsPerEpoch: number;
  readonly #train: Int32Array;
  readonly #batchSize: number;
  readonly #sampling: Sampling;
  readonly #indices: Int32Array;
  readonly #rng: Rng;
  /** The generator at the start of the epoch, or before the current batch was drawn. */
  readonly #saved = new Uint32Array(4);
  /** For `replacement`: before the next batch was drawn, and whether it was. */
  readonly #savedNext = new Uint32Array(4);
  #drawn = false;
  #step = 0;

  constructor(sampling: Sampling, train: Int32Array, batchSize: number, indices: Int32Array, rng: Rng) {
    this.#sampling = sampling;
    this.#train = train;
    this.#batchSize = largestBatch(sampling, train.length, batchSize);
    this.#indices = indices;
    this.#rng = rng;
    this.stepsPerEpoch = stepsPerEpoch(train.length, batchSize);
    this.startEpoch();
  }

  get epochEnded(): boolean {
    return this.#step === this.stepsPerEpoch;
  }

  /** Back to the first batch; for `shuffle` in a new order. */
  startEpoch(): void {
    this.#step = 0;
    this.nextRows = 0;
    if (this.#sampling === 'replacement') return;
    this.#rng.copyState(this.#saved);
    this.#indices.set(this.#train);
    if (this.#sampling === 'shuffle') this.#rng.shuffle(this.#indices);
  }

  /** Makes the next batch the current one. */
  next(): void {
    if (this.epochEnded) throw new Error('batcher: the epoch has ended, startEpoch comes first');
    if (this.#sampling === 'replacement') {
      if (!this.#drawn) this.#draw();
      this.#saved.set(this.#savedNext);
      this.first = this.nextFirst;
      this.rows = this.#batchSize;
      this.nextFirst = this.#batchSize - this.first;
      this.#draw();
    } else {
      this.first = this.#step * this.#batchSize;
      this.rows = Math.min(this.#batchSize, this.#train.length - this.first);
      this.nextFirst = this.first + this.rows;
      this.nextRows = Math.min(this.#batchSize, this.#train.length - this.nextFirst);
    }
    this.#step++;
  }

  /** Draws the batch after the current one. */
  #draw(): void {
    this.#rng.copyState(this.#savedNext);
    const train = this.#train;
    const indices = this.#indices;
    const end = this.nextFirst + this.#batchSize;
    this.#rng.ints(train.length, indices, this.nextFirst, this.#batchSize);
    for (let i = this.nextFirst; i < end; i++) indices[i] = train[indices[i]!]!;
    this.nextRows = this.#batchSize;
    this.#drawn = true;
  }

  /** Takes the last `next` back, for a step that was not applied. */
  undo(): void {
    this.#step--;
    if (this.#sampling === 'replacement') this.#rewind();
  }

  /** Back to before the draw of `saved`. */
  #rewind(): void {
    this.#rng.loadState(this.#saved);
    this.#drawn = false;
  }

  state(): BatcherState {
    const aheadOf = this.#sampling === 'replacement' && this.#drawn;
    const [a = 0, b = 0, c = 0, d = 0] = aheadOf ? this.#savedNext : this.#saved;
    const undrawn = this.#sampling === 'replacement' && !this.#drawn;
    return { rng: undrawn ? this.#rng.state() : [a, b, c, d], step: this.#step };
  }

  /** Continues where `state` was taken. Throws a RangeError when it does not fit this data. */
  restore(state: BatcherState): void {
    if (!Number.isInteger(state.step) || state.step < 0 || state.step > this.stepsPerEpoch) {
      throw new RangeError(`batch ${state.step} of an epoch of ${this.stepsPerEpoch}`);
    }
    Rng.restore(state.rng).copyState(this.#saved);
    this.#rewind();
    this.startEpoch();
    this.#step = state.step;
  }
}

/** Batches in an epoch: rows / batch size, rounded up, whatever the sampling. */
export function stepsPerEpoch(rows: number, batchSize: number): number {
  return Math.max(1, Math.ceil(rows / batchSize));
}

/** Rows of the largest batch: no more than there are, unless rows may come twice. */
export function largestBatch(sampling: Sampling, rows: number, batchSize: number): number {
  return sampling === 'replacement' ? batchSize : Math.min(batchSize, rows);
}

/** Size of the `indices` a batcher needs. */
export function indicesSize(sampling: Sampling, rows: number, batchSize: number): number {
  return sampling === 'replacement' ? 2 * batchSize : rows;
}

/** The stream of a run's generator that orders its batches: the same for every optimizer and network. */
export function batchGenerator(seed: number): Rng {
  return Rng.stream(seed, 'batches');
}

/** Row numbers of the first epoch's batches, one after the other. Runs that agree here agree in every later epoch. */
export function firstEpochOrder(sampling: Sampling, train: Int32Array, batchSize: number, seed: number): Int32Array {
  const indices = new Int32Array(indicesSize(sampling, train.length, batchSize));
  const batcher = new Batcher(sampling, train, batchSize, indices, batchGenerator(seed));
  const order: number[] = [];
  while (!batcher.epochEnded) {
    batcher.next();
    for (let i = 0; i < batcher.rows; i++) order.push(indices[batcher.first + i]!);
  }
  return Int32Array.from(order);
}
