/** Looks at data sets for the form and finds out which kernels load, away from the main process. */

import { messageOf } from '../../engine/spec/message.ts';
import { parentPort } from 'node:worker_threads';
import { DataError } from '../../engine/data/dataset.ts';
import type { DataReply, DataRequest, DataRequests, DataRequestType } from '../contract/data-jobs.ts';
import type { StudioError } from '../contract/outcome.ts';
import { previewDataSet } from './data-preview.ts';
import { loadDataSet } from './data-source.ts';
import { kernelChoice, KernelsError, loadKernels } from './load-kernels.ts';

type Answers = {
  readonly [T in DataRequestType]: (
    argument: DataRequests[T]['argument'],
  ) => DataRequests[T]['result'] | Promise<DataRequests[T]['result']>;
};

const ANSWERS: Answers = {
  preview: async ({ source, datasetsFolder, baseFolder }) =>
    previewDataSet(await loadDataSet(source, { datasetsDir: datasetsFolder, baseDir: baseFolder })),
  kernels: ({ name }) => {
    const { kernels, note } = loadKernels(kernelChoice(name));
    return { description: kernels.description, note };
  },
};

const port = parentPort;
if (port === null) throw new Error('data.worker.ts runs as a worker only');
port.on('message', (request: DataRequest) => {
  void reply(request).then((message) => port.postMessage(message));
});

async function reply({ id, type, argument }: DataRequest): Promise<DataReply> {
  try {
    // Type and argument belong together; the compiler cannot follow that through an index.
    const answer = ANSWERS[type] as (argument: unknown) => unknown;
    const value = (await answer(argument)) as DataRequests[DataRequestType]['result'];
    return { id, outcome: { ok: true, value } };
  } catch (error) {
    return { id, outcome: { ok: false, error: toError(error) } };
  }
}

function toError(error: unknown): StudioError {
  const message = messageOf(error);
  if (error instanceof DataError) return { code: 'data_invalid', ...message };
  if (error instanceof KernelsError) return { code: 'environment', ...message };
  console.error('the data worker failed:', error);
  return { code: 'internal', ...message };
}
