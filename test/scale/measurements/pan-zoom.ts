/** Frames a second while a comparison of 20 long runs is zoomed and moved along. */

import type { StudioApp } from '../../e2e/support/studio-app.ts';
import { TEST_ID } from '../../e2e/support/test-ids.ts';
import { LONG_RUNS } from '../generated-runs.ts';
import type { Figure, Measurement } from '../measurement.ts';
import { openLongComparison, withStudio } from '../session.ts';

const SECONDS = 4;
const SMOOTH = { atLeast: 30 } as const;
/** As an ordinary mouse reports. Events come at this pace whether or not the page has shown what the last one did. */
const EVENTS_A_SECOND = 125;
/** The wheel turns this far a second, pixels, and the other way after each turn. */
const WHEEL_A_SECOND = 1800;
const TURN_SECONDS = 2 / 3;

export const panZoom: Measurement = {
  name: 'pan-zoom',
  measure: (database) =>
    withStudio(database, async (studio) => {
      await openLongComparison(studio);
      const chart = await plotOf(studio);
      const middle = { x: Math.round(chart.x + chart.width / 2), y: Math.round(chart.y + chart.height / 2) };
      await send(studio, { type: 'mouseMove', ...middle });
      const wheel = { type: 'mouseWheel', ...middle, modifiers: ['control'] };
      const zoom = await countFrames(studio, (seconds) => ({
        ...wheel,
        // Electron's wheel is positive where the page's is negative.
        deltaY: (Math.floor(seconds / TURN_SECONDS) % 2 === 0 ? 1 : -1) * (WHEEL_A_SECOND / EVENTS_A_SECOND),
      }));
      // Well inside, so that there is something to move along.
      for (let i = 0; i < 12; i++) await send(studio, { ...wheel, deltaY: 100 });

      const held = { ...middle, button: 'left', modifiers: ['shift', 'leftButtonDown'] };
      await send(studio, { type: 'mouseDown', clickCount: 1, ...held });
      const pan = await countFrames(studio, (seconds) => ({
        type: 'mouseMove',
        ...held,
        x: Math.round(middle.x + 0.3 * chart.width * Math.sin(2.5 * seconds)),
      }));
      await send(studio, { type: 'mouseUp', clickCount: 1, ...held });
      return [figure('zoom', zoom), figure('pan', pan)];
    }),
};

interface Frames {
  /** Of the chart in hand. */
  readonly drawn: number;
  readonly seconds: number;
  readonly slowestMs: number;
  /** Of the chart linked with it, in the same time. */
  readonly linked: number;
}

function figure(what: string, { drawn, seconds, slowestMs, linked }: Frames): Figure {
  const beside = `the linked chart at ${Math.round(linked / seconds)} frames/s`;
  return {
    name: `${what} in a comparison of ${LONG_RUNS} long runs`,
    unit: 'frames/s',
    value: drawn / seconds,
    limit: SMOOTH,
    note: `${drawn} frames in ${seconds.toFixed(1)} s, the slowest after ${Math.round(slowestMs)} ms; ${beside}`,
  };
}

async function plotOf(studio: StudioApp): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await studio.byId(TEST_ID.compareTraining).locator('.overlay').boundingBox();
  if (box === null) throw new Error('the chart of the training loss is not there');
  return box;
}

type InputEvent = Readonly<Record<string, unknown>>;

function send(studio: StudioApp, event: InputEvent): Promise<void> {
  return sendAll(studio, [event]);
}

/**
 * Hands events to the window at the pace of a mouse. Not through the test driver: that holds every event back until the
 * page has shown the frame of the one before, which no hand does, and so never sees more than every second frame.
 */
function sendAll(studio: StudioApp, events: readonly InputEvent[]): Promise<void> {
  return studio.electron.evaluate(
    ({ BrowserWindow }, { list, interval }) =>
      new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        const began = performance.now();
        let sent = 0;
        const timer = setInterval(() => {
          // Late timers catch up, so that the gesture takes as long as it should.
          const due = Math.min(list.length, 1 + Math.floor((performance.now() - began) / interval));
          for (; sent < due; sent++) contents?.sendInputEvent(list[sent] as never);
          if (sent < list.length) return;
          clearInterval(timer);
          resolve();
        }, interval);
      }),
    { list: [...events], interval: 1000 / EVENTS_A_SECOND },
  );
}

/** Sends the events of a gesture, and counts the frames in which the chart in hand, and the other, was drawn anew. */
async function countFrames(studio: StudioApp, eventAt: (seconds: number) => InputEvent): Promise<Frames> {
  const { page } = studio;
  await page.evaluate(
    ([inHand, linked]) => {
      const state = { frames: [] as number[], linked: 0, stop: false };
      const canvases = [inHand, linked].map((id) => document.querySelector(`[data-testid="${id}"] canvas`));
      const drawn = new Set<unknown>();
      // Every drawing of a chart begins by clearing its canvas.
      const { clearRect } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.clearRect = function (...box): void {
        drawn.add(this.canvas);
        clearRect.apply(this, box);
      };
      const look = (now: number): void => {
        if (drawn.has(canvases[0])) state.frames.push(now);
        if (drawn.has(canvases[1])) state.linked++;
        drawn.clear();
        if (state.stop) CanvasRenderingContext2D.prototype.clearRect = clearRect;
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
      Reflect.set(globalThis, '__frames', state);
    },
    [TEST_ID.compareTraining, TEST_ID.compareValidation] as const,
  );
  const events = Array.from({ length: SECONDS * EVENTS_A_SECOND }, (_, i) => eventAt(i / EVENTS_A_SECOND));
  await sendAll(studio, events);
  return page.evaluate(() => {
    const state = Reflect.get(globalThis, '__frames') as { frames: number[]; linked: number; stop: boolean };
    state.stop = true;
    const { frames, linked } = state;
    const gaps = frames.slice(1).map((at, i) => at - (frames[i] ?? at));
    const seconds = ((frames.at(-1) ?? 0) - (frames[0] ?? 0)) / 1000;
    return { drawn: frames.length - 1, seconds, slowestMs: Math.max(...gaps), linked };
  });
}
