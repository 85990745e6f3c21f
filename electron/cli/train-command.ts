/** `descent train` and `descent resume`: a run from the terminal, from its first line to its exit status. */

import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DataError } from '../../engine/data/dataset.ts';
import type { RunFinished } from '../contract/jobs.ts';
import { StudioFailure } from '../contract/outcome.ts';
import type { RunSummary } from '../contract/runs.ts';
import type { LossComparison } from '../../engine/spec/loss-comparison.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import type { BeginAt } from '../main/services/beginnings.ts';
import type { Runs } from '../main/services/runs.ts';
import { weightsFormatOf } from '../workers/weights-file.ts';
import { EXIT, statusOfRun } from './exit-status.ts';
import { brokenSentence, judgedAtEnd } from './health-text.ts';
import { InProcessHost } from './in-process-host.ts';
import { JsonReport } from './json-report.ts';
import { LineWriter } from './line-writer.ts';
import { oneLine } from './output-lines.ts';
import type { RunReport } from './run-report.ts';
import { saveRetries } from './save-retries.ts';
import { onInterrupt } from './signals.ts';
import { inSpecFile, readSpecFile, withSeed } from './spec-file.ts';
import { findRun, openSession } from './studio-session.ts';
import { TextReport } from './text-report.ts';

export interface TrainOptions {
  readonly json?: boolean;
  /** Run to fork from, with `@step` for one of its checkpoints. */
  readonly fork?: string;
  readonly inexact?: boolean;
  readonly db?: string;
  readonly seed?: number;
  readonly kernels?: string;
  readonly export?: readonly string[];
}

/** Resolves with the exit status; rejects with a StudioFailure for what was wrong before the run began. */
export async function trainCommand(file: string, options: TrainOptions): Promise<number> {
  const spec = withSeed(await readSpecFile(file), options.seed);
  try {
    return await trainFrom(options, async (runs) => {
      const from = options.fork === undefined ? undefined : await forkOf(runs, options.fork);
      const { kernels, inexact } = options;
      return runs.start(spec, {
        baseFolder: process.cwd(),
        specFolder: dirname(resolve(file)),
        from,
        inexact,
        ...(kernels === undefined ? {} : { kernels }),
      });
    });
  } catch (error) {
    throw inSpecFile(file, error);
  }
}

export async function resumeCommand(run: string, options: TrainOptions): Promise<number> {
  return trainFrom(options, async (runs) => {
    const { id } = await findRun(runs, run);
    await runs.continueRun(id, { kernels: options.kernels, inexact: options.inexact });
    return id;
  });
}

/** The same run once more, and whether it gave the same numbers. */
export async function repeatCommand(run: string, options: TrainOptions): Promise<number> {
  let pair: { readonly first: RunId; readonly second: RunId } | null = null;
  const compare = async (runs: Runs, report: RunReport): Promise<number> => {
    if (pair === null) return EXIT.failed;
    const equality = await runs.equality(pair.second, pair.first);
    report.repeated(equality);
    return equality.identical ? EXIT.done : EXIT.failed;
  };
  const begin = async (runs: Runs): Promise<RunId> => {
    const { id: first } = await findRun(runs, run);
    const { spec } = await runs.get(first);
    const { inexact } = options;
    const second = await runs.start(spec, { baseFolder: process.cwd(), from: { kind: 'repeat', id: first }, inexact });
    pair = { first, second };
    return second;
  };
  return trainFrom(options, begin, compare);
}

/** "12@340": the checkpoint of run 12 at step 340; without a step the last. */
async function forkOf(runs: Runs, text: string): Promise<BeginAt> {
  const [, run = text, at] = /^(.*)@(\d+)$/.exec(text) ?? [];
  return { kind: 'fork', id: (await findRun(runs, run)).id, step: at === undefined ? undefined : Number(at) };
}

type After = (runs: Runs, report: RunReport) => Promise<number>;

/** `after` is done once the run is completed, and gives the exit status then. */
async function trainFrom(options: TrainOptions, begin: (runs: Runs) => Promise<RunId>, after?: After): Promise<number> {
  const exports = (options.export ?? []).map((path) => checkedExport(path));
  const interrupt = onInterrupt();
  const report = createReport(options, interrupt.raise);
  const host = new InProcessHost({
    onStep: (result) => report.step(result),
    onEpoch: (epoch) => report.epoch(epoch),
    busy: () => report.busy(),
    onKernelsNote: (note) => process.stderr.write(`descent: ${oneLine(note)}\n`),
  });
  const { db, kernels } = options;
  // What was asked for here comes before what the environment asks for.
  if (kernels !== undefined) process.env['DESCENT_KERNELS'] = kernels;
  const session = await openSession({ db, kernels, host, beforeCommit: () => report.flush() });
  try {
    const { runs } = session;
    const ended = whenEnded(runs, report);
    const id = await begin(runs);
    const retrying = retryWhenStuck(runs);
    interrupt.handle(() => void runs.shutdown('suspend').catch(() => retrying.giveUp()));
    const { summary, finished } = await Promise.race([ended, retrying.gaveUp.then(() => lastKnown(runs, id))]);
    retrying.stop();
    const json = options.json === true;
    const status = await conclude(runs, report, exports, { summary, finished, json }, after);
    return status;
  } finally {
    interrupt.release();
    await session.close();
  }
}

