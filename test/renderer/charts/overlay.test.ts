// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { shallowRef, type ShallowRef } from 'vue';
import type { ChartLink } from '../../../renderer/charts/chart-link.ts';
import ChartOverlay from '../../../renderer/charts/ChartOverlay.vue';
import type { Range } from '../../../renderer/charts/ticks.ts';
import { mount, type Mounted } from '../support/mount.ts';

const all = { min: 0, max: 1000 };
let mounted: Mounted | null = null;
afterEach(() => mounted?.unmount());

/** A plot 100 pixels wide, the range of x as given. */
function overlay(range = all) {
  const zoom = vi.fn<ChartLink['zoom']>();
  const link: ChartLink = {
    cursor: shallowRef(null),
    peek: shallowRef(null),
    all: shallowRef(all),
    range: shallowRef(range),
    pick: vi.fn(),
    point: vi.fn(),
    zoom,
    move: vi.fn(),
  };
  mounted = mount(ChartOverlay, { box: { x: 0, y: 0, width: 100, height: 50 }, range, link, label: 'loss' });
  const element = mounted.root.querySelector<HTMLElement>('.overlay');
  if (element === null) throw new Error('there is no overlay');
  element.setPointerCapture = () => undefined;
  const fire = (event: Event): boolean => element.dispatchEvent(event);
  // The test's document makes wheel events without keys and places.
  const wheel = ({ deltaX = 0, deltaY = 0, ...init }: WheelEventInit): boolean =>
    fire(Object.assign(new MouseEvent('wheel', { cancelable: true, ...init }), { deltaX, deltaY }));
  const pointer = (type: string, init: PointerEventInit): boolean => fire(new PointerEvent(type, init));
  return { zoom, link, wheel, pointer, fire };
}

it('zooms around the pointer with Ctrl and the wheel', () => {
  const { zoom, wheel } = overlay();
  expect(wheel({ ctrlKey: true, deltaY: -500, clientX: 25 })).toBe(false);
  const range = zoom.mock.calls[0]?.[0];
  expect(range?.min).toBeGreaterThan(100);
  expect(range?.max).toBeLessThan(700);
  // A quarter of the way along, as before.
  expect(((250 - (range?.min ?? 0)) / ((range?.max ?? 0) - (range?.min ?? 0))) * 100).toBeCloseTo(25, 6);
  wheel({ ctrlKey: true, deltaY: 500, clientX: 25 });
  expect(zoom.mock.calls[1]).toEqual([null]);
});

it('goes on from what the turn before asked for, though no frame has shown that yet', () => {
  const { zoom, link, wheel } = overlay();
  const asked = link.range as ShallowRef<Range>;
  zoom.mockImplementation((range) => void (asked.value = range ?? all));
  wheel({ ctrlKey: true, deltaY: -100, clientX: 50 });
  wheel({ ctrlKey: true, deltaY: -100, clientX: 50 });
  expect((asked.value.max - asked.value.min) / 1000).toBeCloseTo(1.002 ** -200, 6);
  wheel({ shiftKey: true, deltaY: 10 });
  const [last] = zoom.mock.calls.at(-1) ?? [];
  expect(((last?.max ?? 0) - (last?.min ?? 0)) / 1000).toBeCloseTo(1.002 ** -200, 6);
});

it('leaves an ordinary turn of the wheel to the page', () => {
  const { zoom, wheel } = overlay({ min: 200, max: 300 });
  expect(wheel({ deltaY: 100 })).toBe(true);
  expect(zoom).not.toHaveBeenCalled();
});

it('moves a zoomed stretch along with Shift, by wheel, drag and page keys', () => {
  const { zoom, link, wheel, pointer, fire } = overlay({ min: 200, max: 300 });
  wheel({ shiftKey: true, deltaY: 50 });
  expect(zoom).toHaveBeenLastCalledWith({ min: 250, max: 350 });
  pointer('pointerdown', { shiftKey: true, button: 0, clientX: 60 });
  pointer('pointermove', { clientX: 40 });
  expect(zoom).toHaveBeenLastCalledWith({ min: 220, max: 320 });
  pointer('pointerup', { clientX: 40 });
  expect(link.pick).not.toHaveBeenCalled();
  fire(new KeyboardEvent('keydown', { key: 'PageUp' }));
  expect(zoom).toHaveBeenLastCalledWith({ min: 120, max: 220 });
});

it('has nowhere to go while everything is shown', () => {
  const { zoom, wheel, fire } = overlay();
  expect(wheel({ shiftKey: true, deltaY: 50 })).toBe(true);
  fire(new KeyboardEvent('keydown', { key: 'PageDown' }));
  expect(zoom).not.toHaveBeenCalled();
});
