/** What can be done with the run of a page. Every failure ends as a toast, every success that cannot be seen too. */

import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { evaluatedWeights } from '../../../engine/spec/run-spec.ts';
import { fileName } from '../../charts/export/use-chart-export.ts';
import { invoke } from '../../bridge/studio.ts';
import { useInexactStore } from '../../stores/inexact.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { useSettingsStore } from '../../stores/settings.ts';
import { useUndoStore } from '../../stores/undo.ts';
import { formatBytes, formatCount } from '../../text/format.ts';
import type { RunData } from './use-run-data.ts';

export type ControlAction = 'pause' | 'resume' | 'stop' | 'step';
export const EXPORT_FORMATS = ['npz', 'safetensors', 'onnx', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface RunActions {
  /** Asked for and not yet seen to have happened. */
  readonly pending: Readonly<ShallowRef<ControlAction | 'continue' | 'export' | 'repeat' | null>>;
  /** Why nothing can be changed, or null. */
  readonly readOnlyReason: ComputedRef<string | null>;
  readonly control: (action: ControlAction) => Promise<void>;
  readonly goOn: () => Promise<void>;
  readonly rename: (name: string) => Promise<void>;
  readonly star: (on: boolean) => Promise<void>;
  readonly exportWeights: (format: ExportFormat, which?: WeightsChoice) => Promise<void>;
  readonly saveSpec: () => Promise<void>;
  readonly duplicate: (changes?: Readonly<Record<string, string | number>>) => Promise<void>;
  /** Opens the form on this run's settings, to go on from one of its checkpoints. */
  readonly fork: (step: number, changes?: Readonly<Record<string, string | number>>) => Promise<void>;
  readonly keepCheckpoint: (step: number, kept: boolean) => Promise<void>;
  /** Trains the same once more and goes there. */
  readonly repeat: () => Promise<void>;
  readonly moveToTrash: () => Promise<void>;
}

/** Weights to export: the best epoch's, the last ones, or those of a checkpoint. */
export type WeightsChoice = { readonly weights: 'best' | 'last' } | { readonly step: number };

export function useRunActions(data: RunData): RunActions {
  const { t } = useI18n();
  const router = useRouter();
  const notices = useNoticesStore();
  const runs = useRunsStore();
  const undo = useUndoStore();
  const settings = useSettingsStore();
  const inexact = useInexactStore();
  const pending = shallowRef<RunActions['pending']['value']>(null);

  // The answer to a button is the run's new state, not the end of the request.
  watch([data.status, () => data.progress.value?.step], () => {
    if (pending.value !== 'export') pending.value = null;
  });

  async function attempt(what: NonNullable<typeof pending.value>, act: () => Promise<unknown>): Promise<boolean> {
    if (pending.value !== null) return false;
    pending.value = what;
    try {
      await act();
      return true;
    } catch (error) {
      notices.problem(error);
      pending.value = null;
      return false;
    }
  }

  async function goOn(): Promise<void> {
    await attempt('continue', async () => {
      const done = await inexact.attempt(async (goOn) => {
        await invoke('run:continue', { id: data.id, inexact: goOn });
        return true;
      });
      if (done === null) pending.value = null;
    });
  }

  async function rename(name: string): Promise<void> {
    const before = data.summary.value?.name ?? '';
    const next = name.trim();
    if (next === '' || next === before) return;
    try {
      await runs.rename(data.id, next);
      undo.push({ undo: () => runs.rename(data.id, before), redo: () => runs.rename(data.id, next) });
    } catch (error) {
      notices.problem(error);
    }
  }

  async function star(on: boolean): Promise<void> {
    const mark = async (starred: boolean): Promise<void> => {
      await invoke('run:mark', { ids: [data.id], marks: { starred } });
    };
    try {
      await mark(on);
      undo.push({ undo: () => mark(!on), redo: () => mark(on) });
    } catch (error) {
      notices.problem(error);
    }
  }

  async function exportWeights(format: ExportFormat, which?: WeightsChoice): Promise<void> {
    await attempt('export', async () => {
      const saved = await invoke('weights:export', { id: data.id, format, ...which });
      const detail = data.detail.value;
      if (saved === null || detail === null) return;
      const values = { file: fileName(saved.path), size: formatBytes(saved.sizeBytes), which: whichText(which) };
      notices.show(t('run.export.done', values), { kind: 'success' });
    });
    pending.value = null;
  }

  function whichText(which: WeightsChoice | undefined): string {
    if (which !== undefined && 'step' in which) return t('run.export.ofStep', { step: formatCount(which.step) });
    const detail = data.detail.value;
    const usual = detail === null ? 'last' : evaluatedWeights(detail.spec);
    const bestEpoch = data.summary.value?.bestEpoch ?? null;
    if ((which?.weights ?? usual) === 'last' || bestEpoch === null) return t('run.export.last');
    return t('run.export.best', { epoch: formatCount(bestEpoch) });
  }

  async function keepCheckpoint(step: number, kept: boolean): Promise<void> {
    const keep = async (on: boolean): Promise<void> => {
      await invoke('checkpoint:keep', { id: data.id, step, kept: on });
      await data.refresh();
    };
    try {
      await keep(kept);
      undo.push({ undo: () => keep(!kept), redo: () => keep(kept) });
    } catch (error) {
      notices.problem(error);
    }
  }

  async function repeat(): Promise<void> {
    const spec = data.detail.value?.spec;
    if (spec === undefined) return;
    await attempt('repeat', async () => {
      const from = { kind: 'repeat', id: data.id } as const;
      const id = await inexact.attempt((goOn) => invoke('run:start', { spec, from, inexact: goOn }));
      pending.value = null;
      if (id !== null) await router.push({ name: 'run', params: { id } });
    });
  }

  async function saveSpec(): Promise<void> {
    const spec = data.detail.value?.spec;
    if (spec === undefined) return;
    try {
      const saved = await invoke('spec:save', { spec, suggestedName: `${spec.name}.json` });
      if (saved !== null) notices.show(t('run.saved', { file: fileName(saved.path) }), { kind: 'success' });
    } catch (error) {
      notices.problem(error);
    }
  }

  async function moveToTrash(): Promise<void> {
    const ids = [data.id];
    const entry = { undo: () => runs.restore(ids), redo: () => runs.moveToTrash(ids) };
    try {
      await runs.moveToTrash(ids);
    } catch (error) {
      notices.problem(error);
      return;
    }
    undo.push(entry);
    notices.show(t('run.trashed', { name: data.summary.value?.name ?? '' }), {
      action: { label: t('frame.undo'), keyCap: 'Ctrl Z', run: () => undo.undo(entry) },
    });
    await router.push({ name: 'runs' });
  }

  return {
    pending,
    readOnlyReason: computed(() => (settings.readOnly ? t('frame.bar.readOnly') : null)),
    control: async (action) => {
      const asked = await attempt(action, () => invoke('run:control', { id: data.id, action }));
      // A single step of a tiny net is over before the answer is here.
      if (asked && action === 'step') pending.value = null;
    },
    goOn,
    rename,
    star,
    exportWeights,
    saveSpec,
    duplicate: async (changes = {}) => {
      await router.push({ name: 'new-run', query: { from: data.id, ...changes } });
    },
    fork: async (step, changes = {}) => {
      await router.push({ name: 'new-run', query: { fork: data.id, step: String(step), ...changes } });
    },
    keepCheckpoint,
    repeat,
    moveToTrash,
  };
}
