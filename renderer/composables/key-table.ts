/** All keys, for the help dialog. What a page binds must stand here; the label is a key under `frame.keys`. */

export interface KeyRow {
  /** Alternatives; each is one or more caps. */
  readonly keys: readonly string[];
  readonly label: string;
}

export const KEY_GROUPS: readonly { readonly title: string; readonly rows: readonly KeyRow[] }[] = [
  {
    title: 'everywhere',
    rows: [
      { keys: ['Ctrl K'], label: 'palette' },
      { keys: ['N'], label: 'newRun' },
      { keys: ['Ctrl ,'], label: 'settings' },
      { keys: ['Ctrl B'], label: 'fold' },
      { keys: ['Ctrl Z', 'Ctrl Shift Z'], label: 'undo' },
      { keys: ['?'], label: 'allKeys' },
      { keys: ['Esc'], label: 'escape' },
    ],
  },
  {
    title: 'runsList',
    rows: [
      { keys: ['F', '/'], label: 'search' },
      { keys: ['↑', '↓'], label: 'moveCursor' },
      { keys: ['Enter'], label: 'open' },
      { keys: ['X'], label: 'select' },
      { keys: ['Shift ↑', 'Shift ↓'], label: 'extend' },
      { keys: ['Ctrl A'], label: 'selectAll' },
      { keys: ['S'], label: 'star' },
      { keys: ['T'], label: 'tag' },
      { keys: ['P'], label: 'project' },
      { keys: ['F2'], label: 'rename' },
      { keys: ['D'], label: 'duplicate' },
      { keys: ['C'], label: 'compare' },
      { keys: ['Del'], label: 'delete' },
    ],
  },
  {
    title: 'runPage',
    rows: [
      { keys: ['Space'], label: 'pause' },
      { keys: ['→'], label: 'oneStep' },
      { keys: ['.'], label: 'stop' },
      { keys: ['[', ']'], label: 'storedStep' },
      { keys: ['L'], label: 'followLive' },
      { keys: ['E'], label: 'export' },
      { keys: ['D'], label: 'duplicate' },
      { keys: ['R'], label: 'evaluateAgain' },
    ],
  },
  {
    title: 'comparePage',
    rows: [
      { keys: ['1', '9'], label: 'toggleLane' },
      { keys: ['[', ']'], label: 'storedStep' },
      { keys: ['L'], label: 'lastStep' },
      { keys: ['R'], label: 'raceAgain' },
      { keys: ['.'], label: 'stopAll' },
      { keys: ['E'], label: 'saveTables' },
      { keys: ['F2'], label: 'rename' },
    ],
  },
  {
    title: 'charts',
    rows: [
      { keys: ['+', '-', 'Ctrl Wheel'], label: 'zoomChart' },
      { keys: ['PgUp', 'PgDn', 'Shift Drag'], label: 'panChart' },
      { keys: ['0'], label: 'showAll' },
    ],
  },
  {
    title: 'sweepPage',
    rows: [
      { keys: ['Space'], label: 'pause' },
      { keys: ['.'], label: 'stop' },
      { keys: ['F', '/'], label: 'search' },
      { keys: ['Enter'], label: 'open' },
      { keys: ['P'], label: 'pin' },
      { keys: ['C'], label: 'compare' },
      { keys: ['D'], label: 'duplicate' },
      { keys: ['E'], label: 'saveTables' },
    ],
  },
  { title: 'form', rows: [{ keys: ['Ctrl Enter'], label: 'train' }] },
];
