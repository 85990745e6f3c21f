/** Tensors over one arena: a shape and a stretch of preallocated memory. No operation here allocates. */

import { sizeOf, type Shape } from '../spec/shapes.ts';

export type FloatArray = Float32Array | Float64Array;

/**
 * A dense tensor in row-major (C) order. `data` is a view of the arena, set when the arena commits;
 * reading it before is a programming error. The first dimension of activations is the largest batch,
 * kernels are told how many of its rows to use.
 */
export class Tensor {
  readonly shape: Shape;
  readonly size: number;
  #data: FloatArray | null = null;
  /** Where the kernels find the data: byte offset (wasm), absolute address (native), unused (reference). */
  pointer = 0;
  /** The memory `pointer` counts in, for kernels that have several (wasm); null elsewhere. */
  memory: object | null = null;

  constructor(shape: Shape) {
    this.shape = shape;
    this.size = sizeOf(shape);
  }

  get data(): FloatArray {
    if (this.#data === null) throw new Error('tensor read before its arena was committed');
    return this.#data;
  }

  /** Called once by the arena, and by whoever lends a tensor other memory for a while. */
  place(data: FloatArray, pointer: number, memory: object | null = null): void {
    this.#data = data;
    this.pointer = pointer;
    this.memory = memory;
  }
}

/** Whole numbers in the arena: labels, batch indices, argmax. */
export class IntTensor {
  readonly size: number;
  #data: Int32Array | null = null;
  pointer = 0;
  memory: object | null = null;

  constructor(size: number) {
    this.size = size;
  }

  get data(): Int32Array {
    if (this.#data === null) throw new Error('tensor read before its arena was committed');
    return this.#data;
  }

  place(data: Int32Array, pointer: number, memory: object | null = null): void {
    this.#data = data;
    this.pointer = pointer;
    this.memory = memory;
  }
}

/**
 * The rows of a data set as the kernels gather them. Bytes (pictures) stay bytes: value = byte·scale[j] + shift[j]
 * is applied while gathering, so 60,000 × 784 pixels take 47 MB instead of 188.
 */
export class RowSource {
  readonly rows: number;
  readonly rowSize: number;
  readonly kind: 'uint8' | 'float32';
  #data: Uint8Array | Float32Array;
  /** One entry a feature, or null for the values as they are. Applied in float32, product first. */
  readonly scale: Float32Array | null;
  readonly shift: Float32Array | null;
  pointer = 0;
  scalePointer = 0;
  shiftPointer = 0;
  memory: object | null = null;

  constructor(
    data: Uint8Array | Float32Array,
    rowSize: number,
    scale: Float32Array | null = null,
    shift: Float32Array | null = null,
  ) {
    this.#data = data;
    this.rowSize = rowSize;
    this.rows = data.length / rowSize;
    this.kind = data instanceof Uint8Array ? 'uint8' : 'float32';
    this.scale = scale;
    this.shift = shift;
  }

  get data(): Uint8Array | Float32Array {
    return this.#data;
  }

  /** The arena may move the rows into memory its kernels can address; the first copy is then free to go. */
  place(
    data: Uint8Array | Float32Array,
    pointer: number,
    scalePointer: number,
    shiftPointer: number,
    memory: object | null = null,
  ): void {
    this.#data = data;
    this.pointer = pointer;
    this.scalePointer = scalePointer;
    this.shiftPointer = shiftPointer;
    this.memory = memory;
  }
}
