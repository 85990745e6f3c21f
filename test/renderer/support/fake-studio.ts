/**
 * A stand-in for the app behind `window.studio`, for looking at screens in a plain browser. Bundled into a page by
 * support/look.ts; never part of the app. It answers every channel from memory and lets its live runs advance.
 */

import type { DataPreview, DataSetInfo } from '../../../electron/contract/data.ts';
import type { FeedFrame, Notice } from '../../../electron/contract/feed.ts';
import { packRows } from '../../../electron/contract/packed-rows.ts';
import type { RunSummary } from '../../../electron/contract/runs.ts';
import type { AppInfo, Settings } from '../../../electron/contract/settings.ts';
import { EMPTY_FRAME } from './empty-frame.ts';
import { fakeId, fakeRun, fakeTable } from './fake-runs.ts';

export interface FakeStudioOptions {
  readonly runs?: number;
  readonly settings?: Partial<Settings>;
  readonly info?: Partial<AppInfo>;
  /** Channels that fail, with the message. */
  readonly failing?: Readonly<Record<string, string>>;
  /** Channels that never answer. */
  readonly silent?: readonly string[];
  readonly notices?: readonly Notice[];
}

const INFO: AppInfo = {
  version: '0.1.0',
  electron: '45.4.1',
  chromium: '142.0.7444.59',
  node: '24.21.0',
  platform: 'linux',
  kernels: 'native AVX-512, clang 19.1.7',
  kernelsNote: null,
  databasePath: '/home/ada/.config/descent/descent.db',
  databaseBytes: 48_200_000,
  cores: 8,
  warnings: [],
  readOnly: false,
  locale: 'en-US',
};

function dataSet(
  source: DataSetInfo['source'],
  title: string,
  rows: number,
  input: number[],
  outputs: string[] | number,
  licence: string,
  origin: string,
): DataSetInfo {
  const names = typeof outputs === 'number' ? Array.from({ length: outputs }, (_, i) => String(i)) : outputs;
  const task = source === 'diabetes' ? 'regression' : 'classification';
  return {
    source,
    title,
    rows,
    shape: { input, task, outputs: names.length },
    outputNames: names,
    licence,
    origin,
    testRows: source === 'fashion-mnist' ? 10_000 : 0,
  };
}
const SETS: DataSetInfo[] = [
  dataSet(
    'fashion-mnist',
    'Fashion-MNIST',
    60_000,
    [1, 28, 28],
    ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
    'MIT',
    'Zalando Research, 2017',
  ),
  dataSet(
    'digits',
    'Handwritten digits (UCI)',
    1797,
    [1, 8, 8],
    10,
    'CC BY 4.0',
    'UCI Machine Learning Repository, Alpaydin and Kaynak, 1998',
  ),
  dataSet('iris', 'Iris', 150, [4], ['setosa', 'versicolor', 'virginica'], 'CC BY 4.0', 'R. A. Fisher, 1936'),
  dataSet('wine', 'Wine', 178, [13], ['class 0', 'class 1', 'class 2'], 'CC BY 4.0', 'Forina et al., UCI'),
  dataSet(
    'diabetes',
    'Diabetes',
    442,
    [10],
    ['progression'],
    'BSD-3-Clause',
    'Efron, Hastie, Johnstone and Tibshirani, 2004',
  ),
  dataSet('xor', 'XOR', 400, [2], 2, 'made here', 'generated'),
  dataSet('spiral', 'Spiral', 300, [2], 3, 'made here', 'generated as in the book'),
  dataSet('moons', 'Two moons', 400, [2], 2, 'made here', 'generated'),
  dataSet('circles', 'Circles', 400, [2], 2, 'made here', 'generated'),
];

function preview(source: unknown): DataPreview {
  const set = SETS.find((one) => one.source === source) ?? SETS[1];
  if (set === undefined) throw new Error('no data set');
  const size = set.shape.input.reduce((a, b) => a * b, 1);
  const classes = set.shape.task === 'regression' ? 0 : set.shape.outputs;
  const perClass = set.shape.input.length === 3 ? 5 : 40;
  const count = classes === 0 ? 60 : classes * perClass;
  const samples = new Float32Array(count * size);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const k = classes === 0 ? 0 : i % classes;
    labels[i] = k;
    for (let j = 0; j < size; j++) {
      const wave = Math.sin((j + 1) * (k + 1) * 0.9) * 0.4 + 0.5;
      samples[i * size + j] = Math.min(1, Math.max(0, wave + Math.sin(i * 12.9 + j * 78.2) * 0.12));
    }
    if (size === 2) {
      const r = (i / count) * 0.45;
      const a = k * 2.1 + r * 9;
      samples[i * 2] = 0.5 + r * Math.cos(a);
      samples[i * 2 + 1] = 0.5 + r * Math.sin(a);
    }
  }
  return {
    title: set.title,
    rows: set.rows,
    shape: set.shape,
    outputNames: set.outputNames,
    featureNames: size > 13 ? null : Array.from({ length: size }, (_, i) => `feature ${i + 1}`),
    header: null,
    licence: set.licence,
    testRows: set.testRows,
    classCounts:
      classes === 0 ? null : Array.from({ length: classes }, (_, k) => Math.round(set.rows / classes) - (k % 3)),
    samples,
    sampleLabels: classes === 0 ? new Int32Array(0) : labels,
    sampleTargets: classes === 0 ? Float32Array.from({ length: count }, (_, i) => 50 + i * 4) : new Float32Array(0),
    featureRanges: Array.from({ length: Math.min(64, size) }, () => [0, 16] as const),
  };
}

