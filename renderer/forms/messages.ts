/** The sentence below a field, in the person's language. */

import type { Composer } from 'vue-i18n';
import type { ShapeIssue } from '../../engine/spec/shapes.ts';
import { formatSetting } from '../text/format.ts';
import { spoken } from '../text/spoken.ts';
import type { FieldIssue, Repair } from './check.ts';

type Translate = Composer['t'];

/** What is wrong, with the usual range where there is one: "Must be above 0. Usual: 0.0001 to 0.01." */
export function issueMessage(t: Translate, issue: FieldIssue, repairs: readonly Repair[] = []): string {
  switch (issue.kind) {
    case 'text':
      return spoken(issue);
    case 'data':
      return t(`newRun.problem.${issue.code}`);
    case 'number': {
      const { code, bound } = issue.issue;
      const message = t(`errors.number.${code}`, { bound: formatSetting(bound) });
      const { usual } = issue.range;
      if (usual === undefined) return message;
      return t('newRun.problem.usual', { message, from: formatSetting(usual[0]), to: formatSetting(usual[1]) });
    }
    case 'shape':
      return shapeMessage(t, issue.issue, repairs);
  }
}

function shapeMessage(t: Translate, issue: ShapeIssue, repairs: readonly Repair[]): string {
  const count = issue.values.expected ?? 1;
  const problem = t(`newRun.problem.${issue.code}`, { ...issue.values, n: issue.layer + 1 }, count);
  const [first] = repairs;
  if (first === undefined) return problem;
  const repair = t(`newRun.problem.repairSentence.${first.code}`, { ...first.values }, first.values.units ?? 1);
  return t('newRun.problem.sentence', { problem, repair });
}
