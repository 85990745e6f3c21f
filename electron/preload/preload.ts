/**
 * The only thing the page gets from outside: `window.studio`, two functions and no way to name a channel that is
 * not in the contract. Runs sandboxed; what it exposes is copied across the border, never shared.
 */

import { contextBridge, ipcRenderer } from 'electron';
import { FEED_CHANNEL, INVOKE_CHANNELS } from '../contract/channels.ts';
import type { FeedCommand, FeedFrame, StudioBridge } from '../contract/feed.ts';

const KNOWN: ReadonlySet<string> = new Set(INVOKE_CHANNELS);

const bridge: StudioBridge = {
  invoke(channel, argument) {
    if (typeof channel !== 'string' || !KNOWN.has(channel)) {
      return Promise.reject(new Error(`unknown channel ${String(channel)}`));
    }
    return ipcRenderer.invoke(channel, argument);
  },

  openFeed(onFrame) {
    const { port1: port, port2: remote } = new MessageChannel();
    port.onmessage = (event: MessageEvent<FeedFrame>) => {
      onFrame(event.data);
      // Tells the main process that this frame was taken, so that a busy page is sent fewer and larger ones.
      port.postMessage({ type: 'taken', seq: event.data.seq });
    };
    ipcRenderer.postMessage(FEED_CHANNEL, null, [remote]);
    return {
      send: (command: FeedCommand) => port.postMessage(command),
      close: () => port.close(),
    };
  },
};

contextBridge.exposeInMainWorld('studio', bridge);
