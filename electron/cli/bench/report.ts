/** The bench's results as a table for people, as lines for programs, and as docs/benchmarks.md. */

import { cpus, release, totalmem, type as systemType } from 'node:os';
import { WORKLOAD_TITLES, WORKLOADS } from './workloads.ts';
import type { Figure } from './figures.ts';

/** One figure of one peer: the median over the rounds, and the rounds. */
export interface Result {
  readonly peer: string;
  readonly workload: string;
  readonly metric:
    Figure['metric'] | 's' | 'share of the bare engine' | 'added to a step' | 'of the time with two workers';
  readonly value: number | null;
  readonly rounds: readonly number[];
  /** Share of a processor the measurements got, median; null where it is not known. */
  readonly share: number | null;
}

/** What is neither a speed of the kernels nor of a peer. */
const OTHER_METRICS: readonly Result['metric'][] = [
  's',
  'share of the bare engine',
  'added to a step',
  'of the time with two workers',
];

export interface BenchReport {
  readonly date: string;
  readonly command: string;
  readonly machine: string;
  /** Peer → what it is, with versions. */
  readonly peers: Readonly<Record<string, string>>;
  readonly absent: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly results: readonly Result[];
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const high = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[half - 1] ?? NaN)) / 2;
}

export function machineName(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const cpu = first?.model.trim() ?? process.arch;
  return `${cpu}, ${cpus().length} cores, ${memory} GiB, ${systemType()} ${release().replace(/-.*/, '')}, Node ${process.versions.node}`;
}

/** Which peers a result is held against. A ratio above 1 says that ours is faster. */
export const COMPARISONS: readonly {
  readonly ours: string;
  readonly theirs: readonly string[];
  readonly title: string;
}[] = [
  { ours: 'descent-native', theirs: ['numpy', 'torch'], title: 'native, against the faster of NumPy and PyTorch' },
  { ours: 'descent-native-avx2', theirs: ['numpy-avx2blas'], title: 'native AVX2, against NumPy on AVX2 kernels' },
  { ours: 'descent-wasm', theirs: ['tfjs-wasm'], title: 'WebAssembly, against TensorFlow.js on WebAssembly' },
  { ours: 'descent-wasm', theirs: ['numpy'], title: 'WebAssembly, against NumPy' },
];

export function ratio(report: BenchReport, ours: string, theirs: readonly string[], workload: string): number | null {
  const value = valueOf(report, ours, workload);
  const best = Math.max(...theirs.map((peer) => valueOf(report, peer, workload) ?? 0));
  return value === null || best === 0 ? null : value / best;
}

function valueOf(report: BenchReport, peer: string, workload: string): number | null {
  return report.results.find((result) => result.peer === peer && result.workload === workload)?.value ?? null;
}

function shown(value: number | null): string {
  if (value === null) return '–';
  if (value >= 100_000) return `${(value / 1000).toFixed(0)}k`;
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0), 3));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)];
}

/** A machine that is doing other things measures nothing well; null when it was quiet. */
function busyLine({ results }: BenchReport): string | null {
  const lowest = Math.min(...results.map(({ share }) => share ?? 1));
  if (lowest >= 0.9) return null;
  return `The machine was busy: some of these got only ${(100 * lowest).toFixed(0)} % of a processor. Measure again when it is quiet.`;
}

/** The tables, in Markdown. */
export function reportLines(report: BenchReport): string[] {
  const { results } = report;
  const peers = [...new Set(results.map(({ peer }) => peer))];
  const timed = WORKLOADS.filter((workload) => results.some((result) => result.workload === workload));
  const products = [...new Set(results.filter(({ metric }) => metric === 'GFLOP/s').map(({ workload }) => workload))];
  const others = results.filter(({ metric }) => OTHER_METRICS.includes(metric));
  const lines: string[] = [];
  const busy = busyLine(report);
  if (busy !== null) lines.push(busy, '');
  if (timed.length > 0) {
    const rows = peers.map((peer) => [peer, ...timed.map((workload) => shown(valueOf(report, peer, workload)))]);
    const used = rows.filter((row) => row.slice(1).some((cell) => cell !== '–'));
    lines.push('Steps a second, W5 rows a second (medians of the rounds):', '', ...table(['', ...timed], used), '');
    const compared = COMPARISONS.map(({ ours, theirs, title }) => [
      title,
      ...timed.map((workload) => shown(ratio(report, ours, theirs, workload))),
    ]).filter((row) => row.slice(1).some((cell) => cell !== '–'));
    if (compared.length > 0) lines.push('Ratios:', '', ...table(['', ...timed], compared), '');
  }
  if (products.length > 0) {
    const columns = peers.filter((peer) => products.some((product) => valueOf(report, peer, product) !== null));
    const rows = products.map((product) => [
      product,
      ...columns.map((peer) => shown(valueOf(report, peer, product))),
      shown(ratio(report, 'descent-native', ['numpy'], product)),
    ]);
    lines.push('Matrix products, GFLOP/s (the last column: native to NumPy):', '');
    lines.push(...table(['rows x inputs x units', ...columns, 'ratio'], rows), '');
  }
  if (others.length > 0) {
    const rows = others.map(({ peer, workload, metric, value }) => [
      `${workload}, ${peer}`,
      metric === 's'
        ? `${shown(value)} s`
        : `${((value ?? NaN) * 100).toFixed(1)} % ${metric === 'share of the bare engine' ? '' : metric}`.trim(),
    ]);
    lines.push('The product:', '', ...table(['', ''], rows), '');
  }
  return lines;
}

/** docs/benchmarks.md, whole. */
export function reportPage(report: BenchReport): string {
  const peers = Object.entries(report.peers).map(([peer, title]) => `- ${peer}: ${title}`);
  const absent = Object.entries(report.absent).map(([peer, why]) => `- ${peer}: not measured, ${why}`);
  const workloads = WORKLOADS.map((workload) => `- ${workload}: ${WORKLOAD_TITLES[workload]}`);
  return `${[
    '# Benchmarks',
    '',
    `Written by \`${report.command}\` on ${report.date}. The numbers behind it: \`benchmarks.json\`.`,
    '',
    `Machine: ${report.machine}.`,
    '',
    `One thread each; medians of ${report.rounds} rounds in which all took turns. Batches of 100 rows, drawn at random from`,
    '60,000 rows of 784 numbers, float32; whole training steps. Before the first round every one of them trained the same',
    'small case from the same weights and came to the same losses. NumPy runs the layers of the book, which also compute',
    'the gradient of the first layer’s input.',
    '',
    ...workloads,
    '',
    ...reportLines(report),
    'Measured:',
    '',
    ...peers,
    ...absent,
  ].join('\n')}\n`;
}
