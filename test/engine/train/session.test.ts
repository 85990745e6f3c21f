import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import { runId } from '../../../engine/spec/ids.ts';
import type { MetricChunk } from '../../../engine/spec/metric.ts';
import type { RunSpecInput } from '../../../engine/spec/run-spec.ts';
import { createSession } from '../../../engine/train/session.ts';
import type { SessionEvent, SessionOptions } from '../../../engine/train/session-types.ts';
import { SpeedMeter } from '../../../engine/train/speed-meter.ts';
import type { StepResult } from '../../../engine/train/trainer-types.ts';
import { randomClasses, runSteps, specOf, trainerOf } from '../../support/runs.ts';

const kernels = createReferenceKernels('float32');
const data = randomClasses(60, [5], 3, { validation: 10, test: 10 });
const id = runId('abcdefghijkl');

const specWith = (training: Partial<RunSpecInput['training']> = {}, more: Partial<RunSpecInput> = {}) =>
  specOf({
    model: {
      layers: [
        { type: 'affine', units: 6 },
        { type: 'dropout', rate: 0.1 },
        { type: 'affine', units: 3 },
      ],
    },
    optimizer: { type: 'momentum', lr: 0.05 },
    schedule: { type: 'step', gamma: 0.5, every: 6 },
    training: { batchSize: 10, epochs: 3, histograms: { enabled: false }, ...training },
    ...more,
  });

/** A session under a clock that moves by `stepMs` with every step, and words that tests set. */
function harness(spec = specWith(), more: Partial<SessionOptions> & { stepMs?: number; resumeFrom?: Uint8Array } = {}) {
  const { stepMs = 1, resumeFrom, ...options } = more;
  const trainer = trainerOf(kernels, spec, data, { resumeFrom: resumeFrom ?? null });
  const time = { now: 1000 };
  const words = { word: 'run' as 'run' | 'pause' | 'stop', singleSteps: 0, ready: true };
  const events: SessionEvent[] = [];
  const steps: StepResult[] = [];
  const session = createSession({
    runId: id,
    spec,
    data,
    trainer,
    clock: { now: () => time.now },
    control: {
      read: () => words.word,
      takeSingleStep: () => {
        if (words.singleSteps === 0) return false;
        words.singleSteps--;
        return true;
      },
    },
    sink: {
      event: (event) => events.push(event),
      step: (result) => {
        steps.push({ ...result });
        time.now += stepMs;
      },
      ready: () => words.ready,
    },
    ...options,
  });
  const types = () => events.map((event) => (event.type === 'checkpoint' ? `checkpoint ${event.reason}` : event.type));
  return { session, trainer, time, words, events, steps, types };
}

/** All points of a metric, put together from the chunks. */
function points(events: readonly SessionEvent[], metric: string, split: string): [number, number][] {
  return events
    .flatMap((event) => (event.type === 'chunk' ? [event.chunk] : []))
    .filter((chunk: MetricChunk) => chunk.metric === metric && chunk.split === split)
    .flatMap(({ steps, values }) => Array.from(steps, (step, i): [number, number] => [step, values[i]!]));
}
function healthSteps(events: readonly SessionEvent[]): number[] {
  return events.flatMap((event) => (event.type === 'health' ? [...event.chunk.steps] : []));
}
const checkpoints = (events: readonly SessionEvent[]) => events.flatMap((e) => (e.type === 'checkpoint' ? [e] : []));

