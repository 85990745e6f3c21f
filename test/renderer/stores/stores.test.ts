// @vitest-environment happy-dom
/** The stores over a bridge in memory: every answer is one the main process could give. */

import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { FeedFrame } from '../../../electron/contract/feed.ts';
import { StudioFailure, type Outcome } from '../../../electron/contract/outcome.ts';
import { packRows } from '../../../electron/contract/packed-rows.ts';
import type { Settings } from '../../../electron/contract/settings.ts';
import { invoke } from '../../../renderer/bridge/studio.ts';
import { MAX_TOASTS, useNoticesStore } from '../../../renderer/stores/notices.ts';
import { useRunsStore } from '../../../renderer/stores/runs.ts';
import { useSettingsStore } from '../../../renderer/stores/settings.ts';
import { useUndoStore } from '../../../renderer/stores/undo.ts';
import { EMPTY_FRAME } from '../support/empty-frame.ts';
import { fakeId, fakeRun } from '../support/fake-runs.ts';

type Answers = Record<string, (argument: never) => Outcome<unknown> | 'nonsense'>;
const answers: Answers = {};
const asked: [string, unknown][] = [];
const ok = (value: unknown): Outcome<unknown> => ({ ok: true, value });
const refused = (message: string): Outcome<unknown> => ({ ok: false, error: { code: 'conflict', message } });

function frame(change: Partial<FeedFrame>): FeedFrame {
  return { seq: 1, ...EMPTY_FRAME, ...change };
}

beforeEach(() => {
  setActivePinia(createPinia());
  for (const channel of Object.keys(answers)) Reflect.deleteProperty(answers, channel);
  asked.length = 0;
  Object.assign(window, {
    studio: {
      invoke: (channel: string, argument: unknown) => {
        asked.push([channel, argument]);
        return Promise.resolve(answers[channel]?.(argument as never) ?? refused(`no ${channel}`));
      },
    },
  });
});

describe('the bridge', () => {
  it('gives the value, throws the error, and takes nothing else for an answer', async () => {
    answers['run:start'] = () => ok('k3v9x0c2m1qa');
    expect(await invoke('run:start', { spec: {} })).toBe('k3v9x0c2m1qa');
    answers['run:start'] = () => refused('too many');
    await expect(invoke('run:start', { spec: {} })).rejects.toThrow(
      new StudioFailure({ code: 'conflict', message: 'too many' }),
    );
    answers['run:start'] = () => 'nonsense';
    await expect(invoke('run:start', { spec: {} })).rejects.toMatchObject({ error: { code: 'internal' } });
  });
});

