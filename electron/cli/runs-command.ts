/** `descent runs …`: what is in the database. */

import { METRIC_IDS, SPLITS, type Curve } from '../../engine/spec/metric.ts';
import type { LayerHealth } from '../../engine/spec/health-verdict.ts';
import type { CheckpointInfo, ResumeRecord, RunDetail, RunSummary } from '../contract/runs.ts';
import type { Runs } from '../main/services/runs.ts';
import { float32Cell, textCell } from './csv.ts';
import { EXIT } from './exit-status.ts';
import { healthSentences, healthTable, judgedAtEnd } from './health-text.ts';
import { jsonLine } from './output-lines.ts';
import { findRun, noTraining, openSession } from './studio-session.ts';
import { alignColumns, duration, figure, percent, statusText, verifiedText } from './text-format.ts';

export interface RunsOptions {
  readonly json?: boolean;
  readonly db?: string;
  readonly trash?: boolean;
  readonly purge?: boolean;
}

async function withRuns(options: RunsOptions, work: (runs: Runs) => Promise<void>): Promise<number> {
  const session = await openSession({ db: options.db, host: noTraining });
  try {
    await work(session.runs);
    return EXIT.done;
  } finally {
    await session.close();
  }
}

export function listCommand(options: RunsOptions): Promise<number> {
  return withRuns(options, async (runs) => {
    const summaries = await runs.list({ trash: options.trash === true });
    if (options.json === true) print(summaries.map((summary) => `${jsonLine(summary)}\n`));
    else if (summaries.length === 0) print(['no runs\n']);
    else print([alignColumns([HEADINGS, ...summaries.map(tableRow)])]);
  });
}

export function showCommand(id: string, options: RunsOptions): Promise<number> {
  return withRuns(options, async (runs) => {
    const detail = await runs.get((await findRun(runs, id)).id);
    const health = judgedAtEnd(detail, await runs.readHealth({ id: detail.summary.id, maxSamples: null }));
    if (options.json === true)
      print([`${jsonLine({ ...detail, message: detail.message?.message ?? null, health })}\n`]);
    else print([describe(detail), ...(health === null ? [] : describeHealth(health))]);
  });
}

/** To the trash, from where the app brings it back; `purge` deletes for good. */
export function deleteCommand(ids: readonly string[], options: RunsOptions): Promise<number> {
  return withRuns(options, async (runs) => {
    const found = await Promise.all(ids.map((id) => findRun(runs, id)));
    const wanted = found.map(({ id }) => id);
    let freedBytes = 0;
    if (options.purge === true) freedBytes = (await runs.purge(wanted)).freedBytes;
    else await runs.remove(wanted);
    if (options.json === true) {
      print(wanted.map((run) => `${jsonLine({ event: 'deleted', run, purged: options.purge === true })}\n`));
    } else if (options.purge === true) {
      print([`deleted for good: ${wanted.join(', ')} (${(freedBytes / 1e6).toFixed(1)} MB freed)\n`]);
    } else {
      print([`moved to the trash: ${wanted.join(', ')} (descent runs restore brings back)\n`]);
    }
  });
}

export function restoreCommand(ids: readonly string[], options: RunsOptions): Promise<number> {
  return withRuns(options, async (runs) => {
    const found = await Promise.all(ids.map((id) => findRun(runs, id)));
    await runs.restore(found.map(({ id }) => id));
    print([`restored: ${found.map(({ id }) => id).join(', ')}\n`]);
  });
}

/** Every point of every curve, a line each. */
export function exportCsvCommand(ids: readonly string[], options: RunsOptions): Promise<number> {
  return withRuns(options, async (runs) => {
    const found = await Promise.all(ids.map((id) => findRun(runs, id)));
    print(['run,name,metric,split,step,elapsed_ms,value\r\n']);
    for (const summary of found) {
      for (const metric of METRIC_IDS) {
        for (const split of SPLITS) {
          print(csvLines(summary, await runs.readCurve({ id: summary.id, metric, split, maxPoints: null })));
        }
      }
    }
  });
}

function csvLines({ id, name }: RunSummary, { metric, split, steps, values, elapsedMs }: Curve): string[] {
  const head = `${id},${textCell(name)},${metric},${split}`;
  return Array.from(
    steps,
    (step, i) => `${head},${step},${float32Cell(elapsedMs[i] ?? NaN)},${float32Cell(values[i] ?? NaN)}\r\n`,
  );
}

