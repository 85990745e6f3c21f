import { describe, expect, test } from 'vitest';
import { runBench } from '../../../../electron/cli/bench.ts';
import { parseLine, PRODUCTS } from '../../../../electron/cli/bench/figures.ts';
import { checkLines, measureRate } from '../../../../electron/cli/bench/measure.ts';
import { createProduct } from '../../../../electron/cli/bench/product.ts';
import {
  median,
  ratio,
  reportLines,
  reportPage,
  type BenchReport,
  type Result,
} from '../../../../electron/cli/bench/report.ts';
import { loadAllKernels, loadKernels } from '../../../../electron/workers/load-kernels.ts';

function result(peer: string, workload: string, value: number | null, share: number | null = 1): Result {
  return { peer, workload, metric: 'steps/s', value, rounds: value === null ? [] : [value], share };
}

function report(results: readonly Result[]): BenchReport {
  return {
    date: '2026-01-02',
    command: 'npm run bench -- --peers',
    machine: 'a machine',
    peers: { 'descent-native': 'native AVX2, clang 19.1.7', numpy: 'numpy 2.0' },
    absent: { torch: 'no python3 with torch' },
    rounds: 3,
    results,
  };
}

describe('the check of the bench', () => {
  const workloads = ['W1', 'W2', 'W3', 'W5'] as const;
  const expected = [...checkLines(loadKernels('reference').kernels, workloads)];

  test.each(loadAllKernels())('$name comes to the reference’s losses and outputs', (kernels) => {
    const lines = [...checkLines(kernels, workloads)];
    for (const [i, line] of lines.entries()) {
      const right = expected[i];
      if (line.kind !== 'check' || right?.kind !== 'check') throw new Error('expected checks only');
      expect(line.workload).toBe(right.workload);
      expect(line.values).toHaveLength(right.values.length);
      for (const [j, value] of line.values.entries()) expect(value).toBeCloseTo(right.values[j] ?? NaN, 4);
    }
    expect(lines).toHaveLength(4);
  });

  test('losses are those every peer printed when the scripts were written', () => {
    const [w1, w2, w3] = expected.map((line) => (line.kind === 'check' ? line.values : []));
    const close = (values: number[] | readonly number[] | undefined, right: readonly number[]): void => {
      for (const [i, value] of right.entries()) expect(values?.[i]).toBeCloseTo(value, 4);
    };
    close(w1, [2.2303796, 2.4378152, 2.3400283, 2.3717179]);
    close(w2, [2.7940743, 2.5843697, 2.398946, 2.2824972]);
    close(w3, [2.9044628, 2.6818466, 2.9254389, 2.5557036]);
  });

  test('a wrong product is found out', () => {
    const kernels = loadKernels('wasm').kernels;
    createProduct(kernels, PRODUCTS[2]).check();
    const wrong = createProduct(
      {
        ...kernels,
        affineForward(x, w, b, y, ...rest) {
          kernels.affineForward(x, w, b, y, ...rest);
          y.data[777] = (y.data[777] ?? 0) + 1e-3;
        },
      },
      PRODUCTS[2],
    );
    expect(() => wrong.check()).toThrow(/y\[7, 77\] is off by/);
  });
});

describe('lines of the peers', () => {
  test('anything else on stdout is an error that names the peer', () => {
    expect(() => parseLine('Hello', 'numpy')).toThrow('numpy printed "Hello", expected a line of JSON');
    expect(() => parseLine('{"kind":"figure","workload":"W1","metric":"steps/s","value":-1}', 'torch')).toThrow(
      /torch/,
    );
    expect(parseLine('{"kind":"figure","workload":"W4","metric":"steps/s","value":null}', 'tfjs-wasm')).toEqual({
      kind: 'figure',
      workload: 'W4',
      metric: 'steps/s',
      value: null,
      share: null,
    });
  });

  test('a rate counts calls, and what is slow is called once', () => {
    let calls = 0;
    const wait = (): void => {
      calls++;
      const end = performance.now() + 30;
      while (performance.now() < end);
    };
    const { perSecond, share } = measureRate(wait, { seconds: 0.01, repeats: 5 });
    expect(calls).toBe(1);
    expect(share).toBeNull();
    expect(perSecond).toBeLessThanOrEqual(1000 / 30);
  });
});

describe('the report', () => {
  test('medians, and ratios to the faster of two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNull();
    const r = report([result('descent-native', 'W1', 600), result('numpy', 'W1', 200), result('torch', 'W1', 300)]);
    expect(ratio(r, 'descent-native', ['numpy', 'torch'], 'W1')).toBe(2);
    expect(ratio(r, 'descent-native', ['tfjs-wasm'], 'W1')).toBeNull();
    expect(ratio(r, 'descent-wasm', ['numpy'], 'W1')).toBeNull();
  });

  test('what was not measured is a dash', () => {
    const lines = reportLines(report([result('descent-native', 'W4', 123.4), result('tfjs-wasm', 'W4', null)]));
    expect(lines).toContain('| descent-native | 123 |');
    expect(lines.join('\n')).not.toContain('tfjs-wasm');
    expect(lines.join('\n')).not.toContain('busy');
  });

  test('a busy machine is admitted', () => {
    expect(reportLines(report([result('descent-native', 'W1', 5, 0.4)]))[0]).toContain('got only 40 % of a processor');
  });

  test('the page names date, machine, command, versions and who was missing', () => {
    const page = reportPage(report([result('descent-native', 'W1', 5)]));
    for (const part of ['npm run bench -- --peers', '2026-01-02', 'a machine', 'numpy 2.0', 'no python3 with torch']) {
      expect(page).toContain(part);
    }
  });
});

describe('bad options', () => {
  test.each([
    [{ only: 'W9' }, '--only: expected W1, W2, W3, W4, W5, products, product, health, sweeps, got "W9"'],
    [{ rounds: '0' }, '--rounds: expected a whole number above 0, got "0"'],
    [{ seconds: 'x' }, '--seconds: expected a number above 0, got "x"'],
  ])('%j', async (options, message) => {
    await expect(runBench(options)).rejects.toThrow(message);
  });

  test('kernels that are none', async () => {
    await expect(runBench({ kernels: 'gpu' })).rejects.toThrow(/got "gpu"/);
  });
});
