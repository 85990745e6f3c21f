/**
 * The workloads in TensorFlow.js on its WebAssembly backend, one thread.
 *
 *   node peer-tfjs.mjs check W1,W2,..                    losses of the first steps, to be compared with everybody's
 *   node peer-tfjs.mjs measure W1,.. SECONDS REPEATS     (`products` is passed over)
 *
 * Prints one JSON object a line. The backend has no kernel for the gradient of a convolution's filter: W4 is null.
 */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
// The package greets its users with advice about tfjs-node on the console.
const { log, warn } = console;
console.log = console.warn = () => {};
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');
wasm.setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist', '/'));
wasm.setThreadsCount(1);
await tf.setBackend('wasm');
await tf.ready();
console.log = log;
console.warn = warn;

const rows = 60_000;
const batch = 100;
const checkSize = { rows: 80, batch: 20, steps: 4 };
const emit = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** Hash of a counter, in [0, 1): the numbers every peer starts from. */
function uniform(counter) {
  let x = counter >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return Math.fround(((x ^ (x >>> 16)) >>> 0) / 4294967296);
}

function makeData(count) {
  const x = new Float32Array(count * 784);
  for (let i = 0; i < x.length; i++) x[i] = uniform(i);
  const t = new Int32Array(count);
  for (let r = 0; r < count; r++) {
    let best = -1;
    for (let j = 0; j < 10; j++) {
      const sum = Math.fround(x[r * 784 + j] + x[r * 784 + 10 + j]);
      if (sum > best) [best, t[r]] = [sum, j];
    }
  }
  return { x, t };
}

function makeNet(workload, dropout = true) {
  const { layers } = tf;
  const net = tf.sequential();
  let drawn = 0;
  const draw = (shape, fanIn, gain) => {
    const first = 1_000_000_000 + 10_000_000 * drawn++;
    const limit = Math.sqrt((3 * gain) / fanIn);
    const size = shape.reduce((product, n) => product * n, 1);
    return tf.tensor(
      Float32Array.from({ length: size }, (_, i) => (2 * uniform(first + i) - 1) * limit),
      shape,
    );
  };
  const weights = [];
  const dense = (inputs, units, gain = 2) => {
    net.add(layers.dense({ units, ...(net.layers.length === 0 ? { inputShape: [inputs] } : {}) }));
    weights.push(draw([inputs, units], inputs, gain), tf.zeros([units]));
  };
  if (workload === 'W1') {
    dense(784, 50, 1);
    net.add(layers.activation({ activation: 'sigmoid' }));
    dense(50, 10, 1);
  } else if (workload === 'W4') {
    net.add(layers.conv2d({ inputShape: [28, 28, 1], filters: 30, kernelSize: 5 }));
    weights.push(draw([30, 1, 5, 5], 25, 2).transpose([2, 3, 1, 0]), tf.zeros([30]));
    net.add(layers.activation({ activation: 'relu' }));
    net.add(layers.maxPooling2d({ poolSize: 2 }));
    net.add(layers.permute({ dims: [3, 1, 2] }));
    net.add(layers.flatten());
    dense(4320, 100);
    net.add(layers.activation({ activation: 'relu' }));
    dense(100, 10);
  } else {
    for (let i = 0; i < 5; i++) {
      dense(i === 0 ? 784 : 100, 100);
      if (workload === 'W3') {
        net.add(layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 }));
        weights.push(tf.ones([100]), tf.zeros([100]));
      }
      net.add(layers.activation({ activation: 'relu' }));
      if (workload === 'W3' && dropout) net.add(layers.dropout({ rate: 0.2 }));
    }
    dense(100, 10);
  }
  for (const [i, variable] of net.trainableWeights.entries()) variable.write(weights[i]);
  return { net, optimizer: workload === 'W1' ? tf.train.sgd(0.1) : tf.train.adam(0.001, 0.9, 0.999, 1e-8) };
}

