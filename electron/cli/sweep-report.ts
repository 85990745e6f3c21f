/** A sweep for a program (a line a trial) or a person (a moving bar, and a short table when it is over). */

import { bestFirst } from './trial-order.ts';
import type { SweepDetail, SweepSummary, TrialRow } from '../contract/sweeps.ts';
import type { LineWriter } from './line-writer.ts';
import { jsonLine, oneLine } from './output-lines.ts';
import { alignColumns, duration, figure } from './text-format.ts';
import type { TextStreams } from './text-report.ts';

export interface SweepReport {
  /** The sweep's row is new or has changed. */
  summary(summary: SweepSummary): void;
  /** A trial has ended; each is told once. */
  trial(trial: TrialRow): void;
  finished(detail: SweepDetail): void;
  /** Resolves when everything told so far has been shown. */
  flush(): Promise<void>;
}

export class JsonSweepReport implements SweepReport {
  readonly #writer: LineWriter;

  constructor(writer: LineWriter) {
    this.#writer = writer;
  }

  summary(): void {
    // The lines say it all.
  }

  trial({ number, status, params, score, epochs, reason }: TrialRow): void {
    this.#writer.line(jsonLine({ event: 'trial', trial: number, state: status, params, score, epochs }));
    // At once: whoever ends this process must not lose what is committed already. A reader that is gone is told of
    // by the writer itself.
    void this.#writer.flush().catch(() => undefined);
    if (status === 'failed')
      process.stderr.write(`descent: trial ${number} failed: ${oneLine(reason?.message ?? '')}\n`);
  }

  finished({ summary, trials }: SweepDetail): void {
    const { id, status, best } = summary;
    this.#writer.line(jsonLine({ event: 'finished', sweep: id, status, trials: trials.length, best }));
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }
}

const BAR = 24;
const BETWEEN_DRAWINGS_MS = 100;
/** Without a terminal: a line now and then. */
const BETWEEN_LINES_MS = 5000;
const TABLE_ROWS = 10;

export class TextSweepReport implements SweepReport {
  readonly #streams: TextStreams;
  /** Trials that had ended before this process went on with the sweep, and its time by then. */
  #before: { readonly ended: number; readonly elapsedMs: number } | null = null;
  #drawnAt = 0;
  #drawn = false;

  constructor(streams: TextStreams) {
    this.#streams = streams;
  }

  summary(summary: SweepSummary): void {
    const ended = endedCount(summary);
    this.#before ??= { ended, elapsedMs: summary.elapsedMs };
    const now = Date.now();
    const terminal = this.#streams.progress.isTTY === true;
    if (now - this.#drawnAt < (terminal ? BETWEEN_DRAWINGS_MS : BETWEEN_LINES_MS)) return;
    this.#drawnAt = now;
    const text = this.#line(summary, ended, this.#before);
    // Back to the line's start and clear to its end: the line is drawn over itself.
    this.#streams.progress.write(terminal ? `\r${text}\x1b[K` : `${text}\n`);
    this.#drawn = terminal;
  }

  trial({ number, status, reason }: TrialRow): void {
    if (status !== 'failed') return;
    this.#endLine();
    this.#streams.progress.write(`trial ${number} failed: ${oneLine(reason?.message ?? '')}\n`);
  }

  finished({ summary, spec, trials }: SweepDetail): void {
    this.#endLine();
    const { result } = this.#streams;
    const paths = Object.keys(spec.space);
    const ranked = bestFirst(spec.objective, trials);
    const headings = ['trial', 'state', summary.objective.metric, ...paths, 'epochs', 'time'];
    const rows = ranked
      .slice(0, TABLE_ROWS)
      .map((trial) => [
        String(trial.number),
        trial.status,
        figure(trial.score),
        ...paths.map((path) => shownValue(trial.params[path])),
        String(trial.epochs),
        duration(trial.durationMs),
      ]);
    result.write(alignColumns([headings, ...rows]));
    if (ranked.length > TABLE_ROWS) result.write(`… and ${ranked.length - TABLE_ROWS} more\n`);
    const { completed, pruned, failed } = summary.counts;
    result.write(
      alignColumns([
        ['sweep', `${summary.id} (#${summary.number} ${oneLine(summary.name)})`],
        ['status', summary.status],
        ['trials', `${completed} completed, ${pruned} pruned, ${failed} failed; ${summary.epochs} epochs`],
        ['time', duration(summary.elapsedMs)],
        ['best', summary.best === null ? 'none' : `trial ${summary.best.trial}: ${figure(summary.best.score)}`],
      ]),
    );
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  #line(summary: SweepSummary, ended: number, before: { ended: number; elapsedMs: number }): string {
    const share = summary.trials === 0 ? 1 : ended / summary.trials;
    const filled = Math.round(share * BAR);
    const parts = [
      `[${'█'.repeat(filled)}${'·'.repeat(BAR - filled)}] ${Math.floor(share * 100)} %`,
      `trial ${ended}/${summary.trials}`,
    ];
    const here = ended - before.ended;
    if (here > 0) {
      const each = (summary.elapsedMs - before.elapsedMs) / here;
      parts.push(`${duration(each * (summary.trials - ended))} left`);
    }
    if (summary.best !== null) parts.push(`best ${figure(summary.best.score)} (trial ${summary.best.trial})`);
    return parts.join('  ');
  }

  #endLine(): void {
    if (this.#drawn) this.#streams.progress.write('\n');
    this.#drawn = false;
  }
}

function endedCount({ counts }: SweepSummary): number {
  return counts.completed + counts.pruned + counts.failed;
}

/** '' for a parameter the trial does not have. */
function shownValue(value: TrialRow['params'][string] | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return figure(value);
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}
