/** Names of the requests a window can make; apart from their schemas so that the preload script stays small. */

export const INVOKE_CHANNELS = [
  'app:info',
  'settings:get',
  'settings:set',
  'app:close',
  'data:list',
  'data:preview',
  'data:choose',
  'run:start',
  'run:control',
  'run:continue',
  'run:list',
  'run:get',
  'run:rename',
  'run:delete',
  'run:restore',
  'run:purge',
  'run:mark',
  'race:start',
  'comparison:list',
  'comparison:get',
  'comparison:create',
  'comparison:change',
  'comparison:delete',
  'comparison:restore',
  'store:retry',
  'curve:read',
  'histogram:read',
  'evaluation:read',
  'weights:export',
  'weights:choose',
  'spec:open',
  'spec:save',
  'file:save',
] as const;
export type InvokeChannel = (typeof INVOKE_CHANNELS)[number];

/** On this channel a page hands the main process one end of a MessageChannel: its live feed. */
export const FEED_CHANNEL = 'feed:open';
