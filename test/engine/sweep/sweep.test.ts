/** The sweep state machine: who starts when, what a restart changes (nothing), how trials and sweeps end. */

import { describe, expect, it } from 'vitest';
import type { TrialParams } from '../../../engine/spec/search-space.ts';
import type { SweepSpecInput } from '../../../engine/spec/sweep-spec.ts';
import { bestTrial, rankEnded } from '../../../engine/sweep/objective.ts';
import { newSweep, restoreSweep } from '../../../engine/sweep/stored-sweep.ts';
import { advance } from '../../../engine/sweep/sweep.ts';
import type { SweepState } from '../../../engine/sweep/sweep-types.ts';
import { trialRunSpec } from '../../../engine/sweep/trial-run.ts';
import { epochsOf } from '../../../engine/sweep/trial.ts';
import { Simulation, type PretendedRun } from './simulation.ts';
import { SPACE, sweepOf, type SweepParts } from './support.ts';

/** A run that gets the better the nearer its learning rate is to 1e-3, and takes longer the larger it is. */
function pretended(params: TrialParams, trial: number): PretendedRun {
  const off = Math.abs(Math.log10(params['optimizer.lr'] as number) + 3);
  const curve = Array.from({ length: 9 }, (_, i) => (1 - 0.2 * off) * (1 - 0.5 ** (i + 1)));
  return { curve, ticks: 1 + (trial % 3) };
}

function simulate(
  parts: SweepParts,
  workers = 1,
  run: (p: TrialParams, t: number, r: number) => PretendedRun = pretended,
) {
  return new Simulation(newSweep(sweepOf({ trials: 12, ...parts }), workers), run);
}

const paramsOf = ({ trials }: SweepState): TrialParams[] => trials.map(({ params }) => params);
const resultsOf = ({ trials }: SweepState): unknown[] =>
  trials.map(({ number, params, status, score, reports, reason }) => ({
    number,
    params,
    status,
    score,
    reports,
    reason,
  }));

describe('workers', () => {
  it.each(['random', 'sobol', 'narrow'] as const)('%s has the same trials with one and with four', (type) => {
    const one = simulate({ sampler: { type } }, 1).send({ type: 'go' }).run();
    const four = simulate({ sampler: { type } }, 4).send({ type: 'go' }).run();
    expect(one.state.status).toBe('completed');
    expect(resultsOf(four.state)).toEqual(resultsOf(one.state));
    // The order they end in differs, or this would show nothing.
    const order = ({ log }: Simulation): string[] => log.filter((line) => line.startsWith('completed'));
    expect(order(four)).not.toEqual(order(one));
  });

  it('cma-es too, since a generation waits for the one before', () => {
    const parts: SweepParts = { sampler: { type: 'cma-es' }, trials: 20 };
    const [one, three] = [1, 3].map((workers) => simulate(parts, workers).send({ type: 'go' }).run());
    expect(resultsOf(three!.state)).toEqual(resultsOf(one!.state));
  });

  it('never has more trials running than workers, and uses them all', () => {
    const sweep = simulate({}, 3).send({ type: 'go' });
    expect(sweep.running).toEqual([0, 1, 2]);
    sweep.send({ type: 'workers', count: 5 });
    expect(sweep.running).toHaveLength(5);
    sweep.send({ type: 'workers', count: 1 }).run(3);
    expect(sweep.running.length).toBeLessThanOrEqual(5);
    sweep.run();
    expect(sweep.state.status).toBe('completed');
  });
});

