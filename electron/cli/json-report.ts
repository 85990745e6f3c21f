/** A run as lines of JSON on stdout. Steps come only after `started`, which comes once the run can be resumed. */

import type { EpochReport, RunFinished, RunStarted } from '../contract/jobs.ts';
import type { ResumeChange, RunEquality, RunSummary } from '../contract/runs.ts';
import type { LossComparison } from '../../engine/spec/loss-comparison.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import type { StepResult } from '../../engine/train/trainer-types.ts';
import type { LineWriter } from './line-writer.ts';
import { jsonLine, jsonNumber } from './output-lines.ts';
import type { RunReport } from './run-report.ts';

export class JsonReport implements RunReport {
  readonly #writer: LineWriter;
  #announced = false;

  constructor(writer: LineWriter) {
    this.#writer = writer;
    writer.hold();
  }

  started(run: RunId, { kernels, parameters }: RunStarted): void {
    this.#announced = true;
    this.#writer.release(jsonLine({ event: 'started', run, kernels, parameters }));
  }

  /** Written by hand: this runs at every step. */
  step({ step, epoch, loss, lr }: StepResult): void {
    const figures = `"loss":${jsonNumber(loss)},"lr":${jsonNumber(lr)}`;
    this.#writer.line(`{"event":"step","step":${step},"epoch":${epoch},${figures}}`);
  }

  verified({ steps, identical, difference }: LossComparison, changes: readonly ResumeChange[]): void {
    this.#writer.line(
      jsonLine({
        event: 'verified',
        steps,
        identical,
        ...(difference === null ? {} : { difference, changed: changes }),
      }),
    );
  }

  epoch(report: EpochReport): void {
    this.#writer.line(
      jsonLine({
        event: 'epoch',
        epoch: report.epoch,
        step: report.step,
        trainLoss: report.trainLoss,
        trainAccuracy: applies(report.trainAccuracy, report.trainLoss),
        validationLoss: applies(report.validationLoss, report.trainLoss),
        validationAccuracy: applies(report.validationAccuracy, report.trainLoss),
        samplesPerSecond: report.samplesPerSecond,
      }),
    );
  }

  progress(): void {
    // The lines say it all.
  }

  finished(summary: RunSummary, finished: RunFinished | null, unwell: string | null): void {
    // A run that failed before it began has nothing to say here; stderr tells why.
    if (!this.#announced) return;
    this.#writer.line(
      jsonLine({
        event: 'finished',
        run: summary.id,
        status: summary.status,
        steps: finished?.steps ?? summary.stepsDone,
        epochs: finished?.epochs ?? summary.epochsDone,
        seconds: (finished?.elapsedMs ?? summary.durationMs) / 1000,
        trainAccuracy: finished?.trainAccuracy ?? null,
        validationAccuracy: finished?.validationAccuracy ?? null,
        bestEpoch: finished?.bestEpoch ?? null,
        testLoss: finished?.testLoss ?? null,
        testAccuracy: finished?.testAccuracy ?? null,
        weightsSha256: finished?.weightsSha256 ?? null,
        health: unwell,
      }),
    );
  }

  repeated({ identical, compared, difference, sameWeights }: RunEquality): void {
    const first = difference === null ? null : { ...difference, what: difference.what.message };
    this.#writer.line(jsonLine({ event: 'repeated', identical, compared, sameWeights, difference: first }));
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  busy(): Promise<void> | null {
    return this.#writer.drained();
  }
}

/** A NaN means "does not apply" (no classes, no validation split) unless the run itself has lost its numbers. */
function applies(value: number, trainLoss: number): number | null {
  return Number.isNaN(value) && Number.isFinite(trainLoss) ? null : value;
}
