import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rng } from '../../../engine/math/rng.ts';
import { Batcher, indicesSize, stepsPerEpoch, type Sampling } from '../../../engine/train/batcher.ts';

function create(sampling: Sampling, train: Int32Array, batchSize: number, seed = 1) {
  const indices = new Int32Array(indicesSize(sampling, train.length, batchSize));
  const batcher = new Batcher(sampling, train, batchSize, indices, Rng.stream(seed, 'batches'));
  const take = (): number[] => {
    batcher.next();
    return Array.from(indices.subarray(batcher.first, batcher.first + batcher.rows));
  };
  const epoch = (): number[][] => {
    const batches: number[][] = [];
    while (!batcher.epochEnded) batches.push(take());
    batcher.startEpoch();
    return batches;
  };
  return { batcher, take, epoch };
}
const rows = Int32Array.of(10, 11, 12, 13, 14, 15, 16);

describe('batcher', () => {
  test('sequential keeps the order and the last, smaller batch, and starts over', () => {
    const { epoch } = create('sequential', rows, 3);
    expect(epoch()).toEqual([[10, 11, 12], [13, 14, 15], [16]]);
    expect(epoch()).toEqual([[10, 11, 12], [13, 14, 15], [16]]);
  });

  test('shuffle gives every row once an epoch, in another order each time', () => {
    const many = Int32Array.from({ length: 50 }, (_, i) => i);
    const { epoch } = create('shuffle', many, 8);
    const first = epoch();
    const second = epoch();
    expect(first.map((batch) => batch.length)).toEqual([8, 8, 8, 8, 8, 8, 2]);
    expect(first.flat().sort((a, b) => a - b)).toEqual(Array.from(many));
    expect(second.flat().sort((a, b) => a - b)).toEqual(Array.from(many));
    expect(second.flat()).not.toEqual(first.flat());
    expect(first.flat()).not.toEqual(Array.from(many));
    expect(create('shuffle', many, 8, 2).epoch()).not.toEqual(first);
    expect(create('shuffle', many, 8, 1).epoch()).toEqual(first);
  });

  test('replacement draws full batches from all rows, some twice', () => {
    const { epoch, batcher } = create('replacement', rows, 4);
    expect(batcher.stepsPerEpoch).toBe(2);
    const drawn = Array.from({ length: 50 }, () => epoch()).flat();
    expect(drawn.every((batch) => batch.length === 4 && batch.every((row) => row >= 10 && row <= 16))).toBe(true);
    expect(drawn.some((batch) => new Set(batch).size < 4)).toBe(true);
    expect(new Set(drawn.flat()).size).toBe(7);
  });

  test('a batch larger than the data is the whole data, unless rows may come twice', () => {
    expect(create('shuffle', rows, 100).epoch()).toHaveLength(1);
    expect(create('sequential', rows, 100).epoch()).toEqual([Array.from(rows)]);
    expect(create('replacement', rows, 100).epoch()[0]).toHaveLength(100);
    expect(stepsPerEpoch(60_000, 100)).toBe(600);
  });

  test.each<Sampling>(['shuffle', 'sequential', 'replacement'])('%s continues from any saved state', (sampling) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 20 }), (batchSize, cut) => {
        const whole = create(sampling, rows, batchSize);
        const advance = (it: typeof whole, steps: number): number[][] =>
          Array.from({ length: steps }, () => {
            if (it.batcher.epochEnded) it.batcher.startEpoch();
            return it.take();
          });
        advance(whole, cut);
        const state = JSON.parse(JSON.stringify(whole.batcher.state())) as ReturnType<Batcher['state']>;
        const resumed = create(sampling, rows, batchSize, 99);
        resumed.batcher.restore(state);
        expect(advance(resumed, 15)).toEqual(advance(whole, 15));
      }),
      { numRuns: 40, seed: 3 },
    );
  });

  test.each<Sampling>(['shuffle', 'sequential', 'replacement'])(
    '%s gives a batch that was undone again',
    (sampling) => {
      const { batcher, take } = create(sampling, rows, 3);
      take();
      const second = take();
      batcher.undo();
      expect(take()).toEqual(second);
    },
  );

  test.each<[Sampling, number]>([
    ['shuffle', 2],
    ['sequential', 2],
    ['replacement', 3],
  ])('%s tells the next batch within an epoch', (sampling, told) => {
    const indices = new Int32Array(indicesSize(sampling, rows.length, 3));
    const batcher = new Batcher(sampling, rows, 3, indices, Rng.stream(5, 'batches'));
    for (let epoch = 0; epoch < 3; epoch++) {
      const expected: number[][] = [];
      const taken: number[][] = [];
      while (!batcher.epochEnded) {
        batcher.next();
        taken.push(Array.from(indices.subarray(batcher.first, batcher.first + batcher.rows)));
        const { nextFirst, nextRows } = batcher;
        if (nextRows > 0) expected.push(Array.from(indices.subarray(nextFirst, nextFirst + nextRows)));
      }
      expect(expected).toHaveLength(told);
      expect(taken.slice(1)).toEqual(expected.slice(0, 2));
      batcher.startEpoch();
    }
  });

  test('next after the end of an epoch is a mistake', () => {
    const { batcher, take } = create('shuffle', rows, 7);
    take();
    expect(() => take()).toThrow(/the epoch has ended/);
    expect(() => batcher.restore({ rng: [1, 2, 3, 4], step: 2 })).toThrow(RangeError);
  });
});
