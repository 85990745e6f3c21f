/** The form of a sweep: the draft, its checks, undo, what it amounts to, and starting it. The draft saves itself. */

import { said } from '../../../../engine/spec/message.ts';
import { useDebounceFn } from '@vueuse/core';
import { computed, ref as deepRef, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { DataPreview } from '../../../../electron/contract/data.ts';
import { StudioFailure } from '../../../../electron/contract/outcome.ts';
import type { SweepId } from '../../../../engine/spec/ids.ts';
import { createHistory, typedField } from '../../../forms/history.ts';
import { useDataPreview } from '../../../forms/use-data-preview.ts';
import { checkSweepDraft, type CheckedSweepDraft, type SweepIssue } from '../../../sweep/sweep-check.ts';
import { restoreSweepDraft, saveSweepDraft, type SweepDraft } from '../../../sweep/sweep-draft.ts';
import { useSweepsStore } from '../../../stores/sweeps.ts';
import { readNumber } from '../../../text/number-input.ts';

export interface SweepForm {
  readonly draft: Ref<SweepDraft>;
  readonly checked: ComputedRef<CheckedSweepDraft>;
  /** Issues of the draft, of the data and of a refused start, by path in the sweep spec. */
  readonly issues: ComputedRef<ReadonlyMap<string, SweepIssue>>;
  readonly preview: Readonly<ShallowRef<DataPreview | null>>;
  /** How many fields of the base are wrong while it is edited. */
  readonly baseProblems: ShallowRef<number>;
  readonly starting: Readonly<ShallowRef<boolean>>;
  readonly saved: Readonly<ShallowRef<boolean>>;
  readonly canUndo: Readonly<ShallowRef<boolean>>;
  readonly load: (draft: SweepDraft) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Starts it; null when it was refused (the issues say why). Throws what is not about the spec. */
  readonly start: () => Promise<SweepId | null>;
}

export function useSweepForm(initial: SweepDraft): SweepForm {
  const store = useSweepsStore();
  const draft = deepRef<SweepDraft>(plain(initial));
  const history = createHistory(JSON.stringify(draft.value));
  const [canUndo, saved, starting] = [shallowRef(false), shallowRef(true), shallowRef(false)];
  const baseProblems = shallowRef(0);
  /** What only the main process could see, until the draft changes. */
  const refused = shallowRef<ReadonlyMap<string, SweepIssue>>(new Map());
  const { preview, problem: dataProblem } = useDataPreview(() => draft.value.base.data.source);

  const checked = computed(() => checkSweepDraft(draft.value, preview.value));
  const issues = computed(() => {
    const all = new Map([...checked.value.issues, ...refused.value]);
    if (dataProblem.value !== null) all.set('base.data.source', { kind: 'text', message: dataProblem.value });
    return all;
  });

  const save = useDebounceFn(() => {
    saveSweepDraft(draft.value);
    saved.value = true;
  }, 400);
  let replaying = false;
  watch(
    draft,
    (value) => {
      refused.value = new Map();
      saved.value = false;
      void save();
      if (!replaying) history.note(JSON.stringify(value), typedField(), performance.now());
      replaying = false;
      canUndo.value = history.canUndo;
    },
    { deep: true },
  );
  function replay(snapshot: string | null): void {
    const restored = restoreSweepDraft(snapshot);
    if (restored === null) return;
    replaying = true;
    draft.value = restored;
  }

  async function start(): Promise<SweepId | null> {
    const { spec } = checked.value;
    if (spec === null || issues.value.size > 0 || baseProblems.value > 0 || starting.value) return null;
    starting.value = true;
    try {
      return await store.start(plain(spec), readNumber(draft.value.budget.workers));
    } catch (error) {
      refused.value = refusal(error);
      if (refused.value.size === 0) throw error;
      return null;
    } finally {
      starting.value = false;
    }
  }

  return {
    draft,
    checked,
    issues,
    preview,
    baseProblems,
    starting,
    saved,
    canUndo,
    load: (next) => (draft.value = plain(next)),
    undo: () => replay(history.undo()),
    redo: () => replay(history.redo()),
    start,
  };
}

function refusal(error: unknown): ReadonlyMap<string, SweepIssue> {
  const issues = error instanceof StudioFailure ? (error.error.issues ?? []) : [];
  return new Map(issues.map((issue) => [issue.path, { kind: 'text', ...said(issue) }]));
}

/** A copy without proxies, which cannot cross to the other process. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
