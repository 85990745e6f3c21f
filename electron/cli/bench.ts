/**
 * `descent bench`: how fast the kernels train the workloads, multiply matrices and start, beside NumPy, PyTorch and
 * TensorFlow.js when asked. Everybody runs in processes of its own and in turns, so that a busy machine hurts all alike.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StudioFailure } from '../contract/outcome.ts';
import { KernelsError, kernelChoice, loadAllKernels, loadKernels, type KernelChoice } from '../workers/load-kernels.ts';
import { ask, descentCompetitors, findPeers, type Absent, type Competitor } from './bench/competitors.ts';
import type { Figure, MeasuredLine } from './bench/figures.ts';
import { checkLines, figureLines } from './bench/measure.ts';
import { machineName, median, reportLines, reportPage, type BenchReport, type Result } from './bench/report.ts';
import { measureHealth, measureProduct } from './bench/product-runs.ts';
import { measureSweeps } from './bench/sweep-speed.ts';
import { WORKLOADS, type Workload } from './bench/workloads.ts';
import { EXIT } from './exit-status.ts';
import { jsonLine } from './output-lines.ts';

export interface BenchOptions {
  /** Measure NumPy, PyTorch and TensorFlow.js too. */
  readonly peers?: boolean;
  /** Only these kernels; without it, all that load. */
  readonly kernels?: string;
  readonly json?: boolean;
  /** Workloads, `products`, `product`, `health` and `sweeps`, comma-separated; default all. */
  readonly only?: string;
  readonly rounds?: string;
  /** Length of one measurement in seconds. */
  readonly seconds?: string;
  /** Internal: `check` or `measure` in this very process. */
  readonly measure?: boolean;
}

/** One figure of one peer over the rounds. */
interface Measured {
  readonly figure: Figure;
  readonly peer: string;
  readonly rounds: number[];
  readonly shares: number[];
}

const REPEATS = 5;
/** Losses and outputs of the check, relative to 1: float32 sums in another order, a few steps of Adam later. */
const AGREEMENT = 1e-3;

/** Resolves with the exit status: 1 when results differ between peers. `rest` holds what --measure is to do. */
export async function runBench(options: BenchOptions, rest: readonly string[] = []): Promise<number> {
  if (options.measure === true) return measureHere(options, rest);
  const progress = (text: string): void => void process.stderr.write(`${text}\n`);
  const kernels = options.kernels === undefined ? loadAllKernels() : [chosenKernels(options.kernels)];
  const { workloads, products, product, health, sweeps } = chosenWork(options);
  const rounds = positive('rounds', options.rounds ?? '3', true);
  const seconds = positive('seconds', options.seconds ?? '0.3', false);
  const script = process.argv[1] ?? '';
  const root = join(import.meta.dirname, '..', '..');
  const { present, absent } =
    options.peers === true ? findPeers(join(root, 'test', 'bench')) : { present: [], absent: [] };
  const competitors = [...descentCompetitors(kernels, script), ...present];

  const work = [...workloads, ...(products ? ['products'] : [])].join(',');
  const disagreements = workloads.length > 0 ? await crossCheck(competitors, workloads, progress) : [];
  const figures = new Map<string, Measured>();
  for (let round = 1; work !== '' && round <= rounds; round++) {
    for (const competitor of competitors) {
      progress(`round ${round} of ${rounds}: ${competitor.peer}`);
      const lines = await ask(competitor, ['measure', work, String(seconds), String(REPEATS)]);
      collect(figures, competitor.peer, lines);
    }
  }
  const results: Result[] = [...figures.values()].map(({ figure, peer, rounds: values, shares }) => {
    const { workload, metric } = figure;
    return { peer, workload, metric, value: median(values), rounds: values, share: median(shares) };
  });
  if (health) results.push(...measureHealth(seconds, progress));
  if (product) results.push(...(await measureProduct(script, root, rounds, progress)));
  if (sweeps) results.push(...(await measureSweeps(script, rounds, progress)));

  const report = makeReport({ results, competitors, absent, rounds, options });
  publish(report, root, options, progress);
  for (const line of disagreements) progress(`DIFFERENT: ${line}`);
  return disagreements.length === 0 ? EXIT.done : EXIT.failed;
}

/** What a child process does: `check WORKLOADS` or `measure WORKLOADS SECONDS REPEATS`. */
function measureHere(options: BenchOptions, [what, names = '', seconds = '', repeats = '']: readonly string[]): number {
  const { kernels } = loadKernels(kernelChoice(options.kernels, undefined));
  const workloads = WORKLOADS.filter((workload) => names.split(',').includes(workload));
  const timing = { seconds: Number(seconds), repeats: Number(repeats) };
  const products = names.split(',').includes('products');
  const lines = what === 'check' ? checkLines(kernels, workloads) : figureLines(kernels, workloads, products, timing);
  for (const line of lines) process.stdout.write(`${jsonLine(line)}\n`);
  return EXIT.done;
}

