/** Frames a second while a comparison of 20 long runs is zoomed and moved along. */

import type { Page } from '@playwright/test';
import type { StudioApp } from '../../e2e/support/studio-app.ts';
import { TEST_ID } from '../../e2e/support/test-ids.ts';
import { LONG_RUNS } from '../generated-runs.ts';
import type { Figure, Measurement } from '../measurement.ts';
import { openLongComparison, withStudio } from '../session.ts';

const SECONDS = 4;
const SMOOTH = { atLeast: 30 } as const;

export const panZoom: Measurement = {
  name: 'pan-zoom',
  measure: (database) =>
    withStudio(database, async (studio) => {
      await openLongComparison(studio);
      const { page } = studio;
      const chart = await plotOf(studio);
      const middle = { x: chart.x + chart.width / 2, y: chart.y + chart.height / 2 };
      await page.mouse.move(middle.x, middle.y);
      await page.keyboard.down('Control');
      const zoom = await countFrames(page, async (i) => page.mouse.wheel(0, Math.floor(i / 20) % 2 === 0 ? -60 : 60));
      // Well inside, so that there is something to move along.
      for (let i = 0; i < 12; i++) await page.mouse.wheel(0, -100);
      await page.keyboard.up('Control');

      await page.keyboard.down('Shift');
      await page.mouse.down();
      const pan = await countFrames(page, (i) =>
        page.mouse.move(middle.x + 0.3 * chart.width * Math.sin(i / 12), middle.y),
      );
      await page.mouse.up();
      await page.keyboard.up('Shift');
      return [figure('zoom', zoom), figure('pan', pan)];
    }),
};

interface Frames {
  readonly drawn: number;
  readonly seconds: number;
  readonly slowestMs: number;
}

function figure(what: string, { drawn, seconds, slowestMs }: Frames): Figure {
  return {
    name: `${what} in a comparison of ${LONG_RUNS} long runs`,
    unit: 'frames/s',
    value: drawn / seconds,
    limit: SMOOTH,
    note: `${drawn} frames in ${seconds.toFixed(1)} s, the slowest after ${Math.round(slowestMs)} ms`,
  };
}

async function plotOf(studio: StudioApp): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await studio.byId(TEST_ID.compareTraining).locator('.overlay').boundingBox();
  if (box === null) throw new Error('the chart of the training loss is not there');
  return box;
}

/** Does something again and again, and counts the frames in which a chart was drawn anew. */
async function countFrames(page: Page, act: (i: number) => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const state = { frames: [] as number[], drawn: false, stop: false };
    // Every drawing of a chart begins by clearing its canvas.
    const { clearRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...box): void {
      state.drawn = true;
      clearRect.apply(this, box);
    };
    const look = (now: number): void => {
      if (state.drawn) state.frames.push(now);
      state.drawn = false;
      if (state.stop) CanvasRenderingContext2D.prototype.clearRect = clearRect;
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    Reflect.set(globalThis, '__frames', state);
  });
  const began = Date.now();
  for (let i = 0; Date.now() - began < SECONDS * 1000; i++) await act(i);
  return page.evaluate(() => {
    const state = Reflect.get(globalThis, '__frames') as { frames: number[]; stop: boolean };
    state.stop = true;
    const { frames } = state;
    const gaps = frames.slice(1).map((at, i) => at - (frames[i] ?? at));
    const seconds = ((frames.at(-1) ?? 0) - (frames[0] ?? 0)) / 1000;
    return { drawn: frames.length - 1, seconds, slowestMs: Math.max(...gaps) };
  });
}
