import type { FeedFrame } from '../../../electron/contract/feed.ts';

/** A frame in which nothing has happened. */
export const EMPTY_FRAME: Omit<FeedFrame, 'seq'> = {
  runs: [],
  purged: [],
  progress: [],
  chunks: [],
  health: [],
  histograms: [],
  sweeps: [],
  purgedSweeps: [],
  trials: [],
  reports: [],
  notices: [],
  system: null,
};
