/** Two axes chosen by a person. */

import { describe, expect, it } from 'vitest';
import { useAxisChoice } from '../../../../renderer/views/sweep/analysis/use-axis-choice.ts';
import { tableOf } from './rows.ts';

const UNIT = { type: 'uniform', min: 0, max: 1 } as const;
const { axes } = tableOf({ a: UNIT, b: UNIT }, []);

describe('useAxisChoice', () => {
  it('begins with the first axis against the fallback', () => {
    const { x, y } = useAxisChoice(
      () => axes,
      () => 1,
    );
    expect([x.value?.id, y.value?.id]).toEqual(['a', 'b']);
  });
  it('swaps when the axis of the other side is chosen', () => {
    const { x, y, xId } = useAxisChoice(
      () => axes,
      () => 1,
    );
    xId.value = 'score';
    expect([x.value?.id, y.value?.id]).toEqual(['score', 'b']);
    xId.value = 'b';
    expect([x.value?.id, y.value?.id]).toEqual(['b', 'score']);
  });
  it('has none for y where there is one axis only, and none at all without axes', () => {
    const one = useAxisChoice(
      () => axes.slice(0, 1),
      () => 1,
    );
    expect([one.x.value?.id, one.y.value]).toEqual(['a', null]);
    const none = useAxisChoice(
      () => [],
      () => 1,
    );
    expect([none.x.value, none.y.value]).toEqual([null, null]);
  });
});