/** Puts the stand-in on the page. Call before the app's own code runs. */
export function installFakeStudio(options: FakeStudioOptions): void {
  const rows = new Map(fakeTable(options.runs ?? 148).map((row) => [row.id as string, row]));
  if ((options.runs ?? 148) === 0) rows.clear();
  let settings: Settings = {
    theme: 'system',
    language: 'system',
    kernels: 'auto',
    workers: null,
    navigationFolded: false,
    ...options.settings,
  };
  const sinks = new Set<(frame: FeedFrame) => void>();
  const changed = (ids: readonly string[], change: Partial<RunSummary>): void => {
    for (const id of ids) {
      const row = rows.get(id);
      if (row !== undefined) rows.set(id, { ...row, ...change });
    }
  };
  type Handler = (argument: never) => unknown;
  const handlers: Record<string, Handler> = {
    'app:info': () => ({ ...INFO, ...options.info }),
    'settings:get': () => settings,
    'settings:set': (patch: Partial<Settings>) => (settings = { ...settings, ...patch }),
    'app:close': () => null,
    'data:list': () => SETS,
    'data:preview': ({ source }: { source: unknown }) => preview(source),
    'run:list': ({ trash }: { trash: boolean }) =>
      packRows([...rows.values()].filter((row) => (row.deletedAt !== null) === trash)),
    'run:get': ({ id }: { id: string }) => ({
      summary: rows.get(id),
      checkpoints: [{ sizeBytes: 12_000 }, { sizeBytes: 400_000 }],
    }),
    'run:start': () => {
      const row = fakeRun(rows.size + 1, { status: 'running', stepsDone: 0, endedAt: null });
      rows.set(row.id, row);
      return row.id;
    },
    'run:rename': ({ id, name }: { id: string; name: string }) => {
      changed([id], { name });
      return rows.get(id);
    },
    'run:delete': ({ ids }: { ids: string[] }) => (changed(ids, { deletedAt: Date.now() }), null),
    'run:restore': ({ ids }: { ids: string[] }) => (changed(ids, { deletedAt: null }), null),
    'run:purge': ({ ids }: { ids: string[] }) => (
      ids.forEach((id) => rows.delete(id)),
      { freedBytes: ids.length * 1_400_000 }
    ),
    'run:continue': ({ id }: { id: string }) => (changed([id], { status: 'running', endedAt: null }), null),
    'run:control': () => null,
  };
  const studio = {
    async invoke(channel: string, argument: unknown): Promise<unknown> {
      if (options.silent?.includes(channel) === true) return new Promise(() => undefined);
      const message = options.failing?.[channel];
      if (message !== undefined) return { ok: false, error: { code: 'internal', message } };
      const handler = handlers[channel];
      if (handler === undefined) return { ok: false, error: { code: 'not_found', message: `no ${channel} here` } };
      return { ok: true, value: handler(argument as never) };
    },
    openFeed(onFrame: (frame: FeedFrame) => void) {
      sinks.add(onFrame);
      return { send: () => undefined, close: () => void sinks.delete(onFrame) };
    },
  };
  Object.defineProperty(globalThis, 'studio', { value: studio });

  let seq = 0;
  const live = (): RunSummary[] => [...rows.values()].filter((row) => row.status === 'running');
  const tick = (notices: readonly Notice[]): void => {
    seq++;
    const running = live();
    const frame: FeedFrame = {
      ...EMPTY_FRAME,
      seq,
      runs: seq % 4 === 0 ? running : [],
      progress: running.map((row) => ({
        id: row.id,
        status: row.status,
        step: Math.min(row.stepsPlanned, row.stepsDone + seq),
        epoch: Math.floor(row.stepsDone / row.stepsPerEpoch),
        samplesPerSecond: 41_200,
        elapsedMs: row.durationMs + seq * 500,
        leftMs: 9_000,
        savedStep: row.stepsDone,
      })),
      notices,
      system: {
        cpu: running.length > 0 ? 0.88 : 0.03,
        memoryBytes: running.length > 0 ? 312e6 : 148e6,
        running: running.length,
        queued: [...rows.values()].filter((row) => row.status === 'queued').length,
        workers: 2,
        saved: true,
      },
    };
    for (const sink of sinks) sink(frame);
  };
  setTimeout(() => tick(options.notices ?? []), 300);
  setInterval(() => tick([]), 500);
  Object.assign(globalThis, { fakeStudio: { tick, fakeId } });
}