describe('a restart', () => {
  it.each([
    ['random', {}],
    ['tpe', { sampler: { type: 'tpe', startup: 4 } }],
    ['cma-es', { sampler: { type: 'cma-es' } }],
    ['narrow', { sampler: { type: 'narrow' } }],
    ['median', { pruner: { type: 'median', startupTrials: 2 } }],
    ['asha', { pruner: { type: 'asha' } }],
    ['hyperband', { pruner: { type: 'hyperband' } }],
    ['three seeds', { seedsPerTrial: 3 }],
    ['asha, several restarts', { pruner: { type: 'asha' }, trials: 20 }],
  ] as const satisfies readonly (readonly [string, SweepParts])[])(
    'at any moment changes nothing: %s',
    (_name, parts) => {
      const whole = simulate(parts).send({ type: 'go' }).run();
      for (let ticks = 0; ticks < 60; ticks += 7) {
        const before = simulate(parts).send({ type: 'go' }).run(ticks);
        const stored = before.vanish();
        // Through JSON, as the store would have it.
        const state = restoreSweep(JSON.parse(JSON.stringify(before.state)) as SweepState);
        const after = new Simulation(state, pretended).adopt(stored).send({ type: 'go' }).run();
        expect(after.state.status).toBe('completed');
        expect(resultsOf(after.state)).toEqual(resultsOf(whole.state));
        const started = [...before.log, ...after.log].filter((line) => line.startsWith('start'));
        const again = started.filter((line, i) => started.indexOf(line) !== i);
        // Begun anew only where there was no checkpoint yet.
        for (const line of again) expect(stored.get(line.slice('start '.length)) ?? 0).toBe(0);
      }
    },
  );

  it('keeps a decision to prune that was not carried out yet', () => {
    const sweep = simulate({ pruner: { type: 'threshold', below: 2 } });
    let state = advance(sweep.state, { type: 'go' }).state;
    state = advance(state, { type: 'report', trial: 0, epoch: 1, value: 0.5 }).state;
    expect(state.trials[0]).toMatchObject({ status: 'running', reason: { code: 'threshold' } });
    const { state: after, actions } = advance(restoreSweep(state), { type: 'go' });
    expect(after.trials[0]).toMatchObject({ status: 'pruned', score: 0.5 });
    expect(actions.filter((action) => action.type === 'start')).toMatchObject([{ trial: 1 }]);
  });
});

describe('what a restart finds', () => {
  const begun = advance(simulate({ pruner: { type: 'threshold', below: 0.4 } }).state, { type: 'go' }).state;
  const stored = (reports: readonly number[], change: object = {}): SweepState =>
    restoreSweep({ ...begun, trials: [{ ...begun.trials[0]!, ...change, reports: [reports] }] });

  it('a last epoch nobody judged: it is judged now, the ones before are not again', () => {
    const bad = advance(stored([0.5, 0.1]), { type: 'go' });
    expect(bad.state.trials[0]).toMatchObject({ status: 'pruned', reason: { code: 'threshold' } });
    const good = advance(stored([0.1, 0.5]), { type: 'go' });
    expect(good.state.trials[0]).toMatchObject({ status: 'running', reason: null });
    expect(good.actions).toContainEqual({ type: 'start', trial: 0, repeat: 0, until: 3 });
  });

  it('a trial someone had stopped: it stays stopped', () => {
    const reason = { code: 'stopped', message: 'stopped by hand', values: {} };
    const { state } = advance(stored([0.5], { reason }), { type: 'go' });
    expect(state.trials[0]).toMatchObject({ status: 'pruned', reason, score: 0.5 });
  });
});

