/** Size of an element, throttled, so that dragging a window's edge does not redraw every chart at every pixel. */

import { tryOnScopeDispose } from '@vueuse/core';
import { shallowRef, watch, type ShallowRef } from 'vue';
import type { Size } from './plot.ts';

const THROTTLE_MS = 80;

/** 0 × 0 until the element is on the page. */
export function useElementSize(element: Readonly<ShallowRef<HTMLElement | null>>): Readonly<ShallowRef<Size>> {
  const size = shallowRef<Size>({ width: 0, height: 0 });
  let latest: Size = size.value;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settle = (): void => {
    timer = undefined;
    if (latest.width !== size.value.width || latest.height !== size.value.height) size.value = latest;
  };
  const observer = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    latest = { width: Math.round(entry.contentRect.width), height: Math.round(entry.contentRect.height) };
    if (size.value.width === 0) settle();
    else timer ??= setTimeout(settle, THROTTLE_MS);
  });
  watch(
    element,
    (next, previous) => {
      if (previous) observer.unobserve(previous);
      if (next !== null) observer.observe(next);
    },
    { immediate: true, flush: 'post' },
  );
  tryOnScopeDispose(() => {
    clearTimeout(timer);
    observer.disconnect();
  });
  return size;
}
