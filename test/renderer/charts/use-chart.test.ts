// @vitest-environment happy-dom
/** When a chart is drawn: once for what has changed, and not for what only might have. */

import { expect, it, vi } from 'vitest';
import { computed, effectScope, nextTick, shallowRef } from 'vue';
import { useChart } from '../../../renderer/charts/use-chart.ts';

const setOption = vi.hoisted(() => vi.fn());
vi.mock('../../../renderer/charts/echarts.ts', () => ({
  createChart: () => ({ setOption, resize: vi.fn(), dispose: vi.fn() }),
}));
vi.mock('../../../renderer/charts/chart-theme.ts', () => ({ useChartTheme: () => shallowRef({}) }));

const nextFrame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));

it('is drawn when a value it reads is another one, and not when that was only worked out again', async () => {
  const step = shallowRef(1);
  const epoch = computed(() => Math.floor(step.value / 10));
  const scope = effectScope();
  scope.run(() => {
    const element = shallowRef(document.createElement('div'));
    useChart(element, shallowRef({ width: 100, height: 100 }), () => ({ series: [{ id: `${epoch.value}` }] }));
  });
  expect(setOption).toHaveBeenCalledTimes(1);
  step.value = 2;
  await nextTick();
  await nextFrame();
  expect(setOption).toHaveBeenCalledTimes(1);
  step.value = 11;
  step.value = 12;
  await nextFrame();
  expect(setOption).toHaveBeenCalledTimes(2);
  scope.stop();
  step.value = 30;
  await nextFrame();
  expect(setOption).toHaveBeenCalledTimes(2);
});
