/** What is wrong with a field of the sweep, and the button that mends it, in the person's language. */

import { spoken } from '../../../text/spoken.ts';
import type { Composer } from 'vue-i18n';
import type { SweepIssue } from '../../../sweep/sweep-check.ts';
import type { SweepRepair } from '../../../sweep/sweep-repairs.ts';
import { formatCount, formatSetting } from '../../../text/format.ts';
import { numberMessage } from '../../../text/number-message.ts';

type Translate = Composer['t'];
type Values = Readonly<Record<string, string | number>>;

const shown = (values: Values): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value !== 'number' ? value : key === 'n' ? formatCount(value) : formatSetting(value),
    ]),
  );

export function sweepIssueText(t: Translate, issue: SweepIssue): string {
  switch (issue.kind) {
    case 'text':
      return spoken(issue);
    case 'number':
      return numberMessage(t, issue.issue, issue.range);
    case 'rule':
      return t(`sweep.problem.${issue.code}`, shown(issue.values), Number(issue.values['n'] ?? 1));
  }
}

export function sweepRepairText(t: Translate, { code, values }: SweepRepair): string {
  return t(`sweep.repair.${code}`, shown(values), Number(values['n'] ?? 1));
}
