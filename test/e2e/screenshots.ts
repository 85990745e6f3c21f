/**
 * Pictures of every screen on real runs: light and dark, 1280 x 800 and 1920 x 1080, English and Chinese.
 *
 *   node test/e2e/screenshots.ts FOLDER [PART …]
 *
 * A PART keeps only pictures whose name contains it ("run-", "dark-1280"). Run with the toolchain's Node after
 * `npm run build`; without a display it starts a virtual one. Not a test, so `npm test` leaves it alone.
 */

import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RunId, SweepId } from '../../engine/spec/ids.ts';
import type { RunSpecInput } from '../../engine/spec/run-spec.ts';
import { needsVirtualDisplay, startVirtualDisplay } from '../../scripts/bootstrap/display.mjs';
import { launchStudio, removeTemporaryFolders, type StudioApp } from './support/studio-app.ts';
import { TEST_ID } from './support/test-ids.ts';

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
const LANGUAGES = ['en', 'zh-CN'] as const;
const THEMES = ['light', 'dark'] as const;
/** Time for charts and transitions to come to rest. */
const SETTLE_MS = 900;

type Layers = RunSpecInput['model']['layers'];
const dense = (...units: number[]): Layers => [
  ...units.flatMap((n): Layers => [{ type: 'affine', units: n }, { type: 'relu' }]),
  { type: 'affine', units: 10 },
];

function run(name: string, layers: Layers, change: Partial<RunSpecInput> = {}): RunSpecInput {
  return {
    name,
    data: { source: 'digits' },
    model: { layers },
    optimizer: { type: 'adam', lr: 0.001 },
    training: { epochs: 60, batchSize: 100 },
    ...change,
  };
}

/** The run whose page is shown, and others that fill the table. */
const MAIN = run('adam-lr0.001-bs100', dense(64, 32));
const OTHERS: readonly RunSpecInput[] = [
  run('six-layer tanh, Xavier', [
    { repeat: 5, layers: [{ type: 'affine', units: 100, init: 'xavier' }, { type: 'tanh' }] },
    { type: 'affine', units: 10, init: 'xavier' },
  ]),
  run('momentum-lr0.05-bs64', dense(100), {
    optimizer: { type: 'momentum', lr: 0.05 },
    training: { epochs: 30, batchSize: 64 },
  }),
  run('adagrad-lr0.01-bs100', dense(100, 100, 100), { optimizer: { type: 'adagrad', lr: 0.01 } }),
  run('rmsprop-lr0.001-bs32', dense(50, 50), {
    optimizer: { type: 'rmsprop', lr: 0.001 },
    training: { epochs: 40, batchSize: 32 },
  }),
  run('iris, one hidden layer', [{ type: 'affine', units: 16 }, { type: 'tanh' }, { type: 'affine', units: 3 }], {
    data: { source: 'iris', normalize: 'standardize' },
    training: { epochs: 100, batchSize: 16 },
  }),
  run('spiral, 2-D', [{ type: 'affine', units: 32 }, { type: 'tanh' }, { type: 'affine', units: 3 }], {
    data: { source: 'spiral', normalize: 'none' },
    optimizer: { type: 'adam', lr: 0.01 },
    training: { epochs: 200, batchSize: 30 },
  }),
];
const REGRESSION = run(
  'diabetes regression',
  [{ type: 'affine', units: 32 }, { type: 'relu' }, { type: 'affine', units: 1 }],
  {
    data: { source: 'diabetes', normalize: 'standardize' },
    loss: 'mse',
    optimizer: { type: 'adam', lr: 0.01 },
    training: { epochs: 100, batchSize: 32 },
  },
);
const DIVERGED: RunSpecInput = { ...REGRESSION, name: 'sgd-lr0.5', optimizer: { type: 'sgd', lr: 0.5 } };
/** The race of the design's picture. */
const RACE = {
  name: 'Five optimizers on digits',
  seeds: 1,
  lanes: (
    [
      ['SGD', 'sgd', 0.01],
      ['Momentum', 'momentum', 0.01],
      ['AdaGrad', 'adagrad', 0.01],
      ['RMSProp', 'rmsprop', 0.001],
      ['Adam', 'adam', 0.001],
    ] as const
  ).map(([name, type, lr]) => ({
    name,
    spec: run(name, dense(100, 100, 100), {
      seed: 3,
      optimizer: { type, lr },
      training: { epochs: 40, batchSize: 100 },
    }),
  })),
};
/** A search over the kind of optimizer, its settings and the width, as the design's picture has it. */
const SWEEP = {
  name: 'which optimizer, how fast, how wide',
  seed: 5,
  base: run('digits', [{ repeat: 2, layers: [{ type: 'affine', units: 64 }, { type: 'relu' }] }, ...dense()], {
    training: { epochs: 15, batchSize: 64 },
  }),
  space: {
    'optimizer.type': { type: 'choice', values: ['sgd', 'momentum', 'rmsprop', 'adam'] },
    'optimizer.lr': { type: 'log-uniform', min: 1e-4, max: 1 },
    'model.layers.0.layers.0.units': { type: 'int', min: 20, max: 120, step: 10 },
    'training.batchSize': { type: 'choice', values: [32, 64, 100] },
    'optimizer.weightDecay': { type: 'log-uniform', min: 1e-8, max: 1e-3 },
  },
  pruner: { type: 'median' },
  trials: 60,
};
const LIVE = run('fashion, live', dense(100), {
  data: { source: 'fashion-mnist' },
  training: { epochs: 10_000, batchSize: 100 },
});

