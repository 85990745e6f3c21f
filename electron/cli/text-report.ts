/** A run for a person: a line that moves while it trains, a short table when it is over. */

import type { EpochReport, RunFinished, RunStarted } from '../contract/jobs.ts';
import type { ResumeChange, RunEquality, RunProgress, RunSummary } from '../contract/runs.ts';
import type { LossComparison } from '../../engine/spec/loss-comparison.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import { alignColumns, duration, figure, percent, repeatedText, statusText, verifiedText } from './text-format.ts';
import type { RunReport } from './run-report.ts';

const BAR = 24;
const BETWEEN_DRAWINGS_MS = 100;
/** Without a terminal: a line now and then. */
const BETWEEN_LINES_MS = 5000;

/** What the report writes to; stderr and stdout in the program. */
export interface TextStreams {
  readonly progress: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly result: { write(text: string): unknown };
}

export class TextReport implements RunReport {
  readonly #streams: TextStreams;
  #started: RunStarted | null = null;
  #epoch: EpochReport | null = null;
  #drawnAt = 0;
  #drawn = false;

  constructor(streams: TextStreams) {
    this.#streams = streams;
  }

  started(id: RunId, started: RunStarted): void {
    this.#started = started;
    const { kernelsDescription, parameters, splitSizes } = started;
    const rows = `${splitSizes.train} training rows, ${splitSizes.validation} validation, ${splitSizes.test} test`;
    this.#say(`run ${id}: ${parameters} parameters, ${rows}, kernels ${kernelsDescription}`);
  }

  verified(comparison: LossComparison, changes: readonly ResumeChange[]): void {
    this.#say(verifiedText(comparison, changes));
  }

  step(): void {
    // Too many to show; `progress` draws what matters.
  }

  epoch(report: EpochReport): void {
    this.#epoch = report;
  }

  progress(progress: RunProgress): void {
    if (this.#started === null) return;
    const now = Date.now();
    const terminal = this.#streams.progress.isTTY === true;
    if (now - this.#drawnAt < (terminal ? BETWEEN_DRAWINGS_MS : BETWEEN_LINES_MS)) return;
    this.#drawnAt = now;
    const text = this.#line(progress, this.#started.totalSteps);
    // Back to the line's start and clear to its end: the line is drawn over itself.
    if (terminal) this.#streams.progress.write(`\r${text}\x1b[K`);
    else this.#streams.progress.write(`${text}\n`);
    this.#drawn = terminal;
  }

  finished(summary: RunSummary, finished: RunFinished | null, unwell: string | null): void {
    this.#endLine();
    const rows: [string, string][] = [
      ['run', `${summary.id} (#${summary.number} ${summary.name})`],
      // Why a run diverged is said on stderr.
      [
        'status',
        statusText(summary.status, summary.status === 'diverged' ? null : (finished?.message?.message ?? null)),
      ],
      ['steps', `${summary.stepsDone} of ${summary.stepsPlanned} (${summary.epochsDone} epochs)`],
      ['time', duration(summary.durationMs)],
      ['train loss', figure(summary.lastTrainLoss)],
      ['train accuracy', percent(finished?.trainAccuracy ?? null)],
      ['validation loss', figure(summary.lastValidationLoss)],
      ['validation accuracy', percent(finished?.validationAccuracy ?? null)],
      ['best epoch', summary.bestEpoch === null ? '' : String(summary.bestEpoch)],
      ['test loss', figure(summary.testLoss)],
      ['test accuracy', percent(summary.testAccuracy)],
      ['weights SHA-256', finished?.weightsSha256 ?? ''],
      ['health', unwell ?? ''],
    ];
    this.#streams.result.write(alignColumns(rows.filter(([, value]) => value !== '')));
  }

  repeated(equality: RunEquality): void {
    this.#streams.result.write(`${repeatedText(equality)}\n`);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }
  busy(): null {
    return null;
  }

  #line(progress: RunProgress, total: number): string {
    const share = total === 0 ? 1 : progress.step / total;
    const filled = Math.round(share * BAR);
    const bar = `[${'█'.repeat(filled)}${'·'.repeat(BAR - filled)}]`;
    const parts = [`${bar} ${Math.floor(share * 100)} %`, `step ${progress.step}/${total}`];
    if (progress.leftMs !== null) parts.push(`${duration(progress.leftMs)} left`);
    if (progress.samplesPerSecond > 0) parts.push(`${Math.round(progress.samplesPerSecond)} samples/s`);
    if (this.#epoch !== null) {
      parts.push(`epoch ${this.#epoch.epoch}: loss ${figure(this.#epoch.trainLoss)}`);
      if (!Number.isNaN(this.#epoch.validationAccuracy)) {
        parts.push(`validation ${percent(this.#epoch.validationAccuracy)}`);
      }
    }
    return parts.join('  ');
  }

  #say(text: string): void {
    this.#endLine();
    this.#streams.progress.write(`${text}\n`);
  }

  #endLine(): void {
    if (this.#drawn) this.#streams.progress.write('\n');
    this.#drawn = false;
  }
}