describe('a session', () => {
  test('runs to the end and tells everything in order', () => {
    const { session, trainer, events, steps, types } = harness();
    expect(session.advance(Infinity)).toBe('finished');
    expect(trainer.done).toBe(true);
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    const told = types();
    expect(told.slice(0, 2)).toEqual(['health', 'checkpoint start']);
    expect(told.filter((type) => type === 'epoch')).toHaveLength(3);
    expect(told.at(-1)).toBe('finished');
    expect(told.filter((type) => type === 'checkpoint finish')).toHaveLength(1);
    expect(points(events, 'loss', 'batch')).toEqual(steps.map(({ step, loss }) => [step, Math.fround(loss)]));
    expect(points(events, 'accuracy', 'batch')).toEqual(
      steps.map(({ step, accuracy }) => [step, Math.fround(accuracy)]),
    );
    expect(points(events, 'loss', 'validation').map(([step]) => step)).toEqual([4, 8, 12]);
    expect(healthSteps(events)).toEqual([0, 1, 2, 4, 8, 12]);
    expect(points(events, 'samples-per-second', 'train').map(([step]) => step)).toEqual([4, 8, 12]);
  });

  test('the speed is that of the whole epoch with its validation, over at least 200 ms', () => {
    const speeds = (stepMs: number, validationMs: number) => {
      const { session, events, time, trainer } = harness(specWith({ epochs: 6 }), { stepMs });
      const finishEpoch = trainer.finishEpoch.bind(trainer);
      trainer.finishEpoch = () => {
        time.now += validationMs;
        return finishEpoch();
      };
      session.advance(Infinity);
      return events.flatMap((event) => (event.type === 'epoch' ? [event.samplesPerSecond] : []));
    };
    // 40 rows in 4 steps of 100 ms and 100 ms of validation.
    expect(speeds(100, 100)).toEqual([80, 80, 80, 80, 80, 80]);
    // 100 ms an epoch: two of them make the 200 ms.
    expect(speeds(10, 60)).toEqual([400, 400, 400, 400, 400, 400]);
  });

  test('the speed of short epochs is measured over several of them', () => {
    const meter = new SpeedMeter(1000);
    const at = (ms: number, rows: number) => {
      meter.add(rows);
      return meter.at(ms);
    };
    expect(at(1001, 100)).toBe(100_000);
    expect(at(1100, 100)).toBe(2000);
    expect(at(1250, 100)).toBe(300 / 0.25);
    expect(at(1300, 100)).toBe(200 / 0.2);
    expect(at(2300, 100)).toBe(100);
  });

  test('the learning rate has a point wherever a line needs one', () => {
    const { session, events } = harness(specWith({ epochs: undefined, steps: 14 }));
    session.advance(Infinity);
    const rates: [number, number][] = [
      [0, 0.05],
      [4, 0.05],
      [5, 0.05],
      [6, 0.025],
      [8, 0.025],
      [11, 0.025],
      [12, 0.0125],
      [13, 0.0125],
    ];
    expect(points(events, 'learning-rate', 'batch')).toEqual(rates.map(([step, lr]) => [step, Math.fround(lr)]));
  });

  test('the result holds the last epoch, the best one and the test split scored with the best weights', () => {
    const { session, trainer, events } = harness();
    session.advance(Infinity);
    const result = session.result!;
    const test = trainer.withWeights('best', () => trainer.score(data.test));
    expect(result).toMatchObject({
      status: 'completed',
      steps: 12,
      epochs: 3,
      evaluated: 'best',
      test,
      earlyStopped: false,
    });
    expect(result.train).toEqual(trainer.lastEpoch?.train);
    expect(result.bestEpoch).toEqual(trainer.bestEpoch);
    expect(result.divergence).toBeNull();
    expect(points(events, 'loss', 'test')).toEqual([[12, Math.fround(test.loss)]]);
    expect(events.at(-1)).toEqual({ type: 'finished', result });
    expect(session.advance(Infinity)).toBe('finished');
  });

  test('leaves the test split alone when told to', () => {
    const read: number[] = [];
    const { session, trainer } = harness(specWith(), { scoreTest: 'never' });
    const score = trainer.score.bind(trainer);
    trainer.score = (rows) => {
      read.push(...rows);
      return score(rows);
    };
    session.advance(Infinity);
    expect(session.result?.test).toBeNull();
    expect(read.filter((row) => data.test.includes(row))).toEqual([]);
  });

  test('goes on from call to call, at least one step each', () => {
    const { session, steps, time } = harness(specWith(), { stepMs: 10 });
    expect(session.advance(time.now + 25)).toBe('running');
    expect(steps).toHaveLength(3);
    expect(session.advance(0)).toBe('running');
    expect(steps).toHaveLength(4);
    expect(session.advance(Infinity)).toBe('finished');
    expect(steps).toHaveLength(12);
  });

  test('closes a chunk every 100 ms', () => {
    const { session, events } = harness(specWith({ epochs: 10, batchSize: 1 }), { stepMs: 30 });
    session.advance(1000 + 30 * 39);
    const chunks = events.flatMap((event) => (event.type === 'chunk' ? [event.chunk] : []));
    const losses = chunks.filter(({ metric, split }) => metric === 'loss' && split === 'batch');
    // One step every 30 ms: the fifth is the first that is 100 ms younger than the first.
    expect(losses.slice(0, 3).map(({ steps, startMs, endMs }) => [steps.length, startMs, endMs])).toEqual([
      [5, 0, 120],
      [5, 150, 270],
      [5, 300, 420],
    ]);
  });

  test('closes a chunk at 512 points', () => {
    const { session, events } = harness(specWith({ epochs: 30, batchSize: 1 }), { stepMs: 0 });
    session.advance(Infinity);
    const chunks = events.flatMap((event) => (event.type === 'chunk' ? [event.chunk] : []));
    expect(chunks.every(({ steps, values }) => steps.length === values.length && steps.length <= 512)).toBe(true);
    expect(points(events, 'loss', 'batch')).toHaveLength(1200);
  });

  test('lets points pile up while the other side is not ready, and drops none', () => {
    const { session, events, words, steps } = harness(specWith({ epochs: 40, batchSize: 1 }), { stepMs: 1 });
    words.ready = false;
    session.advance(1000 + 39);
    expect(events.some((event) => event.type === 'chunk')).toBe(false);
    words.ready = true;
    session.advance(Infinity);
    expect(points(events, 'loss', 'batch').map(([step]) => step)).toEqual(steps.map(({ step }) => step));
    expect(steps.length).toBe(1600);
  });
});