const [folder, ...parts] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node test/e2e/screenshots.ts FOLDER [PART …]');
  process.exit(2);
}
const target = resolve(folder);

async function train(studio: StudioApp, spec: RunSpecInput): Promise<RunId> {
  return studio.invoke('run:start', { spec });
}

async function untilEnded(studio: StudioApp, ids: readonly RunId[]): Promise<void> {
  for (const id of ids) {
    for (;;) {
      const { status } = (await studio.invoke('run:get', { id })).summary;
      if (status !== 'queued' && status !== 'running') break;
      await studio.page.waitForTimeout(200);
    }
  }
}

async function untilSearched(studio: StudioApp, id: SweepId): Promise<void> {
  for (;;) {
    const row = (await studio.invoke('sweep:list', { trash: false })).find((one) => one.id === id);
    if (row?.status !== 'running') return;
    await studio.page.waitForTimeout(200);
  }
}

/** Goes to an address of the app, loads the page afresh, and waits for what it shows. */
async function visit(studio: StudioApp, hash: string, page: string): Promise<void> {
  await studio.page.evaluate((to) => (globalThis.location.hash = to), hash);
  await studio.page.reload();
  await studio.byId(page).first().waitFor();
}

/** Takes one picture in every size, theme and language that was asked for. */
async function picture(studio: StudioApp, name: string, prepare: () => Promise<void>): Promise<void> {
  for (const language of LANGUAGES) {
    for (const theme of THEMES) {
      for (const { width, height } of SIZES) {
        const file = `${name}-${theme}-${width}${language === 'en' ? '' : '-zh'}.png`;
        if (!parts.every((part) => file.includes(part))) continue;
        await studio.invoke('settings:set', { theme, language });
        await studio.electron.evaluate(
          ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
          { width, height },
        );
        await prepare();
        await studio.page.mouse.move(width - 2, height - 2);
        await studio.page.waitForTimeout(SETTLE_MS);
        await studio.page.screenshot({ path: join(target, file) });
        console.log(file);
      }
    }
  }
}

