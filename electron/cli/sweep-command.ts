/** `descent sweep`: a search from the terminal, from its first trial to its exit status. */

import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { RUN_ID_PATTERN, type SweepId } from '../../engine/spec/ids.ts';
import { ENDED_TRIAL_STATUSES, type SweepStatus } from '../../engine/spec/sweep-status.ts';
import { StudioFailure, type StudioError } from '../contract/outcome.ts';
import { TrainPool } from '../main/hosts/train-host.ts';
import type { TrainHost } from '../main/hosts/train-host-types.ts';
import { workerFile } from '../main/hosts/worker-files.ts';
import { workerFactory } from '../main/hosts/worker-like.ts';
import { Sweeps } from '../main/services/sweeps.ts';
import { appVersion } from './app-folder.ts';
import { EXIT } from './exit-status.ts';
import { LineWriter } from './line-writer.ts';
import { oneLine } from './output-lines.ts';
import { saveRetries } from './save-retries.ts';
import { onInterrupt } from './signals.ts';
import { inSpecFile, readSpecFile } from './spec-file.ts';
import { openSession, type StudioSession } from './studio-session.ts';
import { JsonSweepReport, TextSweepReport, type SweepReport } from './sweep-report.ts';

export interface SweepOptions {
  readonly json?: boolean;
  readonly db?: string;
  readonly kernels?: string;
  readonly workers?: number;
  /** Trials are trained by workers that read the queue there. */
  readonly queue?: string;
  /** Id or number of a sweep to go on with. */
  readonly resume?: string;
}

/** Of a worker's JavaScript heap; tensors lie outside it. */
const HEAP_MEGABYTES = 2048;
/** How many lie on a queue at once when nobody says how many workers there are. */
const TRIALS_ON_QUEUE = 8;

/** Resolves with the exit status; rejects with a StudioFailure for what was wrong before the sweep began. */
export async function sweepCommand(file: string | undefined, options: SweepOptions): Promise<number> {
  const spec = await specOf(file, options);
  const interrupt = onInterrupt();
  const workers = options.workers ?? (options.queue === undefined ? availableParallelism() : TRIALS_ON_QUEUE);
  const host = await openHost(options, workers);
  const session = await openSession({ db: options.db, kernels: options.kernels, host }).catch(
    async (error: unknown) => {
      // The connection to a queue would keep the process from ending.
      await host.close();
      throw error;
    },
  );
  const { runs, store } = session;
  const sweeps = new Sweeps({ store, runs, appVersion: appVersion() });
  try {
    const report = createReport(options, interrupt.raise);
    const ended = Promise.race([whenEnded(sweeps), whenRoundWaits(sweeps)]);
    retryWhenStuck(session, sweeps);
    const id = await begin(sweeps, report, { file, spec, workers, options });
    process.stderr.write(`descent: sweep ${id}\n`);
    const interrupted = new Promise<null>((resolveNull, reject) =>
      interrupt.handle(() => void suspend(session, sweeps).then(() => resolveNull(null), reject)),
    );
    const status = await Promise.race([ended, interrupted]);
    if (status === 'paused') {
      await suspend(session, sweeps);
      await report.flush();
      const next = `descent sweep --resume ${id}`;
      process.stderr.write(`descent: the next round waits for someone to look at this one; go on with: ${next}\n`);
      return EXIT.interrupted;
    }
    if (status === null) {
      await report.flush();
      process.stderr.write(`descent: interrupted; go on with: descent sweep --resume ${id}\n`);
      return EXIT.interrupted;
    }
    report.finished(await sweeps.get(id));
    await report.flush();
    return status === 'failed' ? EXIT.failed : EXIT.done;
  } finally {
    interrupt.release();
    await host.close();
    await session.close();
  }
}

/** Where trials are trained: threads of this process, or workers anywhere. */
async function openHost({ queue }: SweepOptions, workers: number): Promise<TrainHost> {
  const limits = { heapMegabytes: HEAP_MEGABYTES };
  const pool = new TrainPool(workerFactory(workerFile('train', import.meta.url), limits), workers);
  if (queue === undefined) return pool;
  return (await import('./queue-trials.ts')).openQueueHost(queue, pool);
}