describe('suggestions by hand', () => {
  const enqueue = [{ 'optimizer.lr': 1e-3 }, { 'optimizer.lr': 5e-3, 'optimizer.weightDecay': 1e-5 }];

  it('come first and do not shift the sampler’s list', () => {
    const plain = simulate({ trials: 4 }).send({ type: 'go' }).run();
    const { state } = simulate({ trials: 6, enqueue }).send({ type: 'go' }).run();
    expect(state.trials.map(({ place }) => place)).toEqual([null, null, 0, 1, 2, 3]);
    expect(paramsOf(state)[0]).toMatchObject(enqueue[0]!);
    expect(paramsOf(state)[1]).toEqual(enqueue[1]);
    expect(paramsOf(state).slice(2)).toEqual(paramsOf(plain.state));
  });

  it('can be added and put in order while the sweep runs, one trial more each, and open one that was over', () => {
    const sweep = simulate({ trials: 3 }).send({ type: 'go' });
    for (const lr of [1e-3, 2e-3, 3e-3]) sweep.send({ type: 'enqueue', params: { 'optimizer.lr': lr } });
    sweep.send({ type: 'reorder', seen: sweep.state.queue, order: [2, 0, 2, 7] }).run();
    const lrs = paramsOf(sweep.state).map((params) => params['optimizer.lr']);
    expect(lrs.slice(1, 3)).toEqual([3e-3, 1e-3]);
    // The one left out is not made up for.
    expect(sweep.state.trials).toHaveLength(5);
    sweep.send({ type: 'enqueue', params: { 'optimizer.lr': 4e-3 } }).run();
    expect(sweep.state.status).toBe('completed');
    expect(paramsOf(sweep.state)[5]).toMatchObject({ 'optimizer.lr': 4e-3 });
  });

  it('can be dropped from a grid, which ends with its last cell', () => {
    const space: SweepParts['space'] = { 'optimizer.lr': { type: 'choice', values: [1e-3, 2e-3] } };
    const sweep = simulate({ sampler: { type: 'grid' }, space, trials: 2 }).send({ type: 'go' });
    sweep.send({ type: 'enqueue', params: { 'optimizer.lr': 2e-3 } });
    sweep.send({ type: 'reorder', seen: sweep.state.queue, order: [] }).run();
    expect(sweep.state.status).toBe('completed');
    expect(sweep.state.trials).toHaveLength(2);
  });

  it('are put in order by what was seen, whatever has begun or come meanwhile', () => {
    const suggestion = (lr: number): TrialParams => ({ 'optimizer.lr': lr });
    const [a, b, c] = [1e-3, 2e-3, 3e-3].map(suggestion) as [TrialParams, TrialParams, TrialParams];
    const begun = (seen: readonly TrialParams[]): Simulation => {
      const sweep = simulate({ trials: 12 }).send({ type: 'go' });
      for (const params of seen) sweep.send({ type: 'enqueue', params });
      while (sweep.state.trials.length < 2) sweep.run(1);
      return sweep.send({ type: 'enqueue', params: c });
    };
    // `a` has begun, `c` came later: dropping `b` drops that one.
    const dropped = begun([a, b]).send({ type: 'reorder', seen: [a, b], order: [0] });
    expect(dropped.state).toMatchObject({ queue: [c], total: 14 });
    // Of two that are the same it is the first that has begun.
    const twice = begun([a, a]).send({ type: 'reorder', seen: [a, a], order: [0] });
    expect(twice.state).toMatchObject({ queue: [c], total: 14 });
    const kept = begun([a, b]).send({ type: 'reorder', seen: [a, b], order: [1, 0] });
    expect(kept.state).toMatchObject({ queue: [b, c], total: 15 });
  });
});

describe('endings', () => {
  it('of a trial: score, epochs, reasons', () => {
    const runs: PretendedRun[] = [
      { curve: [0.1, 0.9, 0.5] },
      { curve: [0.3], end: 'diverged' },
      { curve: [], end: 'failed' },
      { curve: [] },
      { curve: [NaN, NaN] },
    ];
    const sweep = simulate({ trials: 5 }, 1, (_params, trial) => runs[trial]!)
      .send({ type: 'go' })
      .run();
    expect(sweep.state.trials.map(({ status, score, reason }) => [status, score, reason?.code ?? null])).toEqual([
      ['completed', 0.9, null],
      ['failed', null, 'diverged'],
      ['failed', null, 'error'],
      ['failed', null, 'no-score'],
      ['failed', null, 'no-score'],
    ]);
    expect(sweep.state.trials.map(epochsOf)).toEqual([3, 1, 0, 0, 2]);
    expect(sweep.state.status).toBe('completed');
    expect(sweep.state.trials[3]?.reason?.message).toBe('no accuracy on the validation split at the end of any epoch');
  });

  it('the last value when asked for', () => {
    const sweep = simulate({ trials: 1, objective: { at: 'last' } }, 1, () => ({ curve: [0.1, 0.9, 0.5] }));
    expect(sweep.send({ type: 'go' }).run().state.trials[0]?.score).toBe(0.5);
  });

  it('of a sweep without a single score: failed', () => {
    const sweep = simulate({ trials: 3 }, 2, () => ({ curve: [], end: 'failed' }))
      .send({ type: 'go' })
      .run();
    expect(sweep.state.status).toBe('failed');
    expect(bestTrial(sweep.state.spec.objective, sweep.state.trials)).toBeNull();
  });

  it('by the time budget: running trials end, no new one starts', () => {
    const sweep = simulate({}, 2).send({ type: 'go' }).run(4).send({ type: 'time-up' }).run();
    expect(sweep.state.status).toBe('completed');
    expect(sweep.state.trials.length).toBeLessThan(12);
    expect(sweep.state.trials.every(({ status }) => status === 'completed')).toBe(true);
  });

  it('by hand: one trial, then all', () => {
    const sweep = simulate({}, 2).send({ type: 'go' }).run(5);
    sweep.send({ type: 'stop-trial', trial: 0 });
    expect(sweep.state.trials[0]).toMatchObject({ status: 'pruned', reason: { code: 'stopped' } });
    expect(sweep.running).toHaveLength(2);
    sweep.send({ type: 'stop' });
    expect(sweep.state.status).toBe('stopped');
    expect(sweep.running).toEqual([]);
    expect(sweep.log.at(-1)).toBe('sweep stopped');
    // Nobody was left behind.
    expect(sweep.state.trials.every(({ ended }) => ended !== null)).toBe(true);
    sweep.send({ type: 'go' }).run();
    expect(sweep.state.status).toBe('completed');
    expect(sweep.state.trials).toHaveLength(12);
  });
});

