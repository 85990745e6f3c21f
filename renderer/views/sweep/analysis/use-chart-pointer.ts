/** The pointer over a chart of trials: points at one, picks it, opens it, or brushes a stretch of the axes. */

import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { brushOf } from '../../../sweep/analysis/axis.ts';
import type { BrushFrame, TrialDrawing } from '../../../sweep/analysis/drawing.ts';
import { useSweepContext } from '../../../sweep/sweep-context.ts';
import { useAnalysis } from './analysis-context.ts';

/** A press that moves less than this is a click, pixels. */
const CLICK = 4;
/** Of more trials a brush takes hold when it is let go, of fewer while it is drawn. */
const LIVE_UP_TO = 2000;

interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Drag {
  readonly frame: BrushFrame;
  readonly from: Point;
  readonly to: Point;
}

export interface ChartPointer {
  readonly inside: Readonly<ShallowRef<boolean>>;
  readonly at: Readonly<ShallowRef<Point>>;
  /** The stretch being drawn. */
  readonly drag: ComputedRef<Drag | null>;
  readonly onTrial: ComputedRef<boolean>;
  readonly press: (event: PointerEvent) => void;
  readonly move: (event: PointerEvent) => void;
  readonly release: (event: PointerEvent) => void;
  readonly cancel: () => void;
  readonly leave: () => void;
  readonly open: () => void;
}

export function useChartPointer(
  root: Readonly<ShallowRef<HTMLElement | null>>,
  drawing: ComputedRef<TrialDrawing | null>,
): ChartPointer {
  const { selection, open: openTrial } = useSweepContext();
  const { table, kept } = useAnalysis();
  const inside = shallowRef(false);
  const at = shallowRef<Point>({ x: 0, y: 0 });
  const pressed = shallowRef<{ readonly frame: BrushFrame | null; readonly from: Point } | null>(null);
  const near = shallowRef<number | null>(null);

  const drag = computed<Drag | null>(() => {
    const start = pressed.value;
    if (start === null || start.frame === null) return null;
    const along = (axis: 'x' | 'y'): boolean =>
      start.frame?.[axis] !== null && Math.abs(at.value[axis] - start.from[axis]) >= CLICK;
    return along('x') || along('y') ? { frame: start.frame, from: start.from, to: at.value } : null;
  });

  function point(event: PointerEvent): Point {
    const box = root.value?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  }
  function frameAt({ x, y }: Point): BrushFrame | null {
    const inFrame = ({ box }: BrushFrame): boolean =>
      x >= box.x - 2 && x <= box.x + box.width + 2 && y >= box.y - 6 && y <= box.y + box.height + 6;
    return drawing.value?.brushes.find(inFrame) ?? null;
  }
  function numberAt(place: number | null): number | null {
    return place === null ? null : (table.value.rows[place]?.number ?? null);
  }
  function brush({ frame, from, to }: Drag): void {
    const { box, x, y } = frame;
    if (x !== null) selection.brush(x.id, brushOf(x, (from.x - box.x) / box.width, (to.x - box.x) / box.width));
    if (y !== null) {
      const up = (pixel: number): number => 1 - (pixel - box.y) / box.height;
      selection.brush(y.id, brushOf(y, up(from.y), up(to.y)));
    }
  }
  function click(event: PointerEvent, start: NonNullable<typeof pressed.value>): void {
    const number = numberAt(near.value);
    if (number !== null) {
      const alone = selection.selected.value.size === 1 && selection.selected.value.has(number);
      if (event.ctrlKey || event.metaKey || event.shiftKey) selection.toggle(number);
      else selection.select(alone ? [] : [number]);
      return;
    }
    // A click on nothing takes the brush of an axis away.
    if (start.frame?.x === null && start.frame.y !== null) selection.brush(start.frame.y.id, null);
  }

  return {
    inside,
    at,
    drag,
    onTrial: computed(() => near.value !== null && drag.value === null),
    press: (event) => {
      if (event.button !== 0) return;
      (event.currentTarget as HTMLElement | null)?.setPointerCapture(event.pointerId);
      at.value = point(event);
      pressed.value = { frame: frameAt(at.value), from: at.value };
    },
    move: (event) => {
      inside.value = true;
      at.value = point(event);
      if (drag.value !== null) {
        if (table.value.rows.length <= LIVE_UP_TO) brush(drag.value);
        return;
      }
      if (pressed.value !== null) return;
      near.value = drawing.value?.nearest(at.value.x, at.value.y, kept.value) ?? null;
      const number = numberAt(near.value);
      if (number !== selection.hovered.value) selection.hover(number);
    },
    release: (event) => {
      const [start, drawn] = [pressed.value, drag.value];
      pressed.value = null;
      if (drawn !== null) brush(drawn);
      else if (start !== null) click(event, start);
    },
    cancel: () => {
      pressed.value = null;
    },
    leave: () => {
      inside.value = false;
      near.value = null;
      selection.hover(null);
    },
    open: () => {
      const number = numberAt(near.value);
      if (number === null) selection.clearBrushes();
      else openTrial(number);
    },
  };
}
