/**
 * The form of a new run: draft, checks, undo, the chosen data set's preview, and starting the run. The draft saves
 * itself, so a closed window loses nothing.
 */

import { said } from '../../engine/spec/message.ts';
import { useDebounceFn } from '@vueuse/core';
import { computed, ref as deepRef, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { DataPreview } from '../../electron/contract/data.ts';
import { StudioFailure } from '../../electron/contract/outcome.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import { forkIssues } from '../../engine/spec/fork.ts';
import { invoke } from '../bridge/studio.ts';
import { useInexactStore } from '../stores/inexact.ts';
import { checkDraft, repairsFor, type CheckedDraft, type FieldIssue, type Repair } from './check.ts';
import { draftFrom, restoreDraft, type RunDraft } from './draft.ts';
import { createHistory, typedField } from './history.ts';
import { useDataPreview } from './use-data-preview.ts';

const STORAGE_KEY = 'descent.run-draft';

/** The checkpoint of another run that the new one goes on from. */
export interface ForkPoint {
  readonly id: RunId;
  readonly number: number;
  readonly name: string;
  readonly step: number;
  readonly epoch: number;
}

export interface RunForm {
  readonly draft: Ref<RunDraft>;
  readonly checked: ComputedRef<CheckedDraft>;
  /** Issues of the draft, of the data source and of a refused start, by path. */
  readonly issues: ComputedRef<ReadonlyMap<string, FieldIssue>>;
  readonly preview: Readonly<ShallowRef<DataPreview | null>>;
  readonly previewLoading: Readonly<ShallowRef<boolean>>;
  readonly starting: Readonly<ShallowRef<boolean>>;
  readonly saved: Readonly<ShallowRef<boolean>>;
  readonly canUndo: Readonly<ShallowRef<boolean>>;
  readonly canRedo: Readonly<ShallowRef<boolean>>;
  repairs(path: string): readonly Repair[];
  /** Replaces the draft (a preset, a file, another run's spec); undo brings the old one back. */
  load(draft: RunDraft): void;
  undo(): void;
  redo(): void;
  /** Starts the run and returns its id; null when it was refused (the issues say why). */
  start(): Promise<RunId | null>;
}

/** Leaves a draft for the form to open on. */
export function keepFormDraft(draft: RunDraft): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify(draft));
}

export interface RunFormOptions {
  /** False for a form inside another one, which keeps the draft itself. @default true */
  readonly keep?: boolean;
  /** Where a fork goes on. Its settings are not what the next new run begins with. @default null */
  readonly fork?: ForkPoint | null;
}

/** The form over a first draft: the saved one, or the one given. */
export function useRunForm(initial: RunDraft | null, fallback: unknown, options: RunFormOptions = {}): RunForm {
  const { fork = null, keep = fork === null } = options;
  const inexact = useInexactStore();
  const draft = deepRef<RunDraft>(firstDraft(initial, fallback));
  const history = createHistory(JSON.stringify(draft.value));
  const canUndo = shallowRef(false);
  const canRedo = shallowRef(false);
  const saved = shallowRef(true);
  const starting = shallowRef(false);
  /** Issues only the main process could see, until the draft changes. */
  const refused = shallowRef<ReadonlyMap<string, FieldIssue>>(new Map());
  const { preview, loading: previewLoading, problem: previewFailure } = useDataPreview(() => draft.value.source);

  const checked = computed(() => checkDraft(draft.value, preview.value));
  /** The spec the fork began with, as far as the form shows it: what must stay is known before the start. */
  const parentSpec = fork === null ? null : checkDraft(draft.value, null).spec;
  const issues = computed(() => {
    const all = new Map([...checked.value.issues, ...refused.value]);
    const { spec } = checked.value;
    if (fork !== null && parentSpec !== null && spec !== null) {
      for (const { path, message } of forkIssues(parentSpec, spec, fork)) {
        all.set(fieldPath(path), { kind: 'text', message });
      }
    }
    const failure = previewFailure.value;
    if (failure !== null) all.set('data.source', { kind: 'text', message: failure });
    return all;
  });

  const save = useDebounceFn((snapshot: string) => {
    if (keep) localStorage.setItem(STORAGE_KEY, snapshot);
    saved.value = true;
  }, 400);
  let replaying = false;
  watch(
    draft,
    (value) => {
      const snapshot = JSON.stringify(value);
      refused.value = new Map();
      saved.value = false;
      void save(snapshot);
      if (!replaying) history.note(snapshot, typedField(), performance.now());
      replaying = false;
      canUndo.value = history.canUndo;
      canRedo.value = history.canRedo;
    },
    { deep: true },
  );

  function replay(snapshot: string | null): void {
    const restored = restoreDraft(snapshot);
    if (restored === null) return;
    replaying = true;
    draft.value = restored;
  }

  async function start(): Promise<RunId | null> {
    const { spec } = checked.value;
    if (spec === null || issues.value.size > 0 || starting.value) return null;
    starting.value = true;
    try {
      if (fork === null) return await invoke('run:start', { spec });
      const from = { kind: 'fork', id: fork.id, step: fork.step } as const;
      return await inexact.attempt((goOn) => invoke('run:start', { spec, from, inexact: goOn }));
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
    previewLoading,
    starting,
    saved,
    canUndo,
    canRedo,
    repairs: (path) => {
      const issue = issues.value.get(path);
      return issue?.kind === 'shape' ? repairsFor(issue.issue, draft.value) : [];
    },
    load: (next) => {
      draft.value = next;
    },
    undo: () => replay(history.undo()),
    redo: () => replay(history.redo()),
    start,
  };
}

function firstDraft(initial: RunDraft | null, fallback: unknown): RunDraft {
  if (initial !== null) return initial;
  const saved = restoreDraft(localStorage.getItem(STORAGE_KEY));
  if (saved !== null) return saved;
  const made = draftFrom(fallback);
  if (!made.ok) throw new Error(`the form's first preset is not a run spec: ${made.message}`);
  return made.draft;
}

/** Field issues out of a refused start; empty when the failure is not about the spec. */
function refusal(error: unknown): ReadonlyMap<string, FieldIssue> {
  if (!(error instanceof StudioFailure)) return new Map();
  const { issues, code } = error.error;
  if (issues !== undefined && issues.length > 0) {
    return new Map(issues.map((issue) => [fieldPath(issue.path), { kind: 'text', ...said(issue) }]));
  }
  return code === 'data_invalid' ? new Map([['data.source', { kind: 'text', ...said(error.error) }]]) : new Map();
}

/** "model.layers.2.units" stays, "data.source.file" belongs to the field "data.source". */
function fieldPath(path: string): string {
  return path.startsWith('data.source') ? 'data.source' : path;
}
