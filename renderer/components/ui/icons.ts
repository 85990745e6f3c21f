/** Line icons on a 16 px grid, as SVG path data: 1.5 px strokes, round ends, no fill. */

export const ICONS = {
  runs: ['M2.5 4h11M2.5 8h11M2.5 12h7'],
  compare: ['M2 3c2 7 5 9 12 9.5M2 6c3 4 6 5 12 4'],
  data: [
    'M3.5 2.5h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11',
  ],
  settings: [
    'M2 4.5h6M11.5 4.5H14M2 11.5h2.5M8 11.5h6M8.1 4.5a1.7 1.7 0 1 0 3.4 0a1.7 1.7 0 1 0-3.4 0M4.5 11.5a1.7 1.7 0 1 0 3.4 0a1.7 1.7 0 1 0-3.4 0',
  ],
  plus: ['M8 3v10M3 8h10'],
  search: ['M2.8 7a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0-8.4 0M10.2 10.2 14 14'],
  pause: ['M5.5 3.5v9M10.5 3.5v9'],
  play: ['M5 3.3v9.4l7.5-4.7z'],
  step: ['M4 3.3v9.4l6.5-4.7zM12.5 3.3v9.4'],
  stop: ['M4.8 4h6.4a.8.8 0 0 1 .8.8v6.4a.8.8 0 0 1-.8.8H4.8a.8.8 0 0 1-.8-.8V4.8a.8.8 0 0 1 .8-.8z'],
  more: ['M3.5 8h.01M8 8h.01M12.5 8h.01'],
  down: ['m4 6 4 4 4-4'],
  up: ['m4 10 4-4 4 4'],
  right: ['m6 4 4 4-4 4'],
  left: ['m10 4-4 4 4 4'],
  check: ['m3.5 8.5 3 3 6-7'],
  minus: ['M4 8h8'],
  close: ['m4 4 8 8M12 4l-8 8'],
  export: ['M8 10V2.5M5 5l3-2.7L11 5M3 9.5V13h10V9.5'],
  copy: ['M6.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1zM10.5 3v-.5h-8v8H3'],
  trash: ['M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9'],
  archive: ['M2.5 3h11v3h-11zM3.5 6v7h9V6M6.5 9h3'],
  tag: ['M2.5 2.5h5l6 6-5 5-6-6zM5.2 5.2h.01'],
  columns: ['M3.5 3h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM6.2 3v10M9.8 3v10'],
  note: ['M3.5 2.5h9v7.5l-3.5 3.5h-5.5zM12.5 10h-3.5v3.5M5.8 5.5h4.4M5.8 8h4.4'],
  drag: ['M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01'],
  undo: ['M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M3 6.5 6 3.5M3 6.5l3 3'],
  rename: ['M3 13l.6-2.8L10.7 3.1l2.2 2.2-7.1 7.1zM9.4 4.4l2.2 2.2'],
  cpu: [
    'M5 4h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM6.5 1.5V4M9.5 1.5V4M6.5 12v2.5M9.5 12v2.5M1.5 6.5H4M1.5 9.5H4M12 6.5h2.5M12 9.5h2.5',
  ],
  image: ['M3.5 3h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM3 11l3.5-3.5 3 3 2-2 2 2'],
  keyboard: [
    'M2.5 4h11a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM4.5 6.5h.01M7 6.5h.01M9.5 6.5h.01M12 6.5h.01M5 9.5h6',
  ],
  star: ['m8 2 1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1L2 6.3l4.2-.5z'],
  file: ['M4 2.5h5.5l3 3v8h-8.5zM9.5 2.5v3h3'],
} as const satisfies Record<string, readonly string[]>;
export type IconName = keyof typeof ICONS;

/** Dots need a thicker line to be seen. */
export const THICK_ICONS: ReadonlySet<IconName> = new Set<IconName>(['more', 'drag']);
