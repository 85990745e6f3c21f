/**
 * The live feed as plain code: checks that frames follow each other, hands them to listeners, and keeps the
 * list of runs whose points and histograms are wanted. Holds no points itself and knows no Vue.
 */

import type { FeedCommand, FeedFrame } from '../../electron/contract/feed.ts';
import type { RunId, SweepId } from '../../engine/spec/ids.ts';

/** What a listener wants to hear of. A listener that throws does not keep the others from hearing. */
export interface RunFeedListener {
  readonly onFrame?: (frame: FeedFrame) => void;
  /** Frames are missing: read again from the store. Called before the frame that showed the gap. */
  readonly onResync?: () => void;
}

export interface RunFeed {
  /** Returns the function that ends the subscription. */
  readonly listen: (listener: RunFeedListener) => () => void;
  /** Asks for a run's points and histograms; counted, so the last of several watchers ends it. */
  readonly watch: (id: RunId) => () => void;
  /** Asks for the trials of a sweep and what they reach; counted as `watch` is. */
  readonly watchSweep: (id: SweepId) => () => void;
  /** Tells the main process that the question whether to close is on the screen. */
  readonly closeAsked: () => void;
  readonly close: () => void;
}

export type OpenFeed = (onFrame: (frame: FeedFrame) => void) => {
  readonly send: (command: FeedCommand) => void;
  readonly close: () => void;
};

/** Opens the feed through `open`; errors of listeners go to `onError`. */
export function createRunFeed(open: OpenFeed, onError: (error: unknown) => void): RunFeed {
  const listeners = new Set<RunFeedListener>();
  let lastSeq = 0;
  let closed = false;

  const tell = (call: (listener: RunFeedListener) => void): void => {
    for (const listener of [...listeners]) {
      try {
        call(listener);
      } catch (error) {
        onError(error);
      }
    }
  };
  const connection = open((frame) => {
    const gap = frame.seq !== lastSeq + 1;
    lastSeq = frame.seq;
    if (gap) tell((listener) => listener.onResync?.());
    tell((listener) => listener.onFrame?.(frame));
  });
  const runs = countedWatchers<RunId>((ids) => {
    if (!closed) connection.send({ type: 'watch', runs: ids });
  });
  const sweeps = countedWatchers<SweepId>((ids) => {
    if (!closed) connection.send({ type: 'watch-sweeps', sweeps: ids });
  });

  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watch: (id) => runs.add(id),
    watchSweep: (id) => sweeps.add(id),
    closeAsked() {
      connection.send({ type: 'close-asked' });
    },
    close() {
      closed = true;
      listeners.clear();
      connection.close();
    },
  };
}

/** Who is wanted by whom: `send` gets the whole list when a first watcher comes or a last one goes. */
function countedWatchers<Id>(send: (ids: readonly Id[]) => void): { readonly add: (id: Id) => () => void } {
  const counts = new Map<Id, number>();
  return {
    add(id) {
      const count = counts.get(id) ?? 0;
      counts.set(id, count + 1);
      if (count === 0) send([...counts.keys()]);
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        const left = (counts.get(id) ?? 1) - 1;
        if (left > 0) {
          counts.set(id, left);
          return;
        }
        counts.delete(id);
        send([...counts.keys()]);
      };
    },
  };
}
