import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { INVOKE_ARGUMENTS, INVOKE_CHANNELS, type InvokeChannel } from '../../../electron/contract/invoke.ts';
import { StudioFailure } from '../../../electron/contract/outcome.ts';
import { answerInvoke, type Handlers } from '../../../electron/main/ipc/answer.ts';

let called: [InvokeChannel, unknown][];
let result: () => unknown;
let handlers: Handlers;

beforeEach(() => {
  called = [];
  result = () => null;
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const entries = INVOKE_CHANNELS.map((channel) => [
    channel,
    (argument: unknown) => {
      called.push([channel, argument]);
      return result();
    },
  ]);
  handlers = Object.fromEntries(entries) as Handlers;
});
afterEach(() => vi.restoreAllMocks());

test('the table of channels and the table of schemas name the same ones', () => {
  expect([...INVOKE_CHANNELS].sort()).toEqual(Object.keys(INVOKE_ARGUMENTS).sort());
});

test('a right argument reaches its handler and the value comes back', async () => {
  const rows = { count: 0, columns: {} };
  result = () => rows;
  expect(await answerInvoke(handlers, 'run:list', { trash: false })).toEqual({ ok: true, value: rows });
  expect(called).toEqual([['run:list', { trash: false }]]);
});

test('changing one setting leaves the others alone', async () => {
  await answerInvoke(handlers, 'settings:set', { language: 'zh-CN' });
  expect(called).toEqual([['settings:set', { language: 'zh-CN' }]]);
});

test.each<[InvokeChannel, unknown, string]>([
  ['run:list', {}, 'trash'],
  ['run:list', { trash: false, more: 1 }, ''],
  ['run:list', undefined, ''],
  ['app:info', 1, ''],
  ['run:get', { id: '../../etc' }, 'id'],
  ['run:rename', { id: 'abcdefghijkl', name: '   ' }, 'name'],
  ['run:delete', { ids: [] }, 'ids'],
  ['run:control', { id: 'abcdefghijkl', action: 'explode' }, 'action'],
  ['curve:read', { id: 'abcdefghijkl', metric: 'loss', split: 'train', maxPoints: 1 }, 'maxPoints'],
  ['curve:read', { id: 'abcdefghijkl', metric: 'loss', split: 'train', maxPoints: NaN }, 'maxPoints'],
  ['settings:set', { theme: 'pink' }, 'theme'],
  ['app:close', { decision: 'explode' }, 'decision'],
  ['data:preview', { source: 'cifar' }, 'source'],
  ['file:save', { suggestedName: 'a.png', bytes: [1, 2] }, 'bytes'],
])('%s refuses %j', async (channel, argument, field) => {
  const outcome = await answerInvoke(handlers, channel, argument);
  expect(outcome).toMatchObject({ ok: false, error: { code: 'bad_request' } });
  if (!outcome.ok) expect(outcome.error.issues?.[0]?.path).toBe(field);
  expect(called).toEqual([]);
});

test.each(INVOKE_CHANNELS)('%s takes a thousand random values without throwing', async (channel) => {
  await fc.assert(
    fc.asyncProperty(fc.anything({ withBigInt: true, withDate: true, withTypedArray: true }), async (value) => {
      called = [];
      const outcome = await answerInvoke(handlers, channel, value);
      // What passes the schema may be handled; everything else must not reach the handler.
      expect(called.length).toBe(outcome.ok ? 1 : 0);
      expect(outcome.ok).toBe(INVOKE_ARGUMENTS[channel].safeParse(value).success);
    }),
    { numRuns: 1000, seed: 7 },
  );
});

test('a failure of a service keeps its code and fields', async () => {
  const issues = [{ path: 'optimizer.lr', message: 'expected a number above 0' }];
  result = () => {
    throw new StudioFailure({ code: 'spec_invalid', message: 'optimizer.lr: expected a number above 0', issues });
  };
  expect(await answerInvoke(handlers, 'run:start', { spec: 1 })).toEqual({
    ok: false,
    error: { code: 'spec_invalid', message: 'optimizer.lr: expected a number above 0', issues },
  });
});

test('a rejected promise becomes an outcome too', async () => {
  result = () => Promise.reject(new TypeError('no such thing'));
  expect(await answerInvoke(handlers, 'settings:get', undefined)).toEqual({
    ok: false,
    error: { code: 'internal', message: 'no such thing' },
  });
});
