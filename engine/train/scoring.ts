/** Runs rows through the network in inference mode, a bufferful at a time: scores, outputs, predictions. */

import type { PreparedData } from '../data/dataset.ts';
import type { Arena, Kernels } from '../kernels/kernels.ts';
import type { FloatArray, IntTensor, RowSource, Tensor } from '../math/tensor.ts';
import type { Loss } from '../losses/loss.ts';
import type { Model } from './model.ts';
import type { OnRows, Prediction, RawOutputs, Score } from './trainer-types.ts';

/** Rows at a time: whole tiles in every kernel, and few enough that they, the rows to come and the weights share a cache. */
export const SCORING_ROWS = 96;
/** Rows put through together when every layer's output is to be looked at. */
export const PROBED_ROWS = 128;
/** Values that kernels may read before and beyond a tensor (`SPARE` of the arenas). */
const READ_BESIDE = 32;

export class Scorer {
  readonly #kernels: Kernels;
  readonly #model: Model;
  readonly #loss: Loss;
  readonly #data: PreparedData;
  readonly #source: RowSource;
  /** Row numbers of a bufferful, and of the one after it. */
  readonly #indices: IntTensor;
  /** Rows of a bufferful. */
  readonly #most: number;
  /** Rows the network has room for. */
  readonly #capacity: number;
  readonly #presented: Tensor;

  /** Reserves its memory; nothing may be called before the arena is committed. */
  constructor(arena: Arena, kernels: Kernels, model: Model, loss: Loss, data: PreparedData, source: RowSource) {
    this.#kernels = kernels;
    this.#model = model;
    this.#loss = loss;
    this.#data = data;
    this.#source = source;
    this.#capacity = model.input.shape[0] ?? 0;
    this.#most = Math.min(SCORING_ROWS, this.#capacity);
    this.#indices = arena.ints(Math.max(2 * this.#most, this.#capacity));
    this.#presented = arena.tensor(model.outputs.shape);
  }

  /**
   * Mean loss and accuracy over the rows, `penalty` (the weight-decay term) added to the loss. `onRows` hears after each
   * bufferful how many rows are done, and may throw to end it.
   */
  score(rows: Int32Array, penalty: number, onRows?: OnRows): Score {
    let loss = 0;
    let right = 0;
    this.#eachChunk(
      rows,
      (count) => {
        fillTargets(this.#data, this.#loss, this.#indices.data, 0, count);
        loss += this.#loss.evaluate(count, null);
        right += this.#loss.correct();
      },
      onRows,
    );
    return { loss: loss / rows.length + penalty, accuracy: right / rows.length };
  }

  /** The network's outputs as its last layer gives them, in the kernels' own precision. */
  outputs(rows: Int32Array): RawOutputs {
    return this.#collect(rows, this.#model.outputs, () => {});
  }

  /** Outputs as people read them: the softmax or sigmoid of the loss applied. */
  predict(rows: Int32Array, onRows?: OnRows): Prediction {
    const { values, columns } = this.#collect(rows, this.#presented, (count) => this.#present(count), onRows);
    const { presentation, threshold } = this.#loss;
    return {
      outputs: values instanceof Float32Array ? values : Float32Array.from(values),
      columns,
      probabilities: presentation !== 'none',
      // The sigmoid of a logit of 0 is one half.
      threshold: presentation === 'sigmoid' ? 0.5 : threshold,
    };
  }

  /** Puts the first rows (as many as there is room for) through the network, so that every layer's output can be looked at. */
  forwardOnly(rows: Int32Array): number {
    const count = Math.min(rows.length, this.#capacity);
    const indices = this.#indices.data;
    // Not through a view of the rows: this comes between training steps, which allocate nothing.
    for (let i = 0; i < count; i++) indices[i] = rows[i]!;
    this.#forwardIndices(count, 0);
    return count;
  }

  #present(count: number): void {
    const { outputs, columns } = this.#model;
    const presentation = this.#loss.presentation;
    if (presentation === 'softmax') this.#kernels.softmax(outputs, this.#presented, count, columns);
    else {
      const activation = presentation === 'sigmoid' ? 'sigmoid' : 'none';
      this.#kernels.activationForward(activation, outputs, this.#presented, count * columns, 0);
    }
  }

