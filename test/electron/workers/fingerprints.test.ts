import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import { parseRunSpec, type RunSpecInput } from '../../../engine/spec/run-spec.ts';
import { fingerprintsOf } from '../../../electron/workers/fingerprints.ts';
import { buildTrainer, prepareRun } from '../../../electron/workers/prepare-run.ts';
import type { Fingerprints } from '../../../electron/contract/runs.ts';

const folders = { baseFolder: process.cwd(), datasetsFolder: join(import.meta.dirname, '../../../resources/datasets') };
const base: RunSpecInput = {
  data: { source: 'iris' },
  model: { layers: [{ type: 'affine', units: 8 }, { type: 'relu' }, { type: 'affine', units: 3 }] },
  optimizer: { type: 'sgd', lr: 0.1 },
  training: { epochs: 2, batchSize: 10 },
};

async function fingerprints(change: Partial<RunSpecInput>): Promise<Fingerprints> {
  const parsed = parseRunSpec({ ...base, ...change });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const run = await prepareRun(parsed.spec, folders);
  return fingerprintsOf(
    parsed.spec,
    run.data,
    await buildTrainer(run, createReferenceKernels('float32'), folders, null),
  );
}

describe('fingerprintsOf', () => {
  it('is the same for every optimizer: lanes of a race start alike and see the same batches', async () => {
    const sgd = await fingerprints({});
    expect(await fingerprints({ optimizer: { type: 'adam', lr: 0.001 } })).toEqual(sgd);
    expect(Object.values(sgd).every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
  });

  it.each([
    ['another seed', { seed: 2 }, { split: true, initialWeights: false, batches: false }],
    [
      'another split',
      { data: { source: 'iris', splitSeed: 1 } },
      { split: false, initialWeights: true, batches: false },
    ],
    [
      'another batch size',
      { training: { epochs: 2, batchSize: 20 } },
      { split: true, initialWeights: true, batches: false },
    ],
    [
      'sampling with replacement',
      { training: { epochs: 2, batchSize: 10, sampling: 'replacement' } },
      { split: true, initialWeights: true, batches: false },
    ],
    [
      'another initialisation',
      {
        model: {
          layers: [{ type: 'affine', units: 8, init: 'xavier' }, { type: 'relu' }, { type: 'affine', units: 3 }],
        },
      },
      { split: true, initialWeights: false, batches: true },
    ],
  ] satisfies [string, Partial<RunSpecInput>, Record<keyof Fingerprints, boolean>][])(
    '%s changes what it should, and nothing else',
    async (_name, change, same) => {
      const [a, b] = [await fingerprints({}), await fingerprints(change)];
      expect({
        split: a.split === b.split,
        initialWeights: a.initialWeights === b.initialWeights,
        batches: a.batches === b.batches,
      }).toEqual(same);
    },
  );
});
