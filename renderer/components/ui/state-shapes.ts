/** The shapes of states on a 12 px grid. A state is never told by colour alone. */

import type { RunStatus } from '../../../engine/spec/run-status.ts';

/** `tone` picks the colour; `fills` are filled, `lines` stroked, `marks` cut out of a filled shape. */
export interface StateShapeDef {
  readonly fills?: readonly string[];
  readonly lines?: readonly {
    readonly path: string;
    readonly width: number;
    readonly dash?: string;
    readonly faint?: boolean;
  }[];
  readonly marks?: readonly string[];
}

const RING = 'M1.7 6a4.3 4.3 0 1 0 8.6 0a4.3 4.3 0 1 0-8.6 0';
const DISC = 'M.8 6a5.2 5.2 0 1 0 10.4 0a5.2 5.2 0 1 0-10.4 0';

export const STATE_SHAPES = {
  disc: { fills: ['M1 6a5 5 0 1 0 10 0a5 5 0 1 0-10 0'] },
  tick: { fills: [DISC], marks: ['m3.6 6.2 1.7 1.7 3.2-3.7'] },
  triangle: { fills: ['M6 .8 11.6 11H.4z'] },
  octagon: { fills: ['M3.7.6h4.6l3.1 3.1v4.6l-3.1 3.1H3.7L.6 8.3V3.7z'], marks: ['M6 3v3.6M6 8.6v.5'] },
  ring: { lines: [{ path: RING, width: 1.5 }] },
  dotted: { lines: [{ path: RING, width: 1.5, dash: '1.6 1.8' }] },
  arc: {
    lines: [
      { path: RING, width: 1.5, faint: true },
      { path: 'M6 1.7A4.3 4.3 0 0 1 9 9.1', width: 1.7 },
    ],
  },
  bars: { lines: [{ path: 'M3.8 2v8M8.2 2v8', width: 2.2 }] },
  struck: {
    lines: [
      { path: RING, width: 1.5 },
      { path: 'M3 9 9 3', width: 1.5 },
    ],
  },
  half: { lines: [{ path: RING, width: 1.5 }], fills: ['M6 1.7a4.3 4.3 0 0 1 0 8.6z'] },
} as const satisfies Record<string, StateShapeDef>;
export type StateShapeName = keyof typeof STATE_SHAPES;

export type StateTone = 'ok' | 'warn' | 'danger' | 'idle' | 'live';

/** Shape and tone of each run status. */
export const STATUS_MARKS: Readonly<Record<RunStatus, { readonly shape: StateShapeName; readonly tone: StateTone }>> = {
  queued: { shape: 'dotted', tone: 'idle' },
  running: { shape: 'arc', tone: 'live' },
  paused: { shape: 'bars', tone: 'idle' },
  completed: { shape: 'tick', tone: 'ok' },
  stopped: { shape: 'ring', tone: 'idle' },
  interrupted: { shape: 'half', tone: 'warn' },
  diverged: { shape: 'octagon', tone: 'danger' },
  failed: { shape: 'octagon', tone: 'danger' },
};
