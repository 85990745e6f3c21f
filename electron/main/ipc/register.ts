/** The only file that listens to windows. Every request passes the same three gates: sender, schema, outcome. */

import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type MessagePortMain, type WebContents } from 'electron';
import { FEED_CHANNEL, INVOKE_CHANNELS } from '../../contract/channels.ts';
import type { Outcome } from '../../contract/outcome.ts';
import { answerInvoke, isOwnFrame, type Handlers } from './answer.ts';

export interface IpcOptions {
  readonly handlers: Handlers;
  /** True for the page of our window; anything else is refused. */
  readonly isOurs: (contents: WebContents) => boolean;
  /** A window opened its feed; the port is already checked to be one of ours. */
  readonly onFeed: (port: MessagePortMain) => void;
}

const REFUSED: Outcome<never> = {
  ok: false,
  error: { code: 'bad_request', message: 'this page may not ask the studio anything' },
};

/** Registers every channel of the contract, and the feed. */
export function registerIpc(options: IpcOptions): void {
  for (const channel of INVOKE_CHANNELS) {
    ipcMain.handle(channel, (event, argument: unknown) =>
      isTrusted(event, options) ? answerInvoke(options.handlers, channel, argument) : REFUSED,
    );
  }
  ipcMain.on(FEED_CHANNEL, (event) => {
    const [port] = event.ports;
    if (port !== undefined && isTrusted(event, options)) options.onFeed(port);
  });
}

function isTrusted(event: IpcMainEvent | IpcMainInvokeEvent, options: IpcOptions): boolean {
  return isOwnFrame(event.senderFrame) && options.isOurs(event.sender);
}
