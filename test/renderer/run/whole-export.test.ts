// @vitest-environment happy-dom
/** Exports hold every frame and sample that was logged, however few the panels hold. */

import { afterEach, beforeEach, expect, test } from 'vitest';
import { computed, defineComponent } from 'vue';
import { HEALTH_MEASURES, type HealthSamples } from '../../../engine/spec/health.ts';
import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import type { ChartExport } from '../../../renderer/charts/export/use-chart-export.ts';
import { useHealthExport } from '../../../renderer/views/run/use-health-export.ts';
import type { Health } from '../../../renderer/views/run/use-health.ts';
import type { Look } from '../../../renderer/views/run/use-look.ts';
import type { RunData } from '../../../renderer/views/run/use-run-data.ts';
import { readWholeKind } from '../../../renderer/views/run/whole-reads.ts';
import { fakeId } from '../support/fake-runs.ts';
import { mount } from '../support/mount.ts';

/** More than any panel reads. */
const LOGGED = 50_010;
const LAYERS = [{ name: 'affine 1' }, { name: 'affine 2' }];

const frame = (step: number, layer: number) => ({ step, layer }) as HistogramFrame;
/** Thinned as the store thins: the first and the last are always among them. */
const thinned = <T>(all: readonly T[], most: number | null): T[] =>
  most === null || all.length <= most ? [...all] : [...all.slice(0, most - 1), ...all.slice(-1)];

beforeEach(() => {
  const invoke = (channel: string, argument: { maxSteps: number | null; maxSamples: number | null }) => {
    const steps = Array.from({ length: LOGGED }, (_, i) => i);
    if (channel === 'histogram:read') {
      const frames = thinned(steps, argument.maxSteps).flatMap((step) => [frame(step, 1), frame(step, 0)]);
      return Promise.resolve({ ok: true, value: frames });
    }
    const kept = thinned(steps, argument.maxSamples);
    const width = LAYERS.length * HEALTH_MEASURES.length;
    const value: HealthSamples = {
      steps: Int32Array.from(kept),
      values: Float32Array.from({ length: kept.length * width }, (_, i) => Math.floor(i / width)),
      elapsedMs: Float32Array.from(kept),
      total: LOGGED,
    };
    return Promise.resolve({ ok: true, value });
  };
  Object.assign(window, { studio: { invoke } });
});
afterEach(() => document.body.replaceChildren());

test('histograms, layer by layer', async () => {
  const frames = await readWholeKind(fakeId(1), 'weights');
  expect(frames).toHaveLength(2 * LOGGED);
  expect([frames[0], frames[LOGGED - 1], frames[LOGGED]]).toEqual([frame(0, 0), frame(LOGGED - 1, 0), frame(0, 1)]);
});

test("samples of the layers' health", async () => {
  let source: ChartExport | null = null;
  const held = { steps: Int32Array.of(0), values: new Float32Array(), elapsedMs: Float32Array.of(0), total: LOGGED };
  const data = { id: fakeId(1), summary: computed(() => null), health: () => held } as unknown as RunData;
  const health = { layers: computed(() => LAYERS), curve: () => ({ values: [] }) } as unknown as Health;
  const page = defineComponent(() => {
    source = useHealthExport(data, {} as Look, health);
    return () => null;
  });
  mount(page);
  const bytes = await (source as ChartExport | null)?.csv();
  const rows = new TextDecoder().decode(bytes).trimEnd().split('\n');
  expect(rows).toHaveLength(1 + 2 * LOGGED);
  expect(rows.at(-1)).toBe([LOGGED - 1, 'affine 2', ...HEALTH_MEASURES.map(() => LOGGED - 1)].join());
});