describe('runs', () => {
  async function loaded() {
    answers['run:list'] = ({ trash }: { trash: boolean }) =>
      ok(packRows(trash ? [fakeRun(1, { deletedAt: 5 })] : [fakeRun(2), fakeRun(3, { status: 'running' })]));
    const runs = useRunsStore();
    await runs.load();
    return runs;
  }

  it('keeps the trash apart and knows which are live', async () => {
    const runs = await loaded();
    expect(runs.state).toBe('ready');
    expect(runs.rows.map((row) => row.number)).toEqual([2, 3]);
    expect(runs.trash.map((row) => row.number)).toEqual([1]);
    expect(runs.live.map((row) => row.number)).toEqual([3]);
  });

  it('takes new, changed and purged rows from the feed', async () => {
    const runs = await loaded();
    runs.applyFrame(frame({ runs: [fakeRun(4), fakeRun(2, { name: 'new name' })], purged: [fakeId(1)] }));
    expect(runs.rows.map((row) => row.number)).toEqual([2, 3, 4]);
    expect(runs.byId.get(fakeId(2))?.name).toBe('new name');
    expect(runs.trash).toEqual([]);
  });

  it('knows trials when asked for, lists none of them, and keeps them over a reload', async () => {
    const runs = await loaded();
    const trial = fakeRun(9, { trial: { sweep: fakeId(50) as never, trial: 4, repeat: 0 } });
    answers['run:get'] = ({ id }: { id: string }) =>
      id === trial.id ? ok({ summary: trial }) : { ok: false, error: { code: 'not_found', message: 'gone' } };
    await runs.know([trial.id, fakeId(2), fakeId(77)]);
    expect(asked.filter(([channel]) => channel === 'run:get').map(([, argument]) => argument)).toEqual([
      { id: trial.id },
      { id: fakeId(77) },
    ]);
    await runs.load();
    expect(runs.byId.get(trial.id)).toEqual(trial);
    expect(runs.rows.map((row) => row.number)).toEqual([2, 3]);
    answers['run:get'] = () => refused('locked');
    await expect(runs.know([fakeId(78)])).rejects.toThrow('locked');
  });

  it('forgets the progress of a run that ended', async () => {
    const runs = await loaded();
    const progress = {
      id: fakeId(3),
      status: 'running',
      step: 9,
      epoch: 1,
      samplesPerSecond: 1,
      elapsedMs: 1,
      leftMs: null,
      savedStep: 0,
    } as const;
    runs.applyFrame(frame({ progress: [progress] }));
    expect(runs.progress.get(fakeId(3))?.step).toBe(9);
    runs.applyFrame(frame({ runs: [fakeRun(3, { status: 'completed' })] }));
    expect(runs.progress.size).toBe(0);
  });

  it('says when they cannot be read, and keeps old rows when there are some', async () => {
    const runs = await loaded();
    answers['run:list'] = () => refused('locked');
    await runs.load();
    expect(runs.state).toBe('ready');
    expect(runs.rows).toHaveLength(2);
    setActivePinia(createPinia());
    const fresh = useRunsStore();
    await fresh.load();
    expect(fresh.state).toBe('error');
    expect(fresh.failure).toBeInstanceOf(StudioFailure);
  });

  it('does not move to the trash what the main process refused', async () => {
    const runs = await loaded();
    answers['run:delete'] = () => refused('it trains');
    await expect(runs.moveToTrash([fakeId(3)])).rejects.toThrow('it trains');
    expect(runs.trash.map((row) => row.number)).toEqual([1]);
    answers['run:delete'] = () => ok(null);
    await runs.moveToTrash([fakeId(2)]);
    expect(runs.trash.map((row) => row.number).sort()).toEqual([1, 2]);
    answers['run:restore'] = () => ok(null);
    await runs.restore([fakeId(2)]);
    expect(runs.rows.map((row) => row.number)).toEqual([2, 3]);
  });
});

describe('settings', () => {
  const saved: Settings = { theme: 'dark', language: 'zh-CN', kernels: 'auto', workers: 2, navigationFolded: false };

  it('put theme and language on the document', async () => {
    answers['app:info'] = () => ok({ locale: 'en-US', readOnly: true });
    answers['settings:get'] = () => ok(saved);
    const settings = useSettingsStore();
    await settings.load();
    expect(document.documentElement.dataset['theme']).toBe('dark');
    expect(document.documentElement.lang).toBe('zh-CN');
    expect(settings.readOnly).toBe(true);
  });

  it('go back when they could not be saved, and say why', async () => {
    answers['app:info'] = () => ok({ locale: 'en-US', readOnly: false });
    answers['settings:get'] = () => ok({ ...saved, language: 'en' });
    const settings = useSettingsStore();
    await settings.load();
    answers['settings:set'] = () => refused('read-only');
    const changing = settings.change({ theme: 'light' });
    expect(document.documentElement.dataset['theme']).toBe('light');
    await changing;
    expect(document.documentElement.dataset['theme']).toBe('dark');
    expect(useNoticesStore().toasts.map((toast) => toast.message)).toEqual(['Not possible now: read-only']);
  });

  it('open the window with the defaults when they cannot be read', async () => {
    const settings = useSettingsStore();
    await settings.load();
    expect(settings.settings.theme).toBe('system');
    expect(['light', 'dark']).toContain(document.documentElement.dataset['theme']);
    expect(useNoticesStore().toasts).toHaveLength(1);
  });
});

