import { expect, it } from 'vitest';
import { i18n } from '../../../renderer/i18n.ts';
import { reasonText } from '../../../renderer/sweep/reason-text.ts';
import { fakeTrial, sweepSpec } from './fake-trials.ts';

const t = (key: string, values: Record<string, unknown>): string => i18n.global.t(key, values);
const te = (key: string): boolean => i18n.global.te(key);
const { objective } = sweepSpec();
const text = (code: string, values: Readonly<Record<string, number>> = {}, message = 'as the engine says it'): string =>
  reasonText(fakeTrial(0, { epochs: 3, reason: { code: code as 'median', message, values } }), objective, t, te);

it('says why a trial ended early in a few words', () => {
  expect(text('median', { epoch: 7, value: 0.5, bound: 0.6, trials: 5 })).toBe('worse than median, ep. 7');
  expect(text('rung', { epoch: 4, places: 2, trials: 6 })).toBe('below rung, ep. 4');
  expect(text('threshold', { epoch: 2, value: 0.1, bound: 0.25 })).toBe('beyond 25.00%, ep. 2');
});

it('takes the epochs trained where the reason does not name one', () => {
  expect(text('stopped')).toBe('stopped by hand, ep. 3');
  expect(text('diverged')).toBe('diverged, ep. 3');
});

it('leaves to the engine what it has no words for, and is empty without a reason', () => {
  expect(text('error', {}, 'units: expected a number')).toBe('units: expected a number');
  expect(reasonText(fakeTrial(0), objective, t, te)).toBe('');
});
