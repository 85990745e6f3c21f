/** The question before a run goes on that cannot give the numbers it would have given. One at a time. */

import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { StudioFailure } from '../../electron/contract/outcome.ts';
import { RESUME_CHANGES, type ResumeChange } from '../../electron/contract/runs.ts';

export interface InexactQuestion {
  /** What has changed, each with the details in English. */
  readonly reasons: readonly { readonly change: ResumeChange; readonly detail: string }[];
  readonly answer: (goOn: boolean) => void;
}

export const useInexactStore = defineStore('inexact', () => {
  const question = shallowRef<InexactQuestion | null>(null);

  /** Does it exactly; where that cannot be, asks and does it all the same, or gives null. Throws every other failure. */
  async function attempt<T>(act: (inexact: boolean) => Promise<T>): Promise<T | null> {
    try {
      return await act(false);
    } catch (error) {
      if (!(error instanceof StudioFailure) || error.error.code !== 'not_exact') throw error;
      return (await ask(error)) ? act(true) : null;
    }
  }

  function ask({ error }: StudioFailure): Promise<boolean> {
    question.value?.answer(false);
    const reasons = (error.issues ?? []).flatMap(({ path, message }) => {
      const change = RESUME_CHANGES.find((one) => one === path);
      return change === undefined ? [] : [{ change, detail: message }];
    });
    return new Promise((resolve) => {
      const answer = (goOn: boolean): void => {
        question.value = null;
        resolve(goOn);
      };
      question.value = { reasons, answer };
    });
  }

  return { question, attempt };
});
