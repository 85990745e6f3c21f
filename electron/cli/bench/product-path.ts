/** What a person gets, against the bare engine: whole runs of the command line, and its start. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunSpec } from '../../../engine/spec/run-spec.ts';
import { loadKernels } from '../../workers/load-kernels.ts';
import { buildTrainer, prepareRun } from '../../workers/prepare-run.ts';
import type { RunSpecInput } from '../../../engine/spec/run-spec.ts';
import { runDescent, type DescentOutput } from './descent-process.ts';

/** Fashion-MNIST as the two-layer and the six-layer net see it, long enough to outlast the start. */
export const PRODUCT_RUNS: Readonly<Record<string, RunSpecInput>> = {
  'W1 on Fashion-MNIST': {
    name: 'bench: two layers',
    data: { source: 'fashion-mnist' },
    model: { layers: [{ type: 'affine', units: 50 }, { type: 'sigmoid' }, { type: 'affine', units: 10 }] },
    optimizer: { type: 'sgd', lr: 0.1 },
    training: { batchSize: 100, epochs: 80 },
  },
  'W2 on Fashion-MNIST': {
    name: 'bench: six layers',
    data: { source: 'fashion-mnist' },
    model: {
      layers: [
        { repeat: 5, layers: [{ type: 'affine', units: 100 }, { type: 'relu' }] },
        { type: 'affine', units: 10 },
      ],
    },
    optimizer: { type: 'adam', lr: 0.001 },
    training: { batchSize: 100, epochs: 25 },
  },
};

const START_SPEC: RunSpecInput = {
  name: 'bench: start',
  data: { source: 'digits' },
  model: { layers: [{ type: 'affine', units: 50 }, { type: 'relu' }, { type: 'affine', units: 10 }] },
  optimizer: { type: 'sgd', lr: 0.1 },
  training: { epochs: 1 },
};

const finishedSchema = z.object({ event: z.literal('finished'), steps: z.number(), seconds: z.number() });

/** Steps a second of the trainer alone: no recorder, histograms, health or database. Epochs are scored as in every run. */
export async function bareStepsPerSecond({ training, ...rest }: RunSpec, datasetsFolder: string): Promise<number> {
  const spec = { ...rest, training: { ...training, health: { enabled: false, everySteps: null } } };
  const folders = { datasetsFolder, baseFolder: process.cwd() };
  const trainer = await buildTrainer(await prepareRun(spec, folders), loadKernels().kernels, folders, null);
  const start = performance.now();
  while (!trainer.done) if (trainer.trainStep().epochEnded) trainer.finishEpoch();
  return (1000 * trainer.step) / (performance.now() - start);
}

/** Steps a second of `descent train` with everything on, and the seconds from its process's start to its first step. */
export class ProductPath {
  readonly #script: string;
  readonly #folder: string;

  constructor(script: string) {
    this.#script = script;
    this.#folder = mkdtempSync(join(tmpdir(), 'descent-bench-'));
  }

  /** Rejects when the run fails. */
  async stepsPerSecond(spec: RunSpecInput): Promise<number> {
    const { lines } = await this.#train(spec);
    const finished = finishedSchema.parse(JSON.parse(lines.at(-1) ?? 'null'));
    return finished.steps / finished.seconds;
  }

  async secondsToFirstStep(): Promise<number> {
    const { lines, arrived } = await this.#train(START_SPEC);
    const first = lines.findIndex((line) => line.includes('"event":"step"'));
    const seconds = arrived[first];
    if (seconds === undefined) throw new Error('bench: `descent train` printed no step');
    return seconds;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #train(spec: RunSpecInput): Promise<DescentOutput> {
    const file = join(this.#folder, 'spec.json');
    writeFileSync(file, JSON.stringify(spec));
    return runDescent(this.#script, ['train', file, '--json', '--db', join(this.#folder, 'bench.db')]);
  }
}