/** One step over rows already copied together; gives back the loss. */
function train(workload, { net, optimizer }, x, t) {
  const loss = tf.tidy(() => {
    const input = workload === 'W4' ? tf.tensor4d(x, [t.length, 28, 28, 1]) : tf.tensor2d(x, [t.length, 784]);
    const target = tf.oneHot(tf.tensor1d(t, 'int32'), 10).toFloat();
    return optimizer.minimize(() => tf.losses.softmaxCrossEntropy(target, net.apply(input, { training: true })), true);
  });
  const [value] = loss.dataSync();
  loss.dispose();
  return value;
}

/** Calls a second, the median of some measurements, and the share of a processor that went into them. */
function rate(call, seconds, repeats) {
  const begin = performance.now();
  call();
  const first = (performance.now() - begin) / 1000;
  if (first > 2 * seconds) return { value: 1 / first, share: null };
  const warmUp = performance.now() + 1000 * seconds;
  while (performance.now() < warmUp) call();
  const rates = [];
  const began = performance.now();
  const before = process.cpuUsage();
  for (let repeat = 0; repeat < repeats; repeat++) {
    let calls = 0;
    const start = performance.now();
    let now = start;
    do {
      call();
      calls++;
      now = performance.now();
    } while (now - start < 1000 * seconds);
    rates.push((1000 * calls) / (now - start));
  }
  const used = process.cpuUsage(before);
  const share = (used.user + used.system) / 1000 / (performance.now() - began);
  return { value: rates.sort((a, b) => a - b)[repeats >> 1], share };
}

function check(workloads) {
  const { x, t } = makeData(checkSize.rows);
  for (const workload of workloads) {
    if (workload === 'W4') continue;
    const model = makeNet(workload, false);
    const part = (i) => [
      x.slice(i * checkSize.batch * 784, (i + 1) * checkSize.batch * 784),
      t.slice(i * checkSize.batch, (i + 1) * checkSize.batch),
    ];
    const values =
      workload === 'W5'
        ? [...model.net.apply(tf.tensor2d(x.slice(0, 2 * 784), [2, 784])).dataSync()]
        : Array.from({ length: checkSize.steps }, (_, i) => train(workload, model, ...part(i)));
    emit({ kind: 'check', workload, values });
  }
}

function measure(workloads, seconds, repeats) {
  const { x, t } = makeData(rows);
  for (const workload of workloads) {
    if (workload === 'W4') {
      emit({ kind: 'figure', workload, metric: 'steps/s', value: null });
      continue;
    }
    const model = makeNet(workload);
    if (workload === 'W5') {
      const input = tf.tensor2d(x.subarray(0, 10_000 * 784), [10_000, 784]);
      const infer = () => {
        for (let start = 0; start < 10_000; start += batch) {
          const classes = tf.tidy(() => model.net.apply(input.slice([start, 0], [batch, 784])).argMax(1));
          classes.dataSync();
          classes.dispose();
        }
      };
      const { value, share } = rate(infer, seconds, repeats);
      emit({ kind: 'figure', workload, metric: 'samples/s', value: 10_000 * value, share });
      continue;
    }
    const bx = new Float32Array(batch * 784);
    const bt = new Int32Array(batch);
    const step = () => {
      for (let r = 0; r < batch; r++) {
        const row = Math.floor(Math.random() * rows);
        bx.set(x.subarray(row * 784, (row + 1) * 784), r * 784);
        bt[r] = t[row];
      }
      train(workload, model, bx.slice(), bt.slice());
    };
    emit({ kind: 'figure', workload, metric: 'steps/s', ...rate(step, seconds, repeats) });
  }
}

const [what, list = '', seconds, repeats] = process.argv.slice(2);
const names = list.split(',').filter((name) => name !== 'products');
if (what === 'check') check(names);
else measure(names, Number(seconds), Number(repeats));
process.exit(0);
