import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, shallowRef } from 'vue';
import { useMoving } from '../../../renderer/charts/use-moving.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('is true while its source changes, and false once it has rested or does not count', async () => {
  const source = shallowRef<number | undefined>(undefined);
  const scope = effectScope();
  const moving = scope.run(() => useMoving(() => source.value));
  expect(moving?.value).toBe(false);
  for (let i = 0; i < 5; i++) {
    source.value = i;
    expect(moving?.value).toBe(true);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(moving?.value).toBe(true);
  await vi.advanceTimersByTimeAsync(100);
  expect(moving?.value).toBe(false);
  source.value = 9;
  source.value = undefined;
  expect(moving?.value).toBe(false);
  scope.stop();
});
