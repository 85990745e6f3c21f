/** A chart in an element: drawn on the shared clock whenever something its option read has changed; disposed with its component. */

import { tryOnScopeDispose } from '@vueuse/core';
import { effect, stop, type ShallowRef } from 'vue';
import { useChartTheme, type ChartTheme } from './chart-theme.ts';
import { createChart, type ChartInstance, type ChartOption } from './echarts.ts';
import type { Size } from './plot.ts';
import { cancelRedraw, requestRedraw } from './redraw-clock.ts';
import { planUpdate } from './update-plan.ts';

/**
 * @param build reads whatever it likes, reactive or not; a change of what it read asks for the next frame.
 *   null leaves the chart as it is.
 */
export function useChart(
  element: Readonly<ShallowRef<HTMLElement | null>>,
  size: Readonly<ShallowRef<Size>>,
  build: (theme: ChartTheme, size: Size) => ChartOption | null,
): void {
  const theme = useChartTheme();
  // Not reactive: nothing but the drawing below reads it.
  let instance: ChartInstance | null = null;
  let shown: ChartOption | null = null;
  let drawnSize: Size = { width: 0, height: 0 };
  let pixelRatio = 0;

  function dispose(): void {
    instance?.dispose();
    instance = null;
    shown = null;
  }

  function draw(): void {
    const host = element.value;
    const next = size.value;
    if (host === null || next.width < 8 || next.height < 8) return;
    const option = build(theme.value, next);
    if (option === null) return;
    if (pixelRatio !== globalThis.devicePixelRatio) dispose();
    if (instance === null) {
      instance = createChart(host);
      drawnSize = next;
      pixelRatio = globalThis.devicePixelRatio;
    } else if (drawnSize !== next) {
      instance.resize({ width: next.width, height: next.height });
      drawnSize = next;
    }
    const plan = planUpdate(shown, option);
    instance.setOption(option, {
      notMerge: plan.notMerge,
      replaceMerge: [...plan.replaceMerge],
      lazyUpdate: false,
    });
    shown = option;
  }

  // Told of every change behind a computed value it reads, also of those that leave the value as it is.
  const redraw = (): void => {
    if (runner.effect.dirty) runner();
  };
  const runner = effect(draw, { scheduler: () => requestRedraw(redraw) });
  tryOnScopeDispose(() => {
    stop(runner);
    cancelRedraw(redraw);
    dispose();
  });
}