async function takeAll(): Promise<void> {
  await mkdir(target, { recursive: true });
  const studio = await launchStudio();
  try {
    await picture(studio, 'runs-empty', () => visit(studio, '#/runs', TEST_ID.runsEmpty));
    await picture(studio, 'sweeps-empty', () => visit(studio, '#/sweeps', TEST_ID.sweepsEmpty));
    await picture(studio, 'new-sweep', () => visit(studio, '#/sweeps/new', TEST_ID.sweepParam));
    await picture(studio, 'compare-empty', () => visit(studio, '#/compare', TEST_ID.pageCompare));
    const others = [];
    for (const spec of OTHERS) others.push(await train(studio, spec));
    const regression = await train(studio, REGRESSION);
    const diverged = await train(studio, DIVERGED);
    const main = await train(studio, MAIN);
    await untilEnded(studio, [...others, regression, diverged, main]);
    const onRun = (id: RunId) => () => visit(studio, `#/runs/${id}`, TEST_ID.runStatus);
    await picture(studio, 'run', onRun(main));
    await picture(studio, 'run-regression', onRun(regression));
    await picture(studio, 'run-diverged', onRun(diverged));
    const onEvaluation = (id: RunId) => () => visit(studio, `#/runs/${id}/evaluation`, TEST_ID.evaluation);
    await picture(studio, 'evaluation', onEvaluation(main));
    await picture(studio, 'evaluation-regression', onEvaluation(regression));
    const { id: race, runs: lanes } = await studio.invoke('race:start', RACE);
    const { id: seeds, runs: seedRuns } = await studio.invoke('race:start', {
      ...RACE,
      name: `${RACE.name}, 5 seeds`,
      seeds: 5,
    });
    const { id: compared } = await studio.invoke('comparison:create', {
      name: 'of any age',
      runs: [main, ...others.slice(0, 4)],
    });
    await untilEnded(
      studio,
      [...lanes, ...seedRuns].map((run) => run.id),
    );
    const onComparison = (id: string) => () => visit(studio, `#/compare/${id}`, TEST_ID.pageComparison);
    await picture(studio, 'race', onComparison(race));
    await picture(studio, 'race-seeds', onComparison(seeds));
    await picture(studio, 'compare', onComparison(compared));
    await picture(studio, 'compare-list', () => visit(studio, '#/compare', TEST_ID.pageCompare));
    await picture(studio, 'race-set-up', () => visit(studio, '#/race', TEST_ID.raceLane));
    const { id: sweep } = await studio.invoke('sweep:start', { spec: SWEEP });
    const onSweep = (): Promise<void> => visit(studio, `#/sweeps/${sweep}`, TEST_ID.trialRow);
    await studio.page.waitForTimeout(4000);
    await picture(studio, 'sweep-live', onSweep);
    await untilSearched(studio, sweep);
    await picture(studio, 'sweep', onSweep);
    await picture(studio, 'sweeps', () => visit(studio, '#/sweeps', TEST_ID.sweepRow));
    await picture(studio, 'data', () => visit(studio, '#/data', TEST_ID.pageData));
    await picture(studio, 'settings', () => visit(studio, '#/settings', TEST_ID.pageSettings));
    await picture(studio, 'new-run', () => visit(studio, '#/runs/new', TEST_ID.formDataPreview));
    await picture(studio, 'new-run-error', async () => {
      await visit(studio, '#/runs/new', TEST_ID.formDataPreview);
      await studio.byId(TEST_ID.formPreset('book')).click();
      await studio.byId(TEST_ID.formLr).fill('0');
      await studio.byId(TEST_ID.formLr).blur();
    });
    const live = await train(studio, LIVE);
    await studio.page.waitForTimeout(8000);
    await picture(studio, 'run-live', onRun(live));
    await picture(studio, 'runs', () => visit(studio, '#/runs', TEST_ID.runsTable));
    await picture(studio, 'dialog', async () => {
      await visit(studio, `#/runs/${live}`, TEST_ID.runStatus);
      await studio.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
      await studio.byId(TEST_ID.dialogClosing).waitFor();
    });
  } finally {
    await studio.kill();
    await removeTemporaryFolders();
  }
}

const display = needsVirtualDisplay() ? await startVirtualDisplay({ size: '2000x1200x24' }) : null;
if (display !== null) process.env['DISPLAY'] = display.name;
try {
  await takeAll();
} finally {
  await display?.stop();
}
