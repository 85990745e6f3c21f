/** The arena of the compiled kernels: everything reserved first, then placed in one stretch of memory. */

import { IntTensor, Tensor, type RowSource } from '../math/tensor.ts';
import { sizeOf, type Shape } from '../spec/shapes.ts';
import type { Arena } from './kernels.ts';

/** Memory the kernels can address. */
export interface ArenaMemory {
  readonly buffer: ArrayBuffer;
  /** Where the reserved bytes start in `buffer`. `offset + base` is a multiple of 64. */
  readonly offset: number;
  /** What a kernel adds to an offset in `buffer` to find the data. */
  readonly base: number;
  /** What tensors carry as `memory`: lets kernels with several memories find the right one. */
  readonly identity: object | null;
}

/** How one set of kernels gets its memory. */
export interface ArenaSource {
  allocate(bytes: number): ArenaMemory;
  /** Where a typed array outside the arena lies, or null when the kernels cannot reach it: rows are then copied in. */
  readonly addressOf: ((view: Uint8Array | Float32Array) => number) | null;
}

/** Tensors start on cache lines. */
const ALIGNMENT = 64;
/** Kernels read whole vectors and load beside images: up to 128 bytes before the first and past the last tensor. */
const SPARE = 128;

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/**
 * Throws when something is reserved after `commit`, when a shape is not whole numbers, and whatever the memory
 * throws (RangeError) when there is not enough of it.
 */
export function createCompiledArena(memories: ArenaSource): Arena {
  const placements: ((memory: ArenaMemory) => void)[] = [];
  let bytes = SPARE;
  let committed = false;

  /** Reserves bytes; `place` is called at commit with where they are. */
  const reserve = (size: number, place: (memory: ArenaMemory, offset: number) => void): void => {
    if (committed) throw new Error('arena: nothing can be reserved after commit');
    const at = bytes;
    bytes += aligned(size);
    placements.push((memory) => place(memory, memory.offset + at));
  };
  const checkSize = (size: number, what: string): void => {
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`arena: expected whole sizes, got ${what}`);
  };

  return {
    tensor(shape: Shape): Tensor {
      const size = sizeOf(shape);
      for (const n of [...shape, size]) checkSize(n, `(${shape.join(', ')})`);
      const tensor = new Tensor(shape);
      reserve(size * 4, ({ buffer, base, identity }, offset) =>
        tensor.place(new Float32Array(buffer, offset, size), base + offset, identity),
      );
      return tensor;
    },
    ints(size: number): IntTensor {
      checkSize(size, String(size));
      const tensor = new IntTensor(size);
      reserve(size * 4, ({ buffer, base, identity }, offset) =>
        tensor.place(new Int32Array(buffer, offset, size), base + offset, identity),
      );
      return tensor;
    },
    rows(source: RowSource): RowSource {
      const { scale, shift } = source;
      const { addressOf } = memories;
      if (addressOf !== null) {
        const address = (view: Float32Array | null): number => (view === null ? 0 : addressOf(view));
        reserve(0, () => source.place(source.data, addressOf(source.data), address(scale), address(shift)));
        return source;
      }
      const dataBytes = aligned(source.data.byteLength);
      const rowBytes = aligned(source.rowSize * 4);
      reserve(dataBytes + 2 * rowBytes, ({ buffer, base, identity }, offset) => {
        const { data } = source;
        const copy =
          data instanceof Uint8Array
            ? new Uint8Array(buffer, offset, data.length)
            : new Float32Array(buffer, offset, data.length);
        copy.set(data);
        const feature = (values: Float32Array | null, at: number): number => {
          if (values === null) return 0;
          new Float32Array(buffer, at, values.length).set(values);
          return base + at;
        };
        const scalePointer = feature(scale, offset + dataBytes);
        const shiftPointer = feature(shift, offset + dataBytes + rowBytes);
        source.place(copy, base + offset, scalePointer, shiftPointer, identity);
      });
      return source;
    },
    commit(): void {
      if (committed) throw new Error('arena: committed twice');
      committed = true;
      const memory = memories.allocate(bytes + SPARE);
      for (const place of placements) place(memory);
      placements.length = 0;
    },
    get byteLength(): number {
      return committed ? bytes + SPARE : 0;
    },
  };
}
