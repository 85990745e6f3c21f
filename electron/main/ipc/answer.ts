/** What happens to one request: who sent it, whether its argument is right, how its answer travels. No Electron here. */

import { say } from '../../../engine/spec/message.ts';
import type { z } from 'zod';
import { INVOKE_ARGUMENTS, type InvokeChannel, type InvokeResult } from '../../contract/invoke.ts';
import type { Outcome } from '../../contract/outcome.ts';
import { isOwnUrl } from '../own-origin.ts';
import { toStudioError } from './studio-error.ts';

/** One function for every channel of the contract: a missing one does not compile. */
export type Handlers = {
  readonly [C in InvokeChannel]: (
    argument: z.output<(typeof INVOKE_ARGUMENTS)[C]>,
  ) => InvokeResult<C> | Promise<InvokeResult<C>>;
};

/** Where a message came from, as far as it matters. null for a frame that is gone. */
export interface SenderFrame {
  readonly url: string;
  /** null for the top frame of its page. */
  readonly parent: object | null;
}

/** True for the top frame of a page of our own origin. */
export function isOwnFrame(frame: SenderFrame | null): boolean {
  return frame !== null && frame.parent === null && isOwnUrl(frame.url);
}

/** Checks the argument, runs the handler and wraps what comes out. Never throws. */
export async function answerInvoke<C extends InvokeChannel>(
  handlers: Handlers,
  channel: C,
  argument: unknown,
): Promise<Outcome<InvokeResult<C>>> {
  try {
    const parsed = INVOKE_ARGUMENTS[channel].safeParse(argument);
    if (!parsed.success) {
      const issues = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
      const [first] = issues;
      const message = say`${channel}: ${first?.path ?? ''}: ${first?.message ?? 'not as expected'}`;
      return { ok: false, error: { code: 'bad_request', ...message, issues } };
    }
    // Schema and handler belong to the same channel; the compiler cannot follow that through an index.
    const handler = handlers[channel] as (argument: unknown) => InvokeResult<C> | Promise<InvokeResult<C>>;
    return { ok: true, value: await handler(parsed.data) };
  } catch (thrown) {
    const error = toStudioError(thrown);
    if (error.code === 'internal') console.error(`${channel} failed:`, thrown);
    return { ok: false, error };
  }
}
