import type { StudioBridge } from '../../../electron/contract/feed.ts';

declare global {
  interface Window {
    /** What the preload script gives the page; code inside `page.evaluate` may use it. */
    readonly studio: StudioBridge;
  }
}
