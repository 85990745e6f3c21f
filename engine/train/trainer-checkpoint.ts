/** Which tensors a run's checkpoint holds, and how they find their way back. */

import { say } from '../spec/message.ts';
import type { FloatArray } from '../math/tensor.ts';
import { CheckpointError, type Checkpoint, type CheckpointTensor } from './checkpoint.ts';
import type { TrainerParts } from './trainer-parts.ts';

/** Parameters and statistics, optimizer state, the best epoch's copy, and the bins that histograms were given. */
export function checkpointTensors(parts: TrainerParts, best: readonly FloatArray[] | null): CheckpointTensor[] {
  const tensors: CheckpointTensor[] = parts.model.states.map(({ name, tensor }) => {
    return { name, shape: tensor.shape, data: tensor.data };
  });
  for (const slot of slots(parts)) tensors.push({ name: slot.name, shape: [slot.data.length], data: slot.data });
  if (best !== null) {
    for (const [i, { name, tensor }] of parts.model.states.entries()) {
      tensors.push({ name: `best.${name}`, shape: tensor.shape, data: best[i]! });
    }
  }
  for (const [name, edges] of parts.probes.edges())
    tensors.push({ name: `edges.${name}`, shape: [edges.length], data: edges });
  return tensors;
}

/** Throws a CheckpointError, before anything is changed, when the checkpoint belongs to another model, optimizer or precision. */
export function restoreTensors(parts: TrainerParts, checkpoint: Checkpoint, best: readonly FloatArray[]): void {
  const { state } = checkpoint;
  const { dtype } = parts.kernels;
  if (state.dtype !== dtype)
    throw new CheckpointError(say`was written in ${state.dtype}, these kernels work in ${dtype}`);
  if (state.optimizer !== parts.optimizerType) {
    throw new CheckpointError(say`belongs to a run with ${state.optimizer}, this one uses ${parts.optimizerType}`);
  }
  if (state.stepsPerEpoch !== parts.batcher.stepsPerEpoch) {
    const own = parts.batcher.stepsPerEpoch;
    throw new CheckpointError(
      say`has ${state.stepsPerEpoch} steps an epoch, this run ${own}: other data or batch size`,
    );
  }
  const given = new Map(checkpoint.tensors.map((tensor) => [tensor.name, tensor.data]));
  const copies: (() => void)[] = [];
  const expect = (name: string, target: FloatArray): void => {
    const data = given.get(name);
    if (data?.length !== target.length) {
      throw new CheckpointError(
        say`expected ${target.length} values of ${name}, got ${data?.length ?? 'none'}: another model`,
      );
    }
    given.delete(name);
    copies.push(() => target.set(data));
  };
  for (const { name, tensor } of parts.model.states) expect(name, tensor.data);
  for (const slot of slots(parts)) expect(slot.name, slot.data);
  if (state.best !== null) {
    for (const [i, { name }] of parts.model.states.entries()) expect(`best.${name}`, best[i]!);
  }
  for (const [name, data] of given) {
    if (!name.startsWith('edges.')) throw new CheckpointError(say`holds ${name}, which this run does not have`);
    if (data instanceof Float32Array)
      copies.push(() => parts.probes.setEdges(name.slice('edges.'.length), data.slice()));
  }
  for (const copy of copies) copy();
}

function slots(parts: TrainerParts): { name: string; data: FloatArray }[] {
  const parameters = parts.model.states.filter((state) => state.parameter !== null);
  return parts.optimizer.slots.map(({ parameter, name, value }) => {
    return { name: `optimizer.${parameters[parameter]?.name}.${name}`, data: value.data };
  });
}
