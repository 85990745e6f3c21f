/** The thread that owns the database. One request at a time, in the order they come. */

import { parentPort } from 'node:worker_threads';
import { StudioFailure, type StudioError } from '../contract/outcome.ts';
import type { StoreRequestMessage, StoreResponseMessage } from '../contract/store-requests.ts';
import { Store } from '../store/store.ts';
import { transferables } from './transferables.ts';

const port = parentPort;
if (port === null) throw new Error('store.worker runs in a worker thread only');

let store: Store | null = null;

port.on('message', (message: StoreRequestMessage) => {
  let response: StoreResponseMessage;
  try {
    response = { request: message.request, ok: true, value: answer(message) };
  } catch (error) {
    response = { request: message.request, ok: false, error: toStudioError(error) };
  }
  port.postMessage(response, transferables(response));
  if (message.type === 'close') port.close();
  tidyLater();
});

/** Without work for this long, the write-ahead log is moved into the database. */
const IDLE_MS = 5000;
let idle: NodeJS.Timeout | undefined;

function tidyLater(): void {
  clearTimeout(idle);
  if (store === null) return;
  idle = setTimeout(() => {
    try {
      store?.handle('database:tidy', null);
    } catch (error) {
      // Nothing was asked, so nobody waits for an answer; the log simply stays until the next time.
      console.error('the database could not be tidied:', error);
    }
  }, IDLE_MS);
  idle.unref();
}

function answer(message: StoreRequestMessage): unknown {
  if (message.type === 'open') {
    if (store !== null) throw new Error(`the store has opened ${store.path} already`);
    store = new Store(message.args);
    return store.opened;
  }
  if (message.type === 'close') {
    store?.close();
    store = null;
    return null;
  }
  if (store === null) throw new Error(`${message.type} was asked before the store was opened`);
  return store.handle(message.type, message.args);
}

function toStudioError(error: unknown): StudioError {
  if (error instanceof StudioFailure) return error.error;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
