/** What is wrong with a field of the form, as the sentence below it. */

import { useI18n } from 'vue-i18n';
import { issueMessage } from '../../forms/messages.ts';
import type { RunForm } from '../../forms/use-run-form.ts';

/** Gives the function from a field's path to its sentence; null when nothing is wrong with it. */
export function useFieldError(form: RunForm): (path: string) => string | null {
  const { t } = useI18n();
  return (path) => {
    const issue = form.issues.value.get(path);
    return issue === undefined ? null : issueMessage(t, issue);
  };
}
