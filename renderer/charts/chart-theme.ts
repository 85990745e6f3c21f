/** Colours and type of charts, read from the design tokens so that canvas and page never differ. */

import { createSharedComposable, tryOnScopeDispose } from '@vueuse/core';
import { shallowRef, type ShallowRef } from 'vue';

export interface ChartTheme {
  /** Colour of slot n at index n − 1. */
  readonly runs: readonly string[];
  /** From the panel's colour to ink. */
  readonly ramp: readonly string[];
  /** What a person has chosen. */
  readonly accent: string;
  readonly panel: string;
  readonly text1: string;
  readonly text2: string;
  readonly grid: string;
  readonly axis: string;
  readonly label: string;
  /** A mistake's light tint. */
  readonly dangerSoft: string;
  readonly danger: string;
  /** Slightly off the panel's colour. */
  readonly inset: string;
  readonly rawOpacity: number;
  readonly ridgeFill: string;
  readonly ridgeLine: string;
  readonly ridgeNow: string;
  readonly fontFamily: string;
  /** Of setting paths. */
  readonly monoFamily: string;
  /** Axis labels, pixels. */
  readonly fontSize: number;
}

/** Reads the tokens through `token('--run-1')`. */
export function readChartTheme(token: (name: string) => string): ChartTheme {
  const slots = Array.from({ length: 10 }, (_, i) => token(`--run-${i + 1}`));
  const ramp = Array.from({ length: 8 }, (_, i) => token(`--ramp-${i}`));
  return {
    runs: slots,
    ramp,
    accent: token('--accent'),
    panel: token('--bg-1'),
    text1: token('--text-1'),
    text2: token('--text-2'),
    grid: token('--chart-grid'),
    axis: token('--chart-axis'),
    label: token('--chart-label'),
    danger: token('--danger'),
    dangerSoft: token('--danger-soft'),
    inset: token('--bg-2'),
    rawOpacity: Number(token('--chart-raw-opacity')),
    ridgeFill: token('--ridge-fill'),
    ridgeLine: token('--ridge-line'),
    ridgeNow: token('--ridge-now'),
    // Single quotes: the SVG renderer writes the names into an attribute as they are.
    fontFamily: token('--font-ui').replaceAll('"', "'"),
    monoFamily: token('--font-mono').replaceAll('"', "'"),
    fontSize: Number.parseFloat(token('--fs-11')),
  };
}

/** Theme of the document, read anew when theme, language, contrast or width class change. One observer for all charts. */
export const useChartTheme = createSharedComposable((): Readonly<ShallowRef<ChartTheme>> => {
  const root = document.documentElement;
  const read = (): ChartTheme => {
    const style = getComputedStyle(root);
    return readChartTheme((name) => style.getPropertyValue(name).trim());
  };
  const theme = shallowRef(read());
  const update = (): void => {
    theme.value = read();
  };
  const observer = new MutationObserver(update);
  observer.observe(root, { attributes: true, attributeFilter: ['data-theme', 'lang'] });
  const contrast = globalThis.matchMedia('(prefers-contrast: more)');
  contrast.addEventListener('change', update);
  tryOnScopeDispose(() => {
    observer.disconnect();
    contrast.removeEventListener('change', update);
  });
  return theme;
});
