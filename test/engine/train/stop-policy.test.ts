import { describe, expect, test } from 'vitest';
import { StopPolicy } from '../../../engine/train/stop-policy.ts';

type Verdicts = { best: number[]; stopAt: number | null };
function judge(policy: StopPolicy, values: [loss: number, accuracy: number][]): Verdicts {
  const result: Verdicts = { best: [], stopAt: null };
  for (const [i, [loss, accuracy]] of values.entries()) {
    const verdict = policy.judge({ loss, accuracy });
    if (verdict.best) result.best.push(i + 1);
    if (verdict.stop) return { ...result, stopAt: i + 1 };
  }
  return result;
}
const losses = (...list: number[]) => list.map((loss): [number, number] => [loss, 0]);
const early = (
  patience: number,
  minChange = 0,
  metric: 'validationLoss' | 'validationAccuracy' = 'validationLoss',
) => ({
  metric,
  patience,
  minChange,
});

describe('stop policy', () => {
  test('stops after so many epochs without improvement', () => {
    expect(judge(new StopPolicy(early(2), true), losses(5, 4, 4.5, 3, 3.1, 3.2, 1))).toEqual({
      best: [1, 2, 4],
      stopAt: 6,
    });
  });

  test('an improvement of no more than the minimum change is the best, but does not buy time', () => {
    expect(judge(new StopPolicy(early(2, 0.5), true), losses(5, 4.8, 4.6, 1))).toEqual({ best: [1, 2, 3], stopAt: 3 });
  });

  test('the first of equals is the best, and NaN never is', () => {
    expect(judge(new StopPolicy(null, false), losses(NaN, 2, 2, NaN, 1))).toEqual({ best: [2, 5], stopAt: null });
    expect(judge(new StopPolicy(early(3), true), losses(NaN, NaN, NaN, 1))).toEqual({ best: [], stopAt: 3 });
  });

  test('classification goes by accuracy unless early stopping names the loss', () => {
    const scores: [number, number][] = [
      [1, 0.5],
      [2, 0.7],
      [0.5, 0.6],
    ];
    expect(judge(new StopPolicy(null, true), scores).best).toEqual([1, 2]);
    expect(judge(new StopPolicy(early(9), true), scores).best).toEqual([1, 3]);
    expect(judge(new StopPolicy(early(9, 0, 'validationAccuracy'), true), scores).best).toEqual([1, 2]);
  });

  test('goes on where its state was taken', () => {
    const policy = new StopPolicy(early(2), true);
    policy.judge({ loss: 1, accuracy: 0 });
    policy.judge({ loss: 2, accuracy: 0 });
    const resumed = new StopPolicy(early(2), true);
    resumed.restore(JSON.parse(JSON.stringify(policy.state())) as ReturnType<StopPolicy['state']>);
    expect(resumed.judge({ loss: 2, accuracy: 0 })).toEqual({ best: false, stop: true });
  });
});