describe('control', () => {
  test('pause freezes the step counter and the clock; one step advances by exactly one', () => {
    const { session, steps, words, types, time, events } = harness(specWith(), { stepMs: 5 });
    session.advance(time.now + 8);
    expect(steps).toHaveLength(2);
    words.word = 'pause';
    expect(session.advance(Infinity)).toBe('paused');
    expect(session.state).toBe('paused');
    expect(types().slice(-2)).toEqual(['checkpoint pause', 'paused']);
    time.now += 60_000;
    expect(session.advance(Infinity)).toBe('paused');
    expect(steps).toHaveLength(2);
    expect(session.elapsedMs).toBe(10);
    words.singleSteps = 1;
    expect(session.advance(Infinity)).toBe('paused');
    expect(steps).toHaveLength(3);
    expect(points(events, 'loss', 'batch')).toHaveLength(3);
    expect(session.elapsedMs).toBe(15);
    words.word = 'run';
    expect(session.advance(Infinity)).toBe('finished');
    expect(types().filter((type) => type === 'resumed')).toHaveLength(1);
    expect(session.result?.elapsedMs).toBe(60);
  });

  test('stop ends the run with its weights, its checkpoint and a test score', () => {
    const { session, words, time, types } = harness(specWith(), { stepMs: 5 });
    session.advance(time.now + 8);
    words.word = 'stop';
    expect(session.advance(Infinity)).toBe('finished');
    expect(session.result).toMatchObject({ status: 'stopped', steps: 2, epochs: 0, train: null, evaluated: 'last' });
    expect(session.result?.test?.loss).toBeGreaterThan(0);
    expect(types()).toContain('checkpoint stop');
  });

  test('stop works while paused', () => {
    const { session, words } = harness();
    words.word = 'pause';
    expect(session.advance(Infinity)).toBe('paused');
    words.word = 'stop';
    expect(session.advance(Infinity)).toBe('finished');
    expect(session.result).toMatchObject({ status: 'stopped', steps: 0 });
  });

  test('pausing and single steps change no number of the run', () => {
    const straight = harness();
    straight.session.advance(Infinity);
    const halting = harness();
    for (let i = 0; i < 5; i++) {
      halting.words.word = 'pause';
      halting.words.singleSteps = i % 2;
      halting.session.advance(Infinity);
      halting.words.word = 'run';
      halting.session.advance(0);
    }
    halting.session.advance(Infinity);
    expect(halting.steps).toEqual(straight.steps);
    expect(halting.trainer.weights('last')).toEqual(straight.trainer.weights('last'));
  });
});

