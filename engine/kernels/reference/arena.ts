/** The reference kernels' memory: one typed array a tensor, nothing clever. */

import { Tensor, IntTensor, type RowSource } from '../../math/tensor.ts';
import { sizeOf, type Shape } from '../../spec/shapes.ts';
import type { Arena } from '../kernels.ts';

export function createReferenceArena(dtype: 'float32' | 'float64'): Arena {
  const tensors: Tensor[] = [];
  const integers: IntTensor[] = [];
  let committed = false;
  let bytes = 0;
  const reserve = (): void => {
    if (committed) throw new Error('arena: nothing can be reserved after commit');
  };
  return {
    tensor(shape: Shape): Tensor {
      reserve();
      if (!shape.every((n) => Number.isInteger(n) && n >= 0)) {
        throw new RangeError(`arena: expected whole sizes, got (${shape.join(', ')}), ${sizeOf(shape)} values`);
      }
      const tensor = new Tensor(shape);
      tensors.push(tensor);
      return tensor;
    },
    ints(size: number): IntTensor {
      reserve();
      const tensor = new IntTensor(size);
      integers.push(tensor);
      return tensor;
    },
    rows(source: RowSource): RowSource {
      reserve();
      return source;
    },
    commit(): void {
      reserve();
      committed = true;
      for (const tensor of tensors) {
        const data = dtype === 'float32' ? new Float32Array(tensor.size) : new Float64Array(tensor.size);
        tensor.place(data, 0);
        bytes += data.byteLength;
      }
      for (const tensor of integers) {
        tensor.place(new Int32Array(tensor.size), 0);
        bytes += tensor.size * 4;
      }
    },
    get byteLength(): number {
      return bytes;
    },
  };
}
