import { expect, test } from 'vitest';
import { StudioFailure } from '../../../electron/contract/outcome.ts';
import { toStudioError } from '../../../electron/main/ipc/studio-error.ts';
import { SpecError } from '../../../engine/spec/run-spec.ts';

const systemError = (code: string) => Object.assign(new Error(`${code}: it failed`), { code });

test.each([
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EROFS', 'read_only'],
  ['EACCES', 'read_only'],
  ['ENOENT', 'not_found'],
  ['EPIPE', 'internal'],
])('%s is %s', (code, expected) => {
  expect(toStudioError(systemError(code))).toEqual({ code: expected, message: `${code}: it failed` });
});

test('an error of a spec keeps its fields', () => {
  const issues = [{ path: 'seed', message: 'expected a whole number' }];
  expect(toStudioError(new SpecError(issues))).toEqual({
    code: 'spec_invalid',
    message: 'seed: expected a whole number',
    wording: { code: '{0}: {1}', values: ['seed', { code: 'expected a whole number', values: [] }] },
    issues,
  });
});

test('what is no error is shown as text', () => {
  expect(toStudioError('plain')).toEqual({ code: 'internal', message: 'plain' });
  expect(toStudioError(undefined)).toEqual({ code: 'internal', message: 'undefined' });
});

test('a value that cannot be read is survived', () => {
  const hostile = {
    toString() {
      throw new Error('no');
    },
  };
  expect(toStudioError(hostile).code).toBe('internal');
  expect(toStudioError(Object.create(null)).code).toBe('internal');
});

test('long messages and lists are cut, unknown codes are internal', () => {
  const issues = Array.from({ length: 5000 }, () => ({ path: 'a', message: 'b' }));
  const error = toStudioError(new StudioFailure({ code: 'made_up' as 'internal', message: 'x'.repeat(9999), issues }));
  expect(error.code).toBe('internal');
  expect(error.message).toHaveLength(2001);
  expect(error.issues).toHaveLength(200);
});