describe('checkpoints', () => {
  test('a session continued from any of them logs what the uninterrupted one logged', () => {
    const spec = specWith({ checkpoint: { everyEpochs: 1 }, histograms: { enabled: true } });
    const whole = harness(spec);
    whole.session.advance(Infinity);
    const series = (events: readonly SessionEvent[], from: number) =>
      (['loss', 'accuracy', 'learning-rate'] as const).flatMap((metric) =>
        (['batch', 'train', 'validation', 'test'] as const).map((split) =>
          points(events, metric, split).filter(([step]) => step > from || (split === 'batch' && step === from)),
        ),
      );
    const frames = (events: readonly SessionEvent[], from: number) =>
      events.flatMap((event) => (event.type === 'histograms' && event.step > from ? event.frames : []));
    expect(checkpoints(whole.events).map(({ reason, step }) => [reason, step])).toEqual([
      ['start', 0],
      ['epoch', 4],
      ['epoch', 8],
      ['finish', 12],
    ]);
    for (const { step, bytes } of checkpoints(whole.events).slice(0, 3)) {
      const rest = harness(spec, { resumeFrom: bytes });
      rest.session.advance(Infinity);
      expect(series(rest.events, step)).toEqual(series(whole.events, step));
      expect(frames(rest.events, step)).toEqual(frames(whole.events, step));
      expect(rest.trainer.weights('best')).toEqual(whole.trainer.weights('best'));
      expect({ ...rest.session.result, elapsedMs: 0 }).toEqual({ ...whole.session.result, elapsedMs: 0 });
    }
  });

  test('every step is told before the checkpoint that includes it', () => {
    const { session, events } = harness(specWith({ checkpoint: { everyMinutes: 0.0001 } }), { stepMs: 5 });
    session.advance(Infinity);
    for (const [i, event] of events.entries()) {
      if (event.type !== 'checkpoint') continue;
      const told = points(events.slice(0, i), 'loss', 'batch').map(([step]) => step);
      expect(told).toEqual(Array.from({ length: event.step }, (_, step) => step));
    }
    expect(checkpoints(events).filter(({ reason }) => reason === 'interval').length).toBeGreaterThan(3);
  });

  test('by default one comes with an epoch when the last is old enough, and in the middle of a long one', () => {
    const reasons = (stepMs: number) => {
      const { session, events } = harness(specWith(), { stepMs });
      session.advance(Infinity);
      return checkpoints(events).map(({ reason, step }) => `${reason} ${step}`);
    };
    expect(reasons(1)).toEqual(['start 0', 'finish 12']);
    expect(reasons(1000)).toEqual(['start 0', 'epoch 4', 'epoch 8', 'finish 12']);
    expect(reasons(20_000)).toEqual([
      'start 0',
      'interval 2',
      'epoch 4',
      'interval 6',
      'epoch 8',
      'interval 10',
      'finish 12',
    ]);
  });

  test('by default the first comes soon, the next ones further apart, up to 3 s', () => {
    const { session, events } = harness(specWith({ epochs: 80 }), { stepMs: 25 });
    session.advance(Infinity);
    const times = checkpoints(events).map(({ elapsedMs }) => elapsedMs);
    expect(times).toEqual([0, 500, 1500, 3500, 6500, 8000]);
  });

  test('those that take long are rarer, so that they stay below 5 % of the time', () => {
    const { session, events, time, trainer } = harness(specWith({ epochs: 120 }), { stepMs: 25 });
    const checkpoint = trainer.checkpoint.bind(trainer);
    trainer.checkpoint = () => {
      time.now += 200;
      return checkpoint();
    };
    session.advance(Infinity);
    const times = checkpoints(events).map(({ elapsedMs }) => elapsedMs);
    expect(times).toEqual([0, 4000, 8000, 12_000, 12_800]);
  });

  test('suspend saves where the run is and leaves it unfinished', () => {
    const { session, time, events, types } = harness(specWith(), { stepMs: 5 });
    session.advance(time.now + 12);
    session.suspend();
    expect(session.state).toBe('running');
    expect(types().at(-1)).toBe('checkpoint suspend');
    const saved = checkpoints(events).at(-1)!;
    const rest = harness(specWith(), { resumeFrom: saved.bytes, elapsedMs: saved.elapsedMs });
    rest.session.advance(Infinity);
    expect(rest.steps[0]?.step).toBe(3);
    expect(rest.session.result).toMatchObject({ steps: 12, elapsedMs: 15 + 9 });
  });
});