const HEADINGS = ['#', 'id', 'name', 'status', 'data', 'model', 'optimizer', 'best validation', 'duration'];

function tableRow(run: RunSummary): string[] {
  const best = run.task === 'classification' ? percent(run.bestValidationAccuracy) : figure(run.bestValidationLoss);
  const optimizer = `${run.optimizer} ${run.lr}`;
  const { number, id, name, status, data, model, durationMs } = run;
  return [String(number), id, visible(name), status, visible(data), model, optimizer, best, duration(durationMs)];
}

function describe(detail: RunDetail): string {
  const { summary, spec, message, kernels, weightsSha256, splitSizes, checkpoints, resumes } = detail;
  const { appVersion, system, dataSha256, fingerprints } = detail;
  const rows: [string, string][] = [
    ['run', `${summary.id} (#${summary.number})`],
    ['name', visible(summary.name)],
    ['status', statusText(summary.status, message?.message ?? null)],
    ['trash', trashedText(summary)],
    ['data', `${visible(summary.data)} (${splitSizes.train} / ${splitSizes.validation} / ${splitSizes.test} rows)`],
    ['model', `${summary.model}, ${summary.parameters} parameters`],
    ['optimizer', `${summary.optimizer}, learning rate ${summary.lr}`],
    ['seed', String(spec.seed)],
    ['kernels', kernels ?? ''],
    ['origin', originText(summary)],
    ['system', system === null ? '' : `${system.cpu}, ${system.os}, Node ${system.node}`],
    ['version', `${appVersion}${system === null ? '' : `, engine ${system.engine}`}`],
    ['data SHA-256', dataSha256 ?? ''],
    ['split SHA-256', fingerprints?.split ?? ''],
    ['steps', `${summary.stepsDone} of ${summary.stepsPlanned}`],
    ['epochs', `${summary.epochsDone} of ${summary.epochsPlanned}`],
    ['time', duration(summary.durationMs)],
    ['train loss', figure(summary.lastTrainLoss)],
    ['validation loss', figure(summary.lastValidationLoss)],
    ['validation accuracy', percent(summary.lastValidationAccuracy)],
    ['best', summary.bestEpoch === null ? '' : `epoch ${summary.bestEpoch} ${percent(summary.bestValidationAccuracy)}`],
    ['test loss', figure(summary.testLoss)],
    ['test accuracy', percent(summary.testAccuracy)],
    ['checkpoints', checkpoints.map(checkpointText).join('; ')],
    ...resumes.map((resume): [string, string] => ['resumed', resumeText(resume)]),
    ['weights SHA-256', weightsSha256 ?? ''],
  ];
  return alignColumns(rows.filter(([, value]) => value !== ''));
}

function describeHealth(layers: readonly LayerHealth[]): string[] {
  return ['\n', alignColumns(healthTable(layers)), ...healthSentences(layers).map((line) => `${line}\n`)];
}

function originText({ origin }: RunSummary): string {
  if (origin === undefined) return '';
  return origin.kind === 'repeat'
    ? `repeats run #${origin.number}`
    : `fork of run #${origin.number} at step ${origin.step}`;
}

function checkpointText({ step, epoch, sizeBytes, best, kept }: CheckpointInfo): string {
  const marks = [...(best ? ['best so far'] : []), ...(kept ? ['kept'] : [])].map((mark) => `, ${mark}`).join('');
  return `step ${step} (epoch ${epoch}, ${sizeBytes} bytes${marks})`;
}

function resumeText({ step, verification, changes }: ResumeRecord): string {
  const found = verification === null ? 'not compared' : verifiedText(verification, changes);
  return `at step ${step}; ${found}${changes.length === 0 ? '' : `; changed: ${changes.join(', ')}`}`;
}

/** '' for a run that is not in the trash. */
function trashedText({ deletedAt }: RunSummary): string {
  if (deletedAt === null) return '';
  return `in the trash since ${new Date(deletedAt).toISOString()}; descent runs restore brings it back`;
}

/** A name is a person's text: control characters must not reach the terminal. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, '�');
}

function print(lines: readonly string[]): void {
  process.stdout.write(lines.join(''));
}
