/** One feed for the whole window, however many components listen. */

import { createSharedComposable, tryOnScopeDispose } from '@vueuse/core';
import type { FeedFrame } from '../../electron/contract/feed.ts';
import type { RunId, SweepId } from '../../engine/spec/ids.ts';
import { openFeed } from '../bridge/studio.ts';
import { createRunFeed } from './run-feed.ts';

/** Opened by the first user, closed when the last one's scope ends. */
const useSharedFeed = createSharedComposable(() => {
  const feed = createRunFeed(openFeed, (error) => console.error(error));
  tryOnScopeDispose(() => feed.close());
  return feed;
});

/** All of it ends by itself with the component or effect scope that called `useRunFeed`. */
export interface UseRunFeedReturn {
  readonly onFrame: (call: (frame: FeedFrame) => void) => void;
  /** Points may be missing: read them again from the store. */
  readonly onResync: (call: () => void) => void;
  /** Wants points and histograms of `id`; the returned function ends it early. */
  readonly watchRun: (id: RunId) => () => void;
  /** Wants the trials of a sweep and what they reach. */
  readonly watchSweep: (id: SweepId) => () => void;
  /** The question whether to close is on the screen. */
  readonly closeAsked: () => void;
}

/** The live feed for a component. Call it in `setup`. */
export function useRunFeed(): UseRunFeedReturn {
  const feed = useSharedFeed();
  const endings = new Set<() => void>();
  tryOnScopeDispose(() => {
    for (const end of endings) end();
  });
  const keep = (end: () => void): (() => void) => {
    endings.add(end);
    return () => {
      endings.delete(end);
      end();
    };
  };
  return {
    onFrame: (call) => void keep(feed.listen({ onFrame: call })),
    onResync: (call) => void keep(feed.listen({ onResync: call })),
    watchRun: (id) => keep(feed.watch(id)),
    watchSweep: (id) => keep(feed.watchSweep(id)),
    closeAsked: () => feed.closeAsked(),
  };
}