describe('ends', () => {
  test('a run suspended before its first step can be resumed all the same', () => {
    const { session, events } = harness(specWith());
    session.suspend();
    const [start] = checkpoints(events);
    const rest = harness(specWith(), { resumeFrom: start!.bytes });
    rest.session.advance(Infinity);
    expect(rest.steps).toHaveLength(12);
  });

  test('a diverged run keeps its finite weights, tells why and does not open the test split', () => {
    const { session, trainer, events, steps } = harness(specWith());
    session.advance(0);
    trainer.states().get('layers.2.bias')!.fill(NaN);
    session.advance(Infinity);
    expect(session.result).toMatchObject({ status: 'diverged', test: null, steps: 1 });
    expect(session.result?.divergence?.tensor).toBe('affine 2, bias');
    expect(steps.at(-1)).toMatchObject({ step: 1, diverged: true, loss: NaN });
    expect(points(events, 'loss', 'batch').at(-1)).toEqual([1, NaN]);
  });

  test('early stopping completes the run and says so', () => {
    const training = { epochs: 100, earlyStopping: { patience: 2, minChange: 10 } };
    const { session, trainer } = harness(specWith(training));
    session.advance(Infinity);
    expect(session.result).toMatchObject({ status: 'completed', earlyStopped: true, epochs: 3 });
    const resumed = harness(specWith(training), { resumeFrom: trainer.checkpoint() });
    expect(resumed.session.advance(Infinity)).toBe('finished');
    expect(resumed.session.result).toMatchObject({ earlyStopped: true, epochs: 3, steps: 12 });
    expect(resumed.steps).toEqual([]);
  });

  test('a new run shows histograms and health at step 0, a resumed one does not repeat them', () => {
    const spec = specWith({ histograms: { earlySteps: 0 } });
    const first = harness(spec);
    first.session.advance(0);
    expect(first.types()).toEqual(['histograms', 'health', 'checkpoint start']);
    const other = trainerOf(kernels, spec, data);
    runSteps(other, 4);
    const second = harness(spec, { resumeFrom: other.checkpoint() });
    second.session.advance(0);
    expect(second.types()).toEqual([]);
    second.session.advance(Infinity);
    expect(healthSteps(second.events)).toEqual([8, 12]);
  });
});