function chosenKernels(name: string) {
  try {
    const choice: KernelChoice = kernelChoice(name, undefined);
    return loadKernels(choice).kernels;
  } catch (error) {
    if (error instanceof KernelsError) throw badInput(error.message);
    throw error;
  }
}

function chosenWork({ only }: BenchOptions): {
  workloads: Workload[];
  products: boolean;
  product: boolean;
  health: boolean;
  sweeps: boolean;
} {
  const known: readonly string[] = [...WORKLOADS, 'products', 'product', 'health', 'sweeps'];
  const names = only?.split(',') ?? known;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw badInput(`--only: expected ${known.join(', ')}, got ${JSON.stringify(unknown)}`);
  return {
    workloads: WORKLOADS.filter((workload) => names.includes(workload)),
    products: names.includes('products'),
    product: names.includes('product'),
    health: names.includes('health'),
    sweeps: names.includes('sweeps'),
  };
}

function positive(name: string, text: string, whole: boolean): number {
  const value = Number(text);
  if (value > 0 && value <= 1000 && (!whole || Number.isInteger(value))) return value;
  throw badInput(`--${name}: expected a ${whole ? 'whole ' : ''}number above 0, got ${JSON.stringify(text)}`);
}

function badInput(message: string): StudioFailure {
  return new StudioFailure({ code: 'spec_invalid', message });
}

/** Everybody trains the same small case; the slow, obvious reference kernels say what is right. */
async function crossCheck(
  competitors: readonly Competitor[],
  workloads: readonly Workload[],
  progress: (text: string) => void,
): Promise<string[]> {
  progress('checking that all come to the same results');
  const expected = new Map<string, readonly number[]>();
  for (const line of checkLines(loadKernels('reference').kernels, workloads)) {
    if (line.kind === 'check') expected.set(line.workload, line.values);
  }
  const wrong: string[] = [];
  for (const competitor of competitors) {
    for (const line of await ask(competitor, ['check', workloads.join(',')])) {
      if (line.kind !== 'check') continue;
      const right = expected.get(line.workload) ?? [];
      const same =
        right.length === line.values.length &&
        right.every((value, i) => Math.abs((line.values[i] ?? NaN) - value) <= AGREEMENT * (1 + Math.abs(value)));
      if (!same)
        wrong.push(`${competitor.peer}, ${line.workload}: ${line.values.join(' ')}; expected ${right.join(' ')}`);
    }
  }
  return wrong;
}

function collect(figures: Map<string, Measured>, peer: string, lines: readonly MeasuredLine[]): void {
  for (const line of lines) {
    if (line.kind !== 'figure') continue;
    const key = `${peer} ${line.workload}`;
    const known = figures.get(key) ?? { figure: line, peer, rounds: [], shares: [] };
    if (line.value !== null) known.rounds.push(line.value);
    if (line.share !== null) known.shares.push(line.share);
    figures.set(key, known);
  }
}

function makeReport(parts: {
  readonly results: readonly Result[];
  readonly competitors: readonly Competitor[];
  readonly absent: readonly Absent[];
  readonly rounds: number;
  readonly options: BenchOptions;
}): BenchReport {
  const { peers, only } = parts.options;
  const flags = [peers === true ? '--peers' : '', only === undefined ? '' : `--only ${only}`].filter(Boolean).join(' ');
  return {
    date: new Date().toISOString().slice(0, 10),
    command: `npm run bench${flags === '' ? '' : ` -- ${flags}`}`,
    machine: machineName(),
    peers: Object.fromEntries(parts.competitors.map(({ peer, title }) => [peer, title])),
    absent: Object.fromEntries(parts.absent.map(({ peer, why }) => [peer, why])),
    rounds: parts.rounds,
    results: parts.results,
  };
}

/** Prints the results, and keeps them in docs/ when everything was measured. */
function publish(report: BenchReport, root: string, options: BenchOptions, progress: (text: string) => void): void {
  if (options.json === true) {
    for (const { peer, workload, metric, value } of report.results) {
      process.stdout.write(`${jsonLine({ peer, workload, threads: 1, dtype: 'float32', metric, value })}\n`);
    }
  } else process.stdout.write(`${reportLines(report).join('\n')}\n`);
  const whole = options.kernels === undefined && options.only === undefined;
  const json = whole ? join(root, 'docs', 'benchmarks.json') : join(root, 'out', 'benchmarks.json');
  mkdirSync(dirname(json), { recursive: true });
  writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  progress(`results: ${json}`);
  if (!whole) return;
  const page = join(root, 'docs', 'benchmarks.md');
  writeFileSync(page, reportPage(report));
  progress(`results: ${page}`);
}
