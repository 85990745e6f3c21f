/** A home folder that cannot be written: what would change something is refused before it reaches a service. */

import { say } from '../../../engine/spec/message.ts';
import type { InvokeChannel } from '../../contract/channels.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { Handlers } from './answer.ts';

/** What works on a copy of the database, or on nothing at all. The settings change for as long as the app runs. */
const READING: ReadonlySet<InvokeChannel> = new Set<InvokeChannel>([
  'app:info',
  'app:close',
  'settings:get',
  'settings:set',
  'data:list',
  'data:preview',
  'data:choose',
  'run:list',
  'run:get',
  'run:equality',
  'comparison:list',
  'comparison:get',
  'sweep:list',
  'sweep:get',
  'sweep:curves',
  'sweep:timeline',
  'curve:read',
  'health:read',
  'histogram:read',
  'setting-values:read',
  'checkpoint:list',
  'evaluation:read',
  'evaluation:report',
  'evaluation:progress',
  'evaluation:cancel',
  'evaluation:samples',
  'weights:export',
  'weights:choose',
  'spec:open',
  'spec:save',
  'file:save',
]);

/** The same handlers, of which those that write throw `read_only`. A channel added later is refused until named here. */
export function withoutWrites(handlers: Handlers, home: string): Handlers {
  const message = say`${home} cannot be written: everything can be looked at, nothing changed; set DESCENT_HOME to another folder`;
  const refuse = (): never => {
    throw new StudioFailure({ code: 'read_only', ...message });
  };
  const entries = Object.entries(handlers).map(([channel, handler]) => [
    channel,
    READING.has(channel as InvokeChannel) ? handler : refuse,
  ]);
  return Object.fromEntries(entries) as Handlers;
}