interface Ending {
  readonly summary: RunSummary;
  readonly finished: RunFinished | null;
}

async function conclude(
  runs: Runs,
  report: RunReport,
  exports: readonly string[],
  { summary, finished, json }: Ending & { readonly json: boolean },
  after?: After,
): Promise<number> {
  const { id, status } = summary;
  if (status === 'interrupted') {
    await report.flush();
    process.stderr.write(`descent: interrupted at step ${summary.stepsDone}; go on with: descent resume ${id}\n`);
    return EXIT.interrupted;
  }
  // Before the last line: who reads "finished" may open the files.
  const written = status === 'completed' || status === 'stopped' ? exports : [];
  for (const path of written) await runs.exportWeights({ id, path });
  report.finished(summary, finished, await unwellAtEnd(runs, id));
  const ending = after !== undefined && finished !== null ? await after(runs, report) : statusOfRun(status);
  await report.flush();
  if (!json) process.stdout.write(written.map((path) => `wrote ${path}\n`).join(''));
  if (status === 'diverged')
    process.stderr.write(`descent: ${oneLine(finished?.message?.message ?? 'the run diverged')}\n`);
  if (written.length < exports.length)
    process.stderr.write(`descent: --export: nothing was written, the run ${status}\n`);
  return ending;
}

async function unwellAtEnd(runs: Runs, id: RunId): Promise<string | null> {
  const health = judgedAtEnd(await runs.get(id), await runs.readHealth({ id, maxSamples: null }));
  return health === null ? null : brokenSentence(health);
}

/** Ties the run's events to the report. Rejects when the run fails before it has begun. */
function whenEnded(runs: Runs, report: RunReport): Promise<Ending> {
  let begun = false;
  let problem: StudioFailure | null = null;
  let latest: RunSummary | null = null;
  runs.on('started', ({ id, started }) => {
    begun = true;
    report.started(id, started);
  });
  runs.on('verified', ({ summary: { id }, comparison }) => void tellVerified(runs, report, id, comparison));
  runs.on('summary', (summary) => {
    latest = summary;
  });
  runs.on('progress', (progress) => report.progress(progress, latest));
  runs.on('problem', ({ error }) => {
    problem = new StudioFailure(error);
    if (begun) process.stderr.write(`descent: ${oneLine(error.message)}\n`);
  });
  const ended = new Promise<Ending>((resolve, reject) => {
    runs.on('ended', (ending) => {
      if (!begun && problem !== null) reject(problem);
      else resolve(ending);
    });
  });
  // Awaited later; a failure until then must not count as nobody's.
  ended.catch(() => undefined);
  return ended;
}

/** While nothing can be saved the run waits; saving is tried again now and then. */
function retryWhenStuck(runs: Runs): { stop: () => void; giveUp: () => void; gaveUp: Promise<void> } {
  let giveUp = (): void => undefined;
  const gaveUp = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  const keepTrying = saveRetries(() => runs.retrySave());
  const stop = runs.on('saved', (saved) => {
    if (saved) process.stderr.write('descent: saved; training goes on\n');
    else keepTrying();
  });
  return { stop, giveUp: () => giveUp(), gaveUp };
}

async function tellVerified(runs: Runs, report: RunReport, id: RunId, comparison: LossComparison): Promise<void> {
  const changes = comparison.difference === null ? [] : ((await runs.get(id)).resumes.at(-1)?.changes ?? []);
  report.verified(comparison, changes);
}

async function lastKnown(runs: Runs, id: RunId): Promise<Ending> {
  const { summary } = await runs.get(id);
  return { summary: { ...summary, status: 'interrupted' }, finished: null };
}

function createReport({ json }: TrainOptions, onBroken: () => void): RunReport {
  if (json === true) return new JsonReport(new LineWriter(process.stdout, onBroken));
  return new TextReport({ progress: process.stderr, result: process.stdout });
}

/** Known before hours of training: whether the format exists and the folder can be written. */
function checkedExport(path: string): string {
  const absolute = resolve(path);
  try {
    weightsFormatOf(absolute);
    accessSync(dirname(absolute), constants.W_OK);
  } catch (error) {
    const reason = error instanceof DataError ? error.message : `${path}: its folder cannot be written`;
    throw new StudioFailure({ code: 'file_invalid', message: `--export: ${reason}` });
  }
  if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new StudioFailure({ code: 'file_invalid', message: `--export: ${path}: expected a file, got a folder` });
  }
  return absolute;
}