  #collect(rows: Int32Array, from: Tensor, prepare: (count: number) => void, onRows?: OnRows): RawOutputs {
    const { columns } = this.#model;
    const size = rows.length * columns;
    const values: FloatArray = this.#kernels.dtype === 'float32' ? new Float32Array(size) : new Float64Array(size);
    this.#eachChunk(
      rows,
      (count, start) => {
        prepare(count);
        values.set(from.data.subarray(0, count * columns), start * columns);
      },
      onRows,
    );
    return { values, columns };
  }

  #eachChunk(rows: Int32Array, visit: (count: number, start: number) => void, onRows?: OnRows): void {
    const most = this.#most;
    for (let start = 0; start < rows.length; start += most) {
      const count = Math.min(most, rows.length - start);
      this.#forward(rows, start, count);
      visit(count, start);
      onRows?.(start + count);
    }
  }

  #forward(rows: Int32Array, start: number, count: number): void {
    const next = Math.min(this.#most, rows.length - start - count);
    this.#indices.data.set(rows.subarray(start, start + count + next));
    if (this.#lieInPlace(count)) this.#forwardInPlace(count, next);
    else this.#forwardIndices(count, next);
  }

  /** Whether the rows lie in the data set one after the other and just as the network takes them. */
  #lieInPlace(count: number): boolean {
    const { kind, scale, shift, rows, rowSize } = this.#source;
    if (kind !== 'float32' || this.#kernels.dtype !== 'float32' || scale !== null || shift !== null) return false;
    const indices = this.#indices.data;
    const first = indices[0]!;
    const ahead = first * rowSize;
    const behind = (rows - first - count) * rowSize;
    if (ahead < READ_BESIDE || behind < READ_BESIDE) return false;
    for (let i = 1; i < count; i++) if (indices[i] !== first + i) return false;
    return true;
  }

  /** Reads such rows where they are instead of gathering them. */
  #forwardInPlace(count: number, next: number): void {
    const { input } = this.#model;
    const { data, pointer, memory } = input;
    const { rowSize } = this.#source;
    const from = this.#indices.data[0]! * rowSize;
    const rows = this.#source.data.subarray(from, from + count * rowSize);
    if (rows instanceof Uint8Array) throw new Error('scoring: bytes are no input of a network');
    input.place(rows, this.#source.pointer + 4 * from, this.#source.memory);
    try {
      this.#kernels.expectRows(this.#source, this.#indices, count, next);
      this.#model.forward(count, false, 0);
    } finally {
      input.place(data, pointer, memory);
    }
  }

  /** `next` rows will follow. */
  #forwardIndices(count: number, next: number): void {
    this.#kernels.gatherRows(this.#source, this.#indices, 0, count, this.#model.input);
    this.#kernels.expectRows(this.#source, this.#indices, count, next);
    this.#model.forward(count, false, 0);
  }
}

/** Copies the labels or real targets of indices[first … first + rows) to where the loss reads them. */
export function fillTargets(data: PreparedData, loss: Loss, indices: Int32Array, first: number, rows: number): void {
  if (loss.labels !== null && data.labels !== null) {
    const labels = loss.labels.data;
    for (let i = 0; i < rows; i++) labels[i] = data.labels[indices[first + i]!]!;
  } else if (loss.targets !== null && data.targets !== null) {
    const targets = loss.targets.data;
    const columns = data.shape.outputs;
    for (let i = 0; i < rows; i++) {
      const from = indices[first + i]! * columns;
      for (let k = 0; k < columns; k++) targets[i * columns + k] = data.targets[from + k]!;
    }
  }
}
