/** Gathering a batch, dropout, and affine layers. Arguments in the order of native/kernels.c. */

import { dropoutThreshold } from '../../math/hash.ts';
import type { IntTensor, RowSource, Tensor } from '../../math/tensor.ts';
import type { Activation, Kernels } from '../kernels.ts';
import { ACTIVATIONS, at, orNull, type ModuleOf } from './module.ts';

export function affineCalls(
  moduleOf: ModuleOf,
): Pick<Kernels, 'gatherRows' | 'expectRows' | 'dropout' | 'affineForward' | 'affineBackward'> {
  return {
    gatherRows(source: RowSource, indices: IntTensor, first: number, rows: number, out: Tensor): void {
      const module = moduleOf(out.memory);
      const { block, run } = module;
      if (source.pointer === 0) throw new Error('gatherRows: the rows were never given to an arena');
      if (source.memory !== module.identity) throw new Error('gatherRows: the rows belong to another arena');
      block[0] = source.pointer;
      block[1] = source.rows;
      block[2] = source.scalePointer;
      block[3] = source.shiftPointer;
      block[4] = at(indices, first + rows, module) + 4 * first;
      block[5] = rows;
      block[6] = source.rowSize;
      block[7] = at(out, rows * source.rowSize, module);
      if (source.kind === 'uint8') run.gather_bytes();
      else run.gather_floats();
      const gathered = block[0];
      if (gathered !== rows) {
        throw new RangeError(`gatherRows: row ${indices.data[first + gathered]} of ${source.rows} asked for`);
      }
    },

    expectRows(source: RowSource, indices: IntTensor, first: number, rows: number): void {
      const module = moduleOf(indices.memory);
      const { block, run } = module;
      block[0] = source.pointer;
      block[1] = source.rows;
      block[2] = at(indices, first + rows, module) + 4 * first;
      block[3] = rows;
      block[4] = source.rowSize * (source.kind === 'uint8' ? 1 : 4);
      run.expect_rows();
    },

    dropout(x: Tensor, y: Tensor, count: number, rate: number, scale: number, keyLow: number, keyHigh: number): void {
      const module = moduleOf(y.memory);
      const { block, run } = module;
      block[0] = at(x, count, module);
      block[1] = at(y, count, module);
      block[2] = count;
      block[3] = dropoutThreshold(rate);
      block[4] = scale;
      block[5] = keyLow >>> 0;
      block[6] = keyHigh >>> 0;
      run.dropout();
    },

    affineForward(
      x: Tensor,
      w: Tensor,
      b: Tensor,
      y: Tensor,
      rows: number,
      activation: Activation,
      parameter: number,
    ): void {
      const module = moduleOf(y.memory);
      const { block, run } = module;
      const units = b.size;
      const inputs = w.size / units;
      block[0] = at(x, rows * inputs, module);
      block[1] = at(w, inputs * units, module);
      block[2] = at(b, units, module);
      block[3] = at(y, rows * units, module);
      block[4] = rows;
      block[5] = inputs;
      block[6] = units;
      block[7] = ACTIVATIONS[activation];
      block[8] = parameter;
      run.affine_forward();
    },

    affineBackward(x: Tensor, w: Tensor, dy: Tensor, dw: Tensor, db: Tensor, dx: Tensor | null, rows: number): void {
      const module = moduleOf(dw.memory);
      const { block, run } = module;
      const units = db.size;
      const inputs = w.size / units;
      block[0] = at(x, rows * inputs, module);
      block[1] = at(w, inputs * units, module);
      block[2] = at(dy, rows * units, module);
      block[3] = at(dw, inputs * units, module);
      block[4] = at(db, units, module);
      block[5] = orNull(dx, rows * inputs, module);
      block[6] = rows;
      block[7] = inputs;
      block[8] = units;
      run.affine_backward();
    },
  };
}
