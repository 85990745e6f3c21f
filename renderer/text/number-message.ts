/** The sentence below a number field. */

import type { NumberRange } from '../../engine/spec/numbers.ts';
import { formatSetting } from './format.ts';
import type { NumberIssue } from './number-input.ts';

type Translate = (key: string, values: Record<string, string>) => string;

/** "Must be above 0. Usual: 0.0001 to 0.1.": what is wrong, then what is usual where the range knows it. */
export function numberMessage(t: Translate, issue: NumberIssue, range: NumberRange): string {
  const problem = t(`errors.number.${issue.code}`, { bound: formatSetting(issue.bound) });
  if (range.usual === undefined) return problem;
  const [from, to] = range.usual;
  return t('errors.number.withUsual', { problem, from: formatSetting(from), to: formatSetting(to) });
}
