/** What each request about sweeps does: one line to the service that knows. */

import type { SweepChannel } from '../../contract/sweep-requests.ts';
import type { AppPaths } from '../paths.ts';
import type { ChosenFiles } from '../services/chosen-files.ts';
import type { SettingsService } from '../services/settings.ts';
import type { SweepsService } from '../services/sweeps-types.ts';
import type { Handlers } from './answer.ts';

export interface SweepHandlerServices {
  readonly paths: AppPaths;
  readonly sweeps: SweepsService;
  readonly settings: SettingsService;
  readonly chosen: ChosenFiles;
  /** How many runs the app trains at once. */
  readonly workers: () => number;
}

export function createSweepHandlers({
  sweeps,
  settings,
  chosen,
  paths,
  workers: trainedAtOnce,
}: SweepHandlerServices): Pick<Handlers, SweepChannel> {
  return {
    'sweep:start': ({ spec, workers }) => {
      const checked = sweeps.check(spec);
      if (checked.spec !== null) chosen.requireSweep(checked.spec);
      return sweeps.start(spec, {
        baseFolder: paths.baseFolder,
        kernels: settings.get().kernels,
        workers: workers ?? trainedAtOnce(),
      });
    },
    'sweep:list': (query) => sweeps.list(query),
    'sweep:get': ({ id }) => sweeps.getPacked(id),
    'sweep:control': async ({ id, action }) => {
      await (action === 'resume' ? sweeps.resume(id) : sweeps.control(id, action));
      return null;
    },
    'sweep:trial': async ({ id, trial, action }) => {
      await sweeps.controlTrial(id, trial, action);
      return null;
    },
    'sweep:enqueue': async ({ id, params }) => {
      await sweeps.enqueue(id, params);
      return null;
    },
    'sweep:reorder': async ({ id, seen, order }) => {
      await sweeps.reorderQueue(id, seen, order);
      return null;
    },
    'sweep:ranges': async ({ id, round, space }) => {
      await sweeps.editRanges(id, round, space);
      return null;
    },
    'sweep:workers': async ({ id, count }) => {
      await sweeps.setWorkers(id, count);
      return null;
    },
    'sweep:rename': ({ id, name }) => sweeps.rename(id, name),
    'sweep:delete': async ({ ids }) => {
      await sweeps.remove(ids);
      return null;
    },
    'sweep:restore': async ({ ids }) => {
      await sweeps.restore(ids);
      return null;
    },
    'sweep:purge': ({ ids }) => sweeps.purge(ids),
    'sweep:promote': ({ id, trial }) => sweeps.promote(id, trial),
    'sweep:curves': (query) => sweeps.readCurves(query),
    'sweep:timeline': ({ id }) => sweeps.readTimeline(id),
  };
}
