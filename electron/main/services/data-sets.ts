/** The data sets on board, and a look into any set. */

import type { DataPreview, DataSetInfo } from '../../contract/data.ts';
import { BUILT_IN_DATA } from '../../../engine/spec/built-in-data.ts';
import { BUILT_IN_SOURCES, type DataSource } from '../../../engine/spec/run-spec.ts';
import type { ChosenFiles } from './chosen-files.ts';
import type { DataWorker } from './data-worker.ts';

export interface DataSetsOptions {
  readonly worker: DataWorker;
  readonly chosen: ChosenFiles;
  readonly datasetsFolder: string;
  readonly baseFolder: string;
}

export class DataSetsService {
  readonly #options: DataSetsOptions;

  constructor(options: DataSetsOptions) {
    this.#options = options;
  }

  list(): DataSetInfo[] {
    return BUILT_IN_SOURCES.map((name) => {
      const { source, title, rows, shape, outputNames, licence, origin, testRows } = BUILT_IN_DATA[name];
      return { source, title, rows, shape, outputNames, licence, origin, testRows };
    });
  }

  /** Reads the set in a worker. A file must have been chosen before. Rejects with a StudioFailure. */
  async preview(source: DataSource): Promise<DataPreview> {
    const { worker, chosen, datasetsFolder, baseFolder } = this.#options;
    chosen.requireSource(source);
    return worker.ask('preview', { source, datasetsFolder, baseFolder });
  }
}
