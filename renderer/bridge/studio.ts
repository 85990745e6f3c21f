/** The one door out of the window: requests to the main process and the live feed. Nothing else touches `window.studio`. */

import { say } from '../../engine/spec/message.ts';
import type { FeedCommand, FeedFrame, StudioBridge } from '../../electron/contract/feed.ts';
import type { InvokeArgument, InvokeChannel, InvokeResult } from '../../electron/contract/invoke.ts';
import { StudioFailure, type Outcome } from '../../electron/contract/outcome.ts';

declare global {
  interface Window {
    readonly studio?: StudioBridge;
  }
}

type ArgumentsOf<C extends InvokeChannel> = undefined extends InvokeArgument<C> ? [] : [argument: InvokeArgument<C>];

function bridge(): StudioBridge {
  const { studio } = window;
  if (studio === undefined) {
    throw new StudioFailure({ code: 'internal', message: 'the window was opened without its bridge to the app' });
  }
  return studio;
}

/**
 * Asks the main process and returns the value of its answer.
 * Throws a StudioFailure when the answer is an error, or is not an answer at all.
 */
export async function invoke<C extends InvokeChannel>(channel: C, ...rest: ArgumentsOf<C>): Promise<InvokeResult<C>> {
  const answer = await bridge().invoke(channel, rest[0]);
  if (!isOutcome(answer)) {
    throw new StudioFailure({ code: 'internal', ...say`${channel}: expected an outcome, got ${typeof answer}` });
  }
  if (!answer.ok) throw new StudioFailure(answer.error);
  return answer.value as InvokeResult<C>;
}

/** Opens the live feed. Frames arrive until `close` is called. Throws a StudioFailure without a bridge. */
export function openFeed(onFrame: (frame: FeedFrame) => void): {
  readonly send: (command: FeedCommand) => void;
  readonly close: () => void;
} {
  return bridge().openFeed(onFrame);
}

function isOutcome(value: unknown): value is Outcome<unknown> {
  return typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean';
}
