/** One tensor's distribution in every lane: the same layer, the same bins, the same place of the run. */

import { useWindowSize } from '@vueuse/core';
import { computed, shallowRef, watchEffect, type ComputedRef, type ShallowRef, type WritableComputedRef } from 'vue';
import type { HistogramFrame, HistogramKind } from '../../../engine/spec/histogram.ts';
import { heatMapModel, type HeatMapModel } from '../../charts/options/heat-map.ts';
import { pickRidges, ridgelineModel, ridgeLimit } from '../../charts/options/ridgeline.ts';
import type { DistributionFrame, RidgelineModel } from '../../charts/options/ridgeline.ts';
import type { Size } from '../../charts/plot.ts';
import { commonEdges, cropped, occupiedBins, rebin } from '../../charts/bins.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { frameAt, type FrameLayer } from '../run/frame-store.ts';
import { createLayerOffset, useLayerWindow, type LayerWindow } from '../run/use-layer-window.ts';
import { useCompareContext } from './compare-context.ts';
import { pinnedFirst, type Lane } from './lanes-of.ts';

export interface LaneColumn {
  readonly lane: Lane;
  /** The frame at the place looked at, null before the first. */
  readonly now: HistogramFrame | null;
  readonly model: RidgelineModel | null;
}

export interface LaneHistograms {
  readonly kind: ShallowRef<HistogramKind>;
  readonly layers: ComputedRef<readonly FrameLayer[]>;
  /** Position of the layer shown, as text. */
  readonly layer: WritableComputedRef<string>;
  /** Every lane that is not hidden; `window.shown` are those that fit. */
  readonly lanes: ComputedRef<readonly Lane[]>;
  readonly window: LayerWindow<Lane>;
  readonly columns: ComputedRef<readonly LaneColumn[]>;
  readonly heat: (lane: Lane, size: Size) => HeatMapModel | null;
  /** Whether the lane has any layer's frames yet. */
  readonly hasFrames: (lane: Lane) => boolean;
  readonly state: ComputedRef<'ready' | 'loading' | 'empty'>;
}

/** Height a ridge needs for its step number, pixels; and what else stands in a column. */
const RIDGE_HEIGHT = 12;
const REST_HEIGHT = 58;

/** @param body size of the panel's body, pixels */
export function useLaneHistograms(body: Readonly<ShallowRef<Size>>): LaneHistograms {
  const { page, runs, look, view } = useCompareContext();
  const store = useRunsStore();
  const { height: windowHeight } = useWindowSize();
  const kind = shallowRef<HistogramKind>('weights');
  const chosen = shallowRef<number | null>(null);
  const chart = look.chart('histograms');
  watchEffect(() => runs.wantKind(kind.value));

  const lanes = computed(() => pinnedFirst(page.visible.value));
  /** Layers any of the lanes has, by their place in the list. */
  const layers = computed(() => {
    const found = new Map<number, { readonly name: string; lanes: number }>();
    for (const lane of lanes.value) {
      for (const { layer, name } of runs.run(lane.id)?.layers(kind.value) ?? []) {
        const known = found.get(layer);
        if (known === undefined) found.set(layer, { name, lanes: 1 });
        else known.lanes++;
      }
    }
    return [...found].sort(([a], [b]) => a - b).map(([layer, one]) => ({ layer, ...one }));
  });
  /** Unless a person chose one, the last layer that most lanes have: it is nearest to the loss. */
  const layer = computed(() => {
    const most = Math.max(0, ...layers.value.map((one) => one.lanes));
    const usual = layers.value.findLast((one) => one.lanes === most);
    return layers.value.find((one) => one.layer === chosen.value)?.layer ?? usual?.layer ?? 0;
  });
  const frames = (lane: Lane): readonly HistogramFrame[] => runs.run(lane.id)?.frames(kind.value, layer.value) ?? [];

  /** Of all lanes, those out of sight too, so that neither paging nor scrubbing changes the axis. */
  const bins = computed(() => {
    // What a diverged lane became would leave the others a needle.
    const calm = lanes.value.filter((lane) => store.byId.get(lane.id)?.status !== 'diverged');
    const all = (calm.length > 0 ? calm : lanes.value).map(frames);
    const edges = commonEdges(all.flatMap((list) => list.slice(0, 1)));
    if (edges === null) return null;
    const range = occupiedBins(all.flatMap((list) => list.map((frame) => rebin(frame, edges))));
    return { edges, range };
  });
  function shownFrame(frame: HistogramFrame): DistributionFrame {
    return bins.value === null ? frame : cropped(rebin(frame, bins.value.edges), bins.value.range);
  }

  const window = useLayerWindow(
    () => lanes.value,
    () => body.value.width,
    createLayerOffset(),
  );
  const limit = computed(() => {
    const fits = Math.floor((body.value.height - REST_HEIGHT) / RIDGE_HEIGHT);
    return Math.max(3, Math.min(ridgeLimit(windowHeight.value), fits));
  });
  const columns = computed(() => {
    const picked = window.shown.value.map((lane) => {
      const list = frames(lane);
      const step = look.stepOf(lane.id);
      const ridges = pickRidges(list, step, limit.value);
      return { lane, now: frameAt(list, step), ridges };
    });
    if (view.histograms.value !== 'ridgeline') return picked.map(({ lane, now }) => ({ lane, now, model: null }));
    // Heights are each lane's own: tensors of another size or spread would be flat, or leave the picture.
    return picked.map(({ lane, now, ridges }) => ({ lane, now, model: ridgelineModel(ridges.map(shownFrame)) }));
  });

  return {
    kind,
    layers,
    layer: computed({
      get: () => String(layer.value),
      set: (text) => (chosen.value = Number(text)),
    }),
    lanes,
    window,
    columns,
    heat: (lane, size) =>
      heatMapModel({
        frames: frames(lane).map(shownFrame),
        scale: look.scaleOf(lane.id),
        range: chart.range.value,
        closed: look.closed.value && !chart.zoomed.value,
        lastStep: runs.run(lane.id)?.storedSteps().at(-1) ?? 0,
        width: size.width,
      }),
    hasFrames: (lane) => (runs.run(lane.id)?.layers(kind.value).length ?? 0) > 0,
    state: computed(() => {
      if (layers.value.length > 0) return 'ready';
      const data = lanes.value.flatMap((lane) => runs.run(lane.id) ?? []);
      return data.some((run) => !run.hasKind(kind.value)) ? 'loading' : 'empty';
    }),
  };
}
