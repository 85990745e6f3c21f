/** Where the window was when it was last closed. */

import { z } from 'zod';
import { readJsonFile, writeFileWhole } from './json-file.ts';

export const MINIMUM_SIZE = { width: 960, height: 600 } as const;
const DEFAULT_SIZE = { width: 1280, height: 800 } as const;

const side = z.number().int().min(-100_000).max(100_000);
const boundsSchema = z.strictObject({ x: side, y: side, width: side, height: side });
const stateSchema = z.strictObject({
  bounds: boundsSchema.nullable().default(null),
  maximized: z.boolean().default(false),
});
export type WindowState = z.infer<typeof stateSchema>;
export type Bounds = z.infer<typeof boundsSchema>;

/** The remembered state, or the default; a broken file only costs the bounds. */
export async function readWindowState(file: string, now: number): Promise<WindowState> {
  return (await readJsonFile(file, stateSchema, now)).value;
}

export async function writeWindowState(file: string, state: WindowState): Promise<void> {
  await writeFileWhole(file, JSON.stringify(state));
}

/**
 * The bounds to open with: the remembered ones when enough of the title bar lies on one of the screens (one may have
 * been unplugged), never smaller than the minimum nor larger than the screen.
 */
export function openingBounds(remembered: Bounds | null, screens: readonly Bounds[]): Partial<Bounds> {
  if (remembered === null) return clampSize(DEFAULT_SIZE, screens[0]);
  const screen = screens.find((area) => {
    const right = remembered.x + Math.max(remembered.width, MINIMUM_SIZE.width);
    const overlap = Math.min(right, area.x + area.width) - Math.max(remembered.x, area.x);
    return overlap >= 100 && remembered.y >= area.y - 8 && remembered.y <= area.y + area.height - 40;
  });
  if (screen === undefined) return clampSize(remembered, screens[0]);
  return { x: remembered.x, y: remembered.y, ...clampSize(remembered, screen) };
}

function clampSize(size: { width: number; height: number }, screen: Bounds | undefined): Partial<Bounds> {
  return {
    width: Math.max(MINIMUM_SIZE.width, Math.min(size.width, screen?.width ?? size.width)),
    height: Math.max(MINIMUM_SIZE.height, Math.min(size.height, screen?.height ?? size.height)),
  };
}