describe('a pause', () => {
  it('holds the runs and starts nothing until it goes on', () => {
    const sweep = simulate({}, 2).send({ type: 'go' }).run(3).send({ type: 'pause' });
    const before = resultsOf(sweep.state);
    sweep.run(50);
    expect(resultsOf(sweep.state)).toEqual(before);
    expect(sweep.state.status).toBe('paused');
    sweep.send({ type: 'go' }).run();
    expect(sweep.state.status).toBe('completed');
  });

  it('comes between rounds of narrow when asked for, and takes edited ranges', () => {
    const sweep = simulate({ sampler: { type: 'narrow', rounds: 2, pause: true } }, 2)
      .send({ type: 'go' })
      .run();
    expect(sweep.state.status).toBe('paused');
    expect(sweep.state.trials).toHaveLength(6);
    const lr = { type: 'log-uniform', min: 1e-4, max: 1.5e-4 } as const;
    const space = { ...sweep.state.spec.space, 'optimizer.lr': lr };
    sweep.send({ type: 'edit-ranges', round: 1, space }).send({ type: 'go' }).run();
    expect(sweep.state.status).toBe('completed');
    for (const params of paramsOf(sweep.state).slice(6)) {
      expect(params['optimizer.lr'] as number).toBeGreaterThanOrEqual(1e-4);
      expect(params['optimizer.lr'] as number).toBeLessThanOrEqual(1.5e-4);
    }
  });

  it('by hand, or by a restart, while a round lasts is no leave for the next one', () => {
    const parts: SweepParts = { sampler: { type: 'narrow', rounds: 2, pause: true } };
    const atEnd = (): Simulation => {
      const sweep = simulate(parts, 2).send({ type: 'go' });
      while (sweep.state.trials.length < 6) sweep.run(1);
      return sweep;
    };
    const paused = atEnd().send({ type: 'pause' }).send({ type: 'go' }).run();
    expect(paused.state).toMatchObject({ status: 'paused', roundsConfirmed: 0 });
    const left = atEnd();
    const stored = left.vanish();
    const again = new Simulation(restoreSweep(left.state), pretended).adopt(stored).send({ type: 'go' }).run();
    expect(again.state).toMatchObject({ status: 'paused', roundsConfirmed: 0 });
    expect([paused, again].map(({ state }) => state.trials.length)).toEqual([6, 6]);
    expect(again.send({ type: 'go' }).run().state.status).toBe('completed');
  });
});

describe('a run that cannot go on as it was', () => {
  it('begins anew, and nothing it had reported counts', () => {
    const pruner = { type: 'threshold', below: 0.05 } as const;
    const whole = simulate({ pruner }).send({ type: 'go' }).run();
    const left = simulate({ pruner }).send({ type: 'go' }).run(4);
    // It had been better before, and has come further than the first epoch that is judged.
    left.send({ type: 'report', trial: 0, epoch: 4, value: 2 });
    const again = new Simulation(restoreSweep(left.state), pretended).send({ type: 'go' });
    again.send({ type: 'run-ended', trial: 0, outcome: { how: 'not-exact' } });
    expect(again.state.trials[0]).toMatchObject({ status: 'running', reports: [], judged: 0 });
    expect(again.actions.findLast(({ type }) => type === 'start')).toMatchObject({ trial: 0, until: 1 });
    expect(resultsOf(again.run().state)).toEqual(resultsOf(whole.state));
  });
});

