/** A convolution and the pooling after it are computed together; an identity layer between them keeps them apart. */

import { test } from 'vitest';
import type { RunSpecInput } from '../../../engine/spec/run-spec.ts';
import { expectClose } from '../kernels/support.ts';
import { KERNELS } from '../../support/kernels.ts';
import { randomClasses, specOf, trainerOf } from '../../support/runs.ts';

type Layers = RunSpecInput['model']['layers'];

test.each(KERNELS)('$name trains them to the same weights', ({ kernels }) => {
  const trained = (between: Layers): number[] => {
    const spec = specOf({
      model: {
        layers: [
          { type: 'conv2d', filters: 5, kernel: 3, padding: 1 },
          { type: 'relu' },
          ...between,
          { type: 'max-pool2d', kernel: 2 },
          { type: 'conv2d', filters: 4, kernel: 3 },
          ...between,
          { type: 'max-pool2d', kernel: 2 },
          { type: 'affine', units: 3 },
        ],
      },
      optimizer: { type: 'momentum', lr: 0.01 },
      training: { batchSize: 7, steps: 6, histograms: { enabled: false } },
    });
    const trainer = trainerOf(kernels, spec, randomClasses(40, [2, 9, 11], 3));
    while (!trainer.done) if (trainer.trainStep().epochEnded) trainer.finishEpoch();
    return trainer.weights('last').flatMap(({ data }) => Array.from(data));
  };
  // Together the weights' gradient is summed over the maxima only: the same terms in another order.
  expectClose(trained([]), trained([{ type: 'identity' }]), 1e-5);
});