describe('toasts', () => {
  it(`are at most ${MAX_TOASTS}, the oldest goes`, () => {
    const notices = useNoticesStore();
    for (const text of ['a', 'b', 'c', 'd']) notices.show(text);
    expect(notices.toasts.map((toast) => toast.message)).toEqual(['b', 'c', 'd']);
    notices.dismiss(notices.toasts[1]?.id ?? 0);
    expect(notices.toasts.map((toast) => toast.message)).toEqual(['b', 'd']);
  });
  it('say a problem once, with what can be done about it; two undos stay two', () => {
    const notices = useNoticesStore();
    const action = { label: 'Try again', run: () => undefined };
    notices.show('the disk is full', { kind: 'danger', action });
    notices.show('the disk is full', { kind: 'danger' });
    expect(notices.toasts).toMatchObject([{ id: 2, action, staysMs: 10_000 }]);
    for (let i = 0; i < 2; i++) notices.show('1 run moved to trash', { action });
    expect(notices.toasts).toHaveLength(3);
  });
  it('stay longer when there is something to undo', () => {
    const notices = useNoticesStore();
    notices.show('plain');
    notices.show('undo', { action: { label: 'Undo', run: () => undefined } });
    expect(notices.toasts.map((toast) => toast.staysMs)).toEqual([6_000, 10_000]);
  });
});

describe('undo', () => {
  const entry = (log: string[], name: string) => ({
    undo: vi.fn(async () => void log.push(`-${name}`)),
    redo: vi.fn(async () => void log.push(`+${name}`)),
  });

  it('takes back the last thing first and does it again', async () => {
    const [undo, log] = [useUndoStore(), [] as string[]];
    undo.push(entry(log, 'a'));
    undo.push(entry(log, 'b'));
    await undo.undo();
    await undo.undo();
    await undo.undo();
    await undo.redo();
    expect(log).toEqual(['-b', '-a', '+a']);
    expect([undo.canUndo, undo.canRedo]).toEqual([true, true]);
    undo.push(entry(log, 'c'));
    expect(undo.canRedo).toBe(false);
  });

  it('takes back one thing only once, wherever it stands', async () => {
    const [undo, log] = [useUndoStore(), [] as string[]];
    const first = entry(log, 'a');
    undo.push(first);
    undo.push(entry(log, 'b'));
    // The store hands out what it was given, so a toast can name its own entry.
    await undo.undo(first);
    await undo.undo(first);
    expect(log).toEqual(['-a']);
  });

  it('says when it could not be taken back, keeps it to try again, and does not offer to redo it', async () => {
    const [undo, log] = [useUndoStore(), [] as string[]];
    const first = entry(log, 'a');
    first.undo.mockRejectedValueOnce(new Error('busy'));
    first.redo.mockRejectedValueOnce(new Error('busy again'));
    undo.push(first);
    undo.push(entry(log, 'b'));
    await undo.undo(first);
    expect([undo.canUndo, undo.canRedo]).toEqual([true, false]);
    expect(useNoticesStore().toasts[0]?.message).toContain('busy');
    await undo.undo();
    await undo.undo();
    await undo.redo();
    await undo.redo();
    expect(log).toEqual(['-b', '-a', '+a']);
  });

  it('lets go of what nothing can bring back', async () => {
    const undo = useUndoStore();
    const gone = new StudioFailure({ code: 'not_found', message: 'it was deleted for good' });
    undo.push({ undo: () => Promise.reject(gone), redo: () => Promise.resolve() });
    await undo.undo();
    expect([undo.canUndo, undo.canRedo]).toEqual([false, false]);
  });
});