async function specOf(file: string | undefined, { resume, kernels }: SweepOptions): Promise<unknown> {
  if ((file === undefined) === (resume === undefined)) {
    const message = 'expected either a sweep spec or --resume with the id of a sweep';
    throw new StudioFailure({ code: 'bad_request', message });
  }
  if (file !== undefined) return readSpecFile(file);
  if (kernels === undefined) return null;
  const message = '--kernels: a sweep goes on with the kernels it began with; leave it out';
  throw new StudioFailure({ code: 'bad_request', message });
}

interface Beginning {
  readonly file: string | undefined;
  readonly spec: unknown;
  readonly workers: number;
  readonly options: SweepOptions;
}

async function begin(
  sweeps: Sweeps,
  report: SweepReport,
  { file, spec, workers, options }: Beginning,
): Promise<SweepId> {
  const told = new Set<number>();
  sweeps.on('summary', (summary) => report.summary(summary));
  sweeps.on('trials', (trials) => {
    for (const trial of trials) {
      if (!ENDED_TRIAL_STATUSES.includes(trial.status) || told.has(trial.number)) continue;
      told.add(trial.number);
      report.trial(trial);
    }
  });
  if (file === undefined) {
    const id = await findSweep(sweeps, options.resume ?? '');
    // Those were told by the process before.
    for (const { number, status } of (await sweeps.get(id)).trials) {
      if (ENDED_TRIAL_STATUSES.includes(status)) told.add(number);
    }
    await sweeps.resume(id, workers);
    return id;
  }
  const starting = sweeps.start(spec, {
    baseFolder: process.cwd(),
    specFolder: dirname(resolve(file)),
    workers,
    ...(options.kernels === undefined ? {} : { kernels: options.kernels }),
  });
  const { id, warnings } = await starting.catch((error: unknown) => {
    throw inSpecFile(file, error);
  });
  for (const { path, message } of warnings) process.stderr.write(`descent: warning: ${path}: ${oneLine(message)}\n`);
  return id;
}

/** A sweep by its id, its number ("3", "#3"), or the beginning of its id when that is unmistakable. */
async function findSweep(sweeps: Sweeps, text: string): Promise<SweepId> {
  if (RUN_ID_PATTERN.test(text)) return (await sweeps.get(text as SweepId)).summary.id;
  const all = await sweeps.list({ trash: false });
  const byNumber = all.find(({ number }) => String(number) === text.replace(/^#/, ''));
  const byStart = all.filter(({ id }) => text.length >= 4 && id.startsWith(text));
  const found = byNumber ?? (byStart.length === 1 ? byStart[0] : undefined);
  if (found !== undefined) return found.id;
  const message = `there is no sweep ${JSON.stringify(text)} in this database`;
  throw new StudioFailure({ code: 'not_found', message });
}

function whenEnded(sweeps: Sweeps): Promise<SweepStatus> {
  return new Promise((resolveStatus) => sweeps.on('ended', ({ status }) => resolveStatus(status)));
}

/** Nobody pauses a sweep here: a paused one is narrow's, between two rounds. */
function whenRoundWaits(sweeps: Sweeps): Promise<'paused'> {
  return new Promise((resolvePaused) =>
    sweeps.on('summary', ({ status }) => {
      if (status === 'paused') resolvePaused(status);
    }),
  );
}

/** Every trial keeps its checkpoint, everything is committed. */
async function suspend({ runs }: StudioSession, sweeps: Sweeps): Promise<void> {
  await sweeps.prepareShutdown('suspend');
  await runs.shutdown('suspend');
  await sweeps.settle();
}

/** While nothing can be saved the sweep waits; saving is tried again now and then. */
function retryWhenStuck({ runs }: StudioSession, sweeps: Sweeps): void {
  const keepTrying = saveRetries(() => Promise.all([runs.retrySave(), sweeps.retrySave()]));
  const tell = ({ error }: { readonly error: StudioError }): void => {
    process.stderr.write(`descent: ${oneLine(error.message)}\n`);
  };
  sweeps.on('problem', (problem) => {
    tell(problem);
    keepTrying();
  });
  // What else goes wrong in a run is its trial's reason.
  runs.on('problem', (problem) => problem.error.code === 'disk_full' && tell(problem));
  runs.on('saved', (saved) => {
    if (!saved) keepTrying();
  });
}

function createReport({ json }: SweepOptions, onBroken: () => void): SweepReport {
  if (json === true) return new JsonSweepReport(new LineWriter(process.stdout, onBroken));
  return new TextSweepReport({ progress: process.stderr, result: process.stdout });
}