describe('a dead worker', () => {
  it('is forgiven once: the trial goes on from its checkpoint', () => {
    const whole = simulate({}).send({ type: 'go' }).run();
    const sweep = simulate({}).send({ type: 'go' }).run(5).kill(0);
    expect(sweep.log.slice(0, 2)).toEqual(['start 0/0', 'continue 0/0']);
    expect(resultsOf(sweep.run().state)).toEqual(resultsOf(whole.state));
  });

  it('the second time fails the trial with a reason, and the sweep goes on', () => {
    const sweep = simulate({}).send({ type: 'go' }).run(3).kill(0).run(3).kill(0);
    expect(sweep.state.trials[0]).toMatchObject({
      status: 'failed',
      score: null,
      reason: { code: 'worker-died', message: 'twice: the train worker died' },
    });
    expect(sweep.run().state.status).toBe('completed');
  });
});

describe('a retry', () => {
  it('lets a pruned trial run to its end, whatever the pruner thinks', () => {
    const sweep = simulate({ pruner: { type: 'asha' } })
      .send({ type: 'go' })
      .run();
    const pruned = sweep.state.trials.find(({ status }) => status === 'pruned')!;
    sweep.send({ type: 'retry-trial', trial: pruned.number }).run();
    expect(sweep.state.trials[pruned.number]).toMatchObject({ status: 'completed', reason: null });
    expect(sweep.state.status).toBe('completed');
    const order = sweep.state.trials.map(({ ended }) => ended);
    expect(new Set(order).size).toBe(order.length);
  });

  it('does not wake a paused sweep', () => {
    const sweep = simulate({ trials: 3 }, 1, (_p, trial) => ({
      curve: trial === 0 ? [] : [1, 1, 1, 1],
      end: trial === 0 ? 'failed' : 'completed',
    }));
    sweep.send({ type: 'go' }).run(2).send({ type: 'pause' }).send({ type: 'retry-trial', trial: 0 });
    expect(sweep.state.status).toBe('paused');
    expect(sweep.state.trials[0]?.status).toBe('queued');
  });
});

describe('several seeds a trial', () => {
  it('score by the mean, one run after another', () => {
    const curves = [[0.8], [0.6], [0.7]];
    const sweep = simulate({ trials: 1, seedsPerTrial: 3 }, 2, (_p, _t, repeat) => ({ curve: curves[repeat]! }));
    sweep.send({ type: 'go' }).run();
    expect(sweep.log).toEqual(['start 0/0', 'start 0/1', 'start 0/2', 'completed 0', 'sweep completed']);
    expect(sweep.state.trials[0]).toMatchObject({ scores: [0.8, 0.6, 0.7], status: 'completed' });
    expect(sweep.state.trials[0]?.score).toBeCloseTo(0.7, 12);
    expect(epochsOf(sweep.state.trials[0]!)).toBe(3);
  });

  it('fail together: a trial that diverges with one seed has no score', () => {
    const sweep = simulate({ trials: 1, seedsPerTrial: 2 }, 1, (_p, _t, repeat) => ({
      curve: [0.5],
      end: repeat === 1 ? 'diverged' : 'completed',
    }));
    expect(sweep.send({ type: 'go' }).run().state.trials[0]).toMatchObject({ status: 'failed', score: null });
  });
});

describe('ranking', () => {
  it('puts completed before pruned before failed, and the best first', () => {
    const parts: SweepParts = { pruner: { type: 'asha' }, trials: 15 };
    const { state } = simulate(parts).send({ type: 'go' }).run();
    const ranked = rankEnded(state.spec.objective, state.trials);
    const statuses = ranked.map(({ status }) => status);
    expect(statuses).toEqual([...statuses].sort());
    const scores = ranked.filter(({ status }) => status === 'completed').map(({ score }) => score!);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(bestTrial(state.spec.objective, state.trials)).toBe(ranked[0]);
  });
});

describe('a trial’s run', () => {
  it('has the parameters, the length and a seed and name of its own', () => {
    const spec = sweepOf({
      name: 'the search',
      epochsPerTrial: 4,
      seedsPerTrial: 2,
      space: SPACE as SweepSpecInput['space'],
    });
    const run = (trial: number, repeat: number) => {
      const parsed = trialRunSpec(spec, { number: trial, params: { 'optimizer.lr': 0.5 } }, repeat);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
      return parsed.spec;
    };
    expect(run(3, 1)).toMatchObject({
      name: 'the search · trial 3 · seed 2 of 2',
      optimizer: { lr: 0.5 },
      training: { epochs: 4, histograms: { enabled: false } },
    });
    expect(new Set([run(3, 0), run(3, 1), run(4, 0)].map(({ seed }) => seed)).size).toBe(3);
    expect(run(3, 1)).toEqual(run(3, 1));
  });
});
