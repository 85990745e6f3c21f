/** The training loop's one step, and everything around it that a run needs. The way of a step is told in engine/README.md. */

import type { FloatArray } from '../math/tensor.ts';
import { addDecay, decayLoss } from '../optimizers/weight-decay.ts';
import { clipByNorm, gradientNorm } from '../optimizers/clip-norm.ts';
import type { HistogramFrame } from '../spec/histogram.ts';
import { LARGEST_GRADIENT_NORM } from '../spec/last-gradient.ts';
import { BestWeights } from './best-weights.ts';
import { BEGINNING, decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { EpochSums } from './epoch-sums.ts';
import { firstBadForward, firstBadGradient, type Culprit } from './divergence.ts';
import { forkedCheckpoint, planFork } from './fork.ts';
import { GradientTrend } from './gradient-trend.ts';
import { fillTargets } from './scoring.ts';
import { Snapshot } from './snapshot.ts';
import { emptyStepResult } from './step-result.ts';
import { buildParts, type TrainerParts } from './trainer-parts.ts';
import { checkpointTensors, restoreTensors } from './trainer-checkpoint.ts';
import { loadWeights, readWeights } from './weights.ts';
import type {
  BestEpoch,
  Divergence,
  EpochResult,
  OnRows,
  Prediction,
  RawOutputs,
  Score,
  StepResult,
  Trainer,
  TrainerOptions,
  WeightSet,
} from './trainer-types.ts';

/**
 * Builds a run. Throws a SpecError for a spec that does not fit its data or cannot be trained, a CheckpointError for
 * bytes to resume from that are damaged or belong to another run.
 */
export function createTrainer(options: TrainerOptions): Trainer {
  const { initialWeights = null, resumeFrom = null, forkFrom = null } = options;
  const fork = forkFrom === null ? null : planFork(options, forkFrom);
  const own = resumeFrom === null ? null : decodeCheckpoint(resumeFrom);
  const trainer = new NetworkTrainer(buildParts(options, fork?.origin ?? own?.state.origin));
  if (initialWeights !== null) trainer.loadWeights(initialWeights);
  const checkpoint = fork === null ? own : forkedCheckpoint(trainer.parts, fork);
  if (checkpoint !== null) trainer.take(checkpoint);
  return trainer;
}

class NetworkTrainer implements Trainer {
  readonly parts: TrainerParts;
  readonly #statistics: Snapshot;
  readonly #best: BestWeights;
  readonly #trend = new GradientTrend();
  readonly #result = emptyStepResult();
  #step = 0;
  #epoch = 0;
  #epochPending = false;
  #stopped = false;
  readonly #sums = new EpochSums();
  #lastEpoch: EpochResult | null = null;
  #divergence: Divergence | null = null;

  constructor(parts: TrainerParts) {
    this.parts = parts;
    const statistics = parts.model.states.filter(({ parameter }) => parameter === null);
    this.#statistics = new Snapshot(statistics.map(({ tensor }) => tensor));
    this.#best = new BestWeights(parts.model);
  }

  get parameterCount(): number {
    return this.parts.model.parameterCount;
  }
  get stepsPerEpoch(): number {
    return this.parts.batcher.stepsPerEpoch;
  }
  get totalSteps(): number {
    return this.parts.totalSteps;
  }
  get step(): number {
    return this.#step;
  }
  get epoch(): number {
    return this.#epoch;
  }
  get done(): boolean {
    return this.#divergence !== null || (!this.#epochPending && (this.#stopped || this.#step >= this.totalSteps));
  }
  get bestEpoch(): BestEpoch | null {
    return this.#best.epoch;
  }
  get lastEpoch(): EpochResult | null {
    return this.#lastEpoch;
  }
  get divergence(): Divergence | null {
    return this.#divergence;
  }

  learningRate(step: number): number {
    return this.parts.schedule(step);
  }

  startsEpoch(step: number): boolean {
    return (step - this.parts.origin.step) % this.stepsPerEpoch === 0;
  }

  trainStep(): StepResult {
    if (this.done) throw new Error('the run is over: no step is left');
    if (this.#epochPending) throw new Error('the epoch has ended: finishEpoch comes before the next step');
    const { kernels, model, loss, batcher, optimizer, probes, health, weightDecay, clipNorm } = this.parts;
    const { parameters } = model;
    const t = this.#step;

    batcher.next();
    const rows = batcher.rows;
    kernels.gatherRows(this.parts.source, this.parts.indices, batcher.first, rows, model.input);
    kernels.expectRows(this.parts.source, this.parts.indices, batcher.nextFirst, batcher.nextRows);
    fillTargets(this.parts.data, loss, this.parts.indices.data, batcher.first, rows);

    this.#statistics.take();
    model.forward(rows, true, t);
    const sum = loss.evaluate(rows, model.outputGradient);
    const penalty = weightDecay === 0 ? 0 : decayLoss(kernels, parameters, weightDecay);
    this.#fill(t, rows, sum / rows + penalty);
    // Checked before the backward pass: a bad loss makes bad gradients, and those must not reach the weights.
    if (!Number.isFinite(this.#result.loss)) return this.#diverge(firstBadForward(model, rows));

    model.backward(rows, t);
    if (this.parts.keepGradients || probes.dueAt(t + 1)) probes.keepGradients(t + 1);
    const watched = health.dueAt(t + 1);
    if (watched) health.takeGradients(t + 1);
    if (weightDecay !== 0) addDecay(kernels, parameters, weightDecay);
    let norm = gradientNorm(kernels, parameters);
    this.#trend.push(norm);
    if (clipNorm !== null && norm > clipNorm && Number.isFinite(norm)) {
      clipByNorm(kernels, parameters, norm, clipNorm);
      norm = clipNorm;
    }
    if (!(norm <= LARGEST_GRADIENT_NORM)) {
      // The gradients that were not followed belong to the last state there is.
      if (health.enabled) health.takeGradients(t);
      return this.#diverge(firstBadGradient(model));
    }

    if (watched) health.beforeUpdate();
    optimizer.update(this.#result.lr, t - this.parts.origin.optimizerStep);
    if (watched) health.afterUpdate();
    this.#sums.add(this.#result.loss, loss.correct(), rows);
    this.#step = t + 1;
    this.#epochPending = batcher.epochEnded || this.#step === this.parts.totalSteps;
    this.#result.epochEnded = this.#epochPending;
    return this.#result;
  }

  finishEpoch(): EpochResult {
    if (!this.#epochPending) throw new Error('the epoch has not ended yet');
    const { data, policy, batcher } = this.parts;
    const train = this.runningScore();
    const validation = data.validation.length > 0 ? this.score(data.validation) : null;
    this.#epoch++;
    this.#epochPending = false;
    let best = false;
    if (validation !== null) {
      const verdict = policy.judge(validation);
      best = verdict.best;
      this.#stopped = verdict.stop;
      if (best) this.#best.take({ epoch: this.#epoch, step: this.#step, validation });
    }
    this.#sums.clear();
    if (batcher.epochEnded) batcher.startEpoch();
    this.#lastEpoch = { epoch: this.#epoch, step: this.#step, train, validation, best, stop: this.#stopped };
    return this.#lastEpoch;
  }

  runningScore(): Score {
    return this.#sums.score();
  }

  histogramsDue(): boolean {
    return this.parts.probes.dueAt(this.#step);
  }
  histograms(): Omit<HistogramFrame, 'runId'>[] {
    return this.parts.probes.histograms(this.#step);
  }

  healthDue(): boolean {
    const { health } = this.parts;
    return health.dueAt(this.#step) || (health.enabled && this.#divergence !== null);
  }
  health(): Float32Array {
    return this.parts.health.sample(this.#step);
  }

  score(rows: Int32Array, onRows?: OnRows): Score {
    const { kernels, model, weightDecay } = this.parts;
    const penalty = weightDecay === 0 ? 0 : decayLoss(kernels, model.parameters, weightDecay);
    return this.parts.scorer.score(rows, penalty, onRows);
  }
  withWeights<T>(which: 'last' | 'best', action: () => T): T {
    return which === 'last' ? action() : this.#best.during(action);
  }
  predict(rows: Int32Array, onRows?: OnRows): Prediction {
    return this.parts.scorer.predict(rows, onRows);
  }
  outputs(rows: Int32Array): RawOutputs {
    return this.parts.scorer.outputs(rows);
  }

  weights(which: 'last' | 'best'): WeightSet {
    return which === 'last' ? readWeights(this.parts.model) : this.#best.read();
  }
  loadWeights(weights: WeightSet): void {
    loadWeights(this.parts.model, weights);
  }
  gradients(): ReadonlyMap<string, FloatArray> {
    if (!this.parts.keepGradients) throw new Error('gradients are kept only for a trainer made with keepGradients');
    return this.parts.probes.keptGradients();
  }
  states(): ReadonlyMap<string, FloatArray> {
    return new Map(this.parts.model.states.map(({ name, tensor }) => [name, tensor.data]));
  }

  checkpoint(): Uint8Array {
    const parts = this.parts;
    return encodeCheckpoint({
      state: {
        kernels: parts.kernels.name,
        dtype: parts.kernels.dtype,
        optimizer: parts.optimizerType,
        stepsPerEpoch: this.stepsPerEpoch,
        step: this.#step,
        epoch: this.#epoch,
        epochPending: this.#epochPending,
        stopped: this.#stopped,
        batcher: parts.batcher.state(),
        sums: this.#sums.state(),
        best: this.#best.epoch,
        lastEpoch: this.#lastEpoch,
        stop: parts.policy.state(),
        gradientNorms: this.#trend.values(),
        ...(parts.origin === BEGINNING ? {} : { origin: parts.origin }),
      },
      tensors: checkpointTensors(parts, this.#best.epoch === null ? null : this.#best.values),
    });
  }

  restore(bytes: Uint8Array): void {
    this.take(decodeCheckpoint(bytes));
  }

  take(checkpoint: Checkpoint): void {
    const { state } = checkpoint;
    restoreTensors(this.parts, checkpoint, this.#best.values);
    this.parts.batcher.restore(state.batcher);
    this.parts.policy.restore(state.stop);
    this.#trend.restore(state.gradientNorms);
    this.#step = state.step;
    this.#epoch = state.epoch;
    this.#epochPending = state.epochPending;
    this.#stopped = state.stopped;
    // What was saved was finite.
    this.#divergence = null;
    this.#sums.restore(state.sums);
    this.#best.epoch = state.best;
    this.#lastEpoch = state.lastEpoch;
  }

  #fill(t: number, rows: number, loss: number): void {
    const result = this.#result;
    result.step = t;
    result.epoch = this.#epoch;
    result.loss = loss;
    result.accuracy = this.parts.loss.correct() / rows;
    result.lr = this.parts.schedule(t);
    result.rows = rows;
    result.epochEnded = false;
    result.diverged = false;
  }

  /** Leaves the run as it was before the bad step: the weights were not touched, the rest is taken back. */
  #diverge(culprit: Culprit): StepResult {
    this.#statistics.putBack();
    this.parts.batcher.undo();
    this.#divergence = {
      step: this.#result.step,
      lr: this.#result.lr,
      tensor: culprit.tensor,
      problem: culprit.problem,
      layer: culprit.layer,
      gradientNorms: this.#trend.values(),
    };
    this.#result.diverged = true;
    return this.#result;
  }
}
