/** What a paired test says, as a sentence. */

import type { Composer } from 'vue-i18n';
import { formatFixed, formatNumber } from '../../text/format.ts';
import type { LaneTest, Measure } from './result.ts';

/** Points of a percent for accuracies, the loss's own figures otherwise; with a sign. */
export function signed(value: number, measure: Measure): string {
  const text = measure === 'accuracy' ? formatFixed(Math.abs(value) * 100, 2) : formatFixed(Math.abs(value), 4);
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${text}`;
}

export function testSentence(t: Composer['t'], name: string, test: LaneTest, measure: Measure): string {
  const values = {
    name,
    against: test.against,
    difference: signed(test.difference, measure),
    low: signed(test.low, measure),
    high: signed(test.high, measure),
    n: test.pairs,
    p: pText(test.adjusted),
  };
  const which = test.clear ? 'clear' : 'unclear';
  return t(measure === 'accuracy' ? `compare.test.${which}Points` : `compare.test.${which}Loss`, values);
}

/** "p = 0.003", "p < 0.001" */
export function pText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${formatNumber(p, 2)}`;
}
