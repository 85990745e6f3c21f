/** How much memory a run will take, counted before any of it is asked for: tensors are not bound by the heap's limit. */

import { say, word } from '../../engine/spec/message.ts';
import { freemem } from 'node:os';
import type { PreparedData } from '../../engine/data/dataset.ts';
import type { OptimizerType } from '../../engine/spec/layer-spec.ts';
import { SpecError, type RunSpec } from '../../engine/spec/run-spec.ts';
import { sizeOf, type ModelShapes } from '../../engine/spec/shapes.ts';
import { largestBatch } from '../../engine/train/batcher.ts';

/** Share of the free memory a run may take; the rest is for the system and its other programs. */
const SHARE = 0.8;

/** Values an optimizer keeps for each parameter. */
const SLOTS: Readonly<Record<OptimizerType, number>> = {
  sgd: 0,
  momentum: 1,
  nesterov: 1,
  adagrad: 1,
  rmsprop: 1,
  adam: 2,
  adamw: 2,
};

export interface MemoryEstimate {
  /** Weights, gradients, optimizer state, the best epoch's copy, that of the weights before an update, and a checkpoint on its way to the disk. */
  readonly parameterBytes: number;
  /** Outputs and their gradients of every layer, for the largest batch. */
  readonly activationBytes: number;
  /** A second copy of the rows, where the kernels can reach them. */
  readonly dataBytes: number;
}

export function estimateMemory(
  spec: RunSpec,
  data: PreparedData,
  shapes: ModelShapes,
  bytesPerValue: 4 | 8,
): MemoryEstimate {
  const slots = SLOTS[spec.optimizer.type];
  const live = 3 + slots + (spec.training.health.enabled ? 1 : 0);
  const inCheckpoint = 2 + slots;
  const rows = largestBatch(spec.training.sampling, data.train.length, spec.training.batchSize);
  const outputs = shapes.layers.reduce((sum, layer) => sum + (layer === null ? 0 : sizeOf(layer.output)), 0);
  return {
    parameterBytes: shapes.parameters * bytesPerValue * (live + inCheckpoint),
    activationBytes: rows * (2 * outputs + data.rowSize) * bytesPerValue,
    dataBytes: data.x.byteLength,
  };
}

/** Throws a SpecError naming what takes the most when the run would not fit into the free memory. */
export function checkMemory(estimate: MemoryEstimate, freeBytes = freeMemory()): void {
  const { parameterBytes, activationBytes, dataBytes } = estimate;
  const needed = parameterBytes + activationBytes + dataBytes;
  if (needed <= freeBytes * SHARE) return;
  const forBatch = activationBytes > parameterBytes;
  const path = forBatch ? 'training.batchSize' : 'model.layers';
  const what = word(forBatch ? 'a smaller batch' : 'smaller layers');
  const message = say`the run needs about ${gigabytes(needed)} of memory, ${gigabytes(freeBytes)} are free; take ${what}`;
  throw new SpecError([{ path, ...message }]);
}

function freeMemory(): number {
  // Knows a container's limit; missing in some builds of Electron.
  return typeof process.availableMemory === 'function' ? process.availableMemory() : freemem();
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
