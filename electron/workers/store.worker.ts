/** The thread that owns the database. One request at a time, in the order they come. */

import { messageOf } from '../../engine/spec/message.ts';
import { parentPort } from 'node:worker_threads';
import { StudioFailure, type StudioError } from '../contract/outcome.ts';
import type { StoreRequestMessage, StoreResponseMessage } from '../contract/store-requests.ts';
import { Store } from '../store/store.ts';
import { transferables } from './transferables.ts';

const port = parentPort;
if (port === null) throw new Error('store.worker runs in a worker thread only');

let store: Store | null = null;
let makesBackups = false;

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
    keepHouse().catch((error: unknown) => {
      // Nothing was asked, so nobody waits for an answer; it simply stays as it is until the next time.
      console.error('the database could not be tidied or backed up:', error);
    });
  }, IDLE_MS);
  idle.unref();
}

/** Only the app makes backups: the command line is meant to end when its work is done. */
async function keepHouse(): Promise<void> {
  store?.handle('database:tidy', null);
  if (makesBackups) await store?.backUpWhenDue();
}

function answer(message: StoreRequestMessage): unknown {
  if (message.type === 'open') {
    if (store !== null) throw new Error(`the store has opened ${store.path} already`);
    store = new Store(message.args);
    makesBackups = message.args.program === 'the app';
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
  return { code: 'internal', ...messageOf(error) };
}
