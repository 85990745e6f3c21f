/** What each request of a window does: one line to the service that knows. */

import { app } from 'electron';
import { stat } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { KernelsInfo } from '../../contract/data-jobs.ts';
import type { AppInfo } from '../../contract/settings.ts';
import type { Closing } from '../closing.ts';
import { errorCode } from '../json-file.ts';
import { filesOf } from '../services/chosen-files.ts';
import type { Comparisons } from '../services/comparisons.ts';
import type { DataSetsService } from '../services/data-sets.ts';
import type { Evaluations } from '../services/evaluations.ts';
import type { EarlyList } from '../services/early-list.ts';
import type { FilesService } from '../services/files.ts';
import type { RunsService } from '../services/runs-types.ts';
import type { Handlers } from './answer.ts';
import { createSweepHandlers, type SweepHandlerServices } from './sweep-handlers.ts';

export interface HandlerServices extends SweepHandlerServices {
  readonly runs: RunsService;
  readonly list: EarlyList;
  readonly comparisons: Comparisons;
  readonly evaluations: Evaluations;
  readonly dataSets: DataSetsService;
  readonly files: FilesService;
  readonly closing: Closing;
  readonly kernels: () => Promise<KernelsInfo>;
  /** Things a person should know, in their language. */
  readonly warnings: () => readonly string[];
}

export function createHandlers(services: HandlerServices): Handlers {
  const { paths, runs, list, comparisons, evaluations, settings, dataSets, files, chosen, closing } = services;
  return {
    'app:info': () => appInfo(services),
    'settings:get': () => settings.get(),
    'settings:set': (change) => settings.set(withoutMissing(change)),
    'app:close': async ({ decision }) => {
      await closing.answer(decision);
      return null;
    },

    'data:list': () => dataSets.list(),
    'data:preview': ({ source }) => dataSets.preview(source),
    'data:choose': ({ kind }) => files.chooseData(kind),

    'run:start': async ({ spec, from, inexact }) => {
      const { baseFolder } = paths;
      if (from !== undefined) {
        // Its files are those of the other run, which has its kernels, too.
        const other = (await runs.get(from.id)).spec;
        await chosen.add([
          ...filesOf(other.data.source),
          ...(other.initialWeights === null ? [] : [other.initialWeights]),
        ]);
        const wanted = from.kind === 'repeat' ? other : spec;
        chosen.requireSpec(wanted);
        return runs.start(wanted, { baseFolder, from, inexact });
      }
      chosen.requireSpec(spec);
      return runs.start(spec, { baseFolder, kernels: settings.get().kernels });
    },
    'run:control': async ({ id, action }) => {
      await runs.control(id, action);
      return null;
    },
    'run:continue': async ({ id, inexact }) => {
      await runs.continueRun(id, { inexact });
      return null;
    },
    'run:list': (query) => list.read(query),
    'run:get': ({ id }) => runs.get(id),
    'run:rename': ({ id, name }) => runs.rename(id, name),
    'run:delete': async ({ ids }) => {
      await runs.remove(ids);
      return null;
    },
    'run:restore': async ({ ids }) => {
      await runs.restore(ids);
      return null;
    },
    'run:purge': ({ ids }) => runs.purge(ids),
    'run:equality': ({ id, other }) => runs.equality(id, other),
    'checkpoint:keep': ({ id, step, kept }) => runs.keepCheckpoint(id, step, kept),
    'run:mark': ({ ids, marks }) => runs.mark(ids, withoutMissing(marks)),

    'race:start': (race) => {
      for (const { spec } of race.lanes) chosen.requireSpec(spec);
      return comparisons.race(race, { baseFolder: paths.baseFolder, kernels: settings.get().kernels });
    },
    'comparison:list': () => comparisons.list(),
    'comparison:get': ({ id }) => comparisons.get(id),
    'comparison:create': ({ name, runs: ids }) => comparisons.create(name, ids),
    'comparison:change': ({ id, change }) => comparisons.change(id, withoutMissing(change)),
    'comparison:delete': ({ id }) => comparisons.delete(id),
    'comparison:restore': (comparison) => comparisons.restore(comparison),
    ...createSweepHandlers(services),
    'store:retry': async () => {
      await Promise.all([runs.retrySave(), services.sweeps.retrySave()]);
      return null;
    },

    'curve:read': (query) => runs.readCurve(query),
    'health:read': (query) => runs.readHealth(query),
    'histogram:read': (query) => runs.readHistograms(query),
    'setting-values:read': ({ path }) => runs.settingValues(path),
    'checkpoint:list': ({ id }) => evaluations.checkpoints(id),
    'evaluation:read': ({ id, split }) => evaluations.read(id, split),
    'evaluation:report': (request) => evaluations.report(request),
    'evaluation:progress': ({ ticket }) => evaluations.progress(ticket),
    'evaluation:cancel': ({ ticket }) => {
      evaluations.cancel(ticket);
      return null;
    },
    'evaluation:samples': ({ id, rows }) => evaluations.samples(id, rows),
    'test:open': ({ id, step }) => evaluations.openTest(id, step),

    'weights:export': (request) => files.exportWeights(request),
    'weights:choose': () => files.chooseWeights(),
    'spec:open': () => files.openSpec(),
    'spec:save': (request) => files.saveSpec(request),
    'file:save': (request) => files.saveFile(request),
  };
}

async function appInfo({ paths, kernels, warnings }: HandlerServices): Promise<AppInfo> {
  const { description, note } = await kernels();
  const files = [paths.database, `${paths.database}-wal`];
  const sizes = await Promise.all(files.map(sizeOrZero));
  return {
    version: app.getVersion(),
    electron: process.versions.electron,
    chromium: process.versions.chrome,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    kernels: description,
    kernelsNote: note,
    databasePath: paths.database,
    databaseBytes: sizes.reduce((sum, size) => sum + size, 0),
    cores: cpus().length,
    warnings: warnings(),
    readOnly: paths.readOnly,
    locale: app.getLocale(),
  };
}

async function sizeOrZero(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** A partial object whose missing fields are really missing, as the settings ask for. */
function withoutMissing<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
