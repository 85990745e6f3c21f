/** Who takes part in the bench: our kernels and, when they are installed, the peers. Each runs in processes of its own. */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Kernels } from '../../../engine/kernels/kernels.ts';
import { parseLine, type MeasuredLine } from './figures.ts';

export interface Competitor {
  /** "descent-native", "numpy", … */
  readonly peer: string;
  /** For people: what it is, with versions. */
  readonly title: string;
  readonly command: string;
  /** Followed by what to do: `check WORKLOADS` or `measure WORKLOADS SECONDS REPEATS`. */
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** A peer that cannot take part, and why. */
export interface Absent {
  readonly peer: string;
  readonly why: string;
}

/** Every peer runs on one thread, and with the library's own choice of kernels: some machines set another. */
function peerEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(OPENBLAS|OMP|MKL|GOTO)_/.test(name));
  const one = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  return { ...Object.fromEntries(kept), ...one, ...extra };
}

/** Our own kernels: the best native ones are `descent-native`, lesser ones carry their level. */
export function descentCompetitors(kernels: readonly Kernels[], script: string): Competitor[] {
  const best = kernels.findLast(({ name }) => name.startsWith('native-'))?.name;
  return kernels.map(({ name, description }) => ({
    peer: name === best ? 'descent-native' : `descent-${name}`,
    title: description,
    command: process.execPath,
    args: [script, 'bench', '--kernels', name, '--measure'],
    environment: process.env,
  }));
}

/** The peers that are installed, and those that are not. `benchFolder` is test/bench. */
export function findPeers(benchFolder: string): { present: Competitor[]; absent: Absent[] } {
  const present: Competitor[] = [];
  const absent: Absent[] = [];
  const python = (peer: string, library: string, file: string, extra: NodeJS.ProcessEnv = {}): void => {
    const found = findPython(library);
    if (found === null) {
      absent.push({ peer, why: `no python3 with ${library} (DESCENT_PYTHON names one)` });
      return;
    }
    const environment = peerEnvironment(extra);
    present.push({ peer, title: found.title, command: found.command, args: [join(benchFolder, file)], environment });
  };
  python('numpy', 'numpy', 'peer-numpy.py');
  if (process.arch === 'x64') python('numpy-avx2blas', 'numpy', 'peer-numpy.py', { OPENBLAS_CORETYPE: 'Haswell' });
  python('torch', 'torch', 'peer-torch.py');
  const tfjs = join(benchFolder, '..', '..', 'node_modules', '@tensorflow', 'tfjs-backend-wasm');
  if (existsSync(tfjs)) {
    present.push({
      peer: 'tfjs-wasm',
      title: 'TensorFlow.js, WebAssembly backend',
      command: process.execPath,
      args: [join(benchFolder, 'peer-tfjs.mjs')],
      environment: peerEnvironment(),
    });
  } else absent.push({ peer: 'tfjs-wasm', why: '@tensorflow/tfjs-backend-wasm is not installed' });
  return { present, absent };
}

function findPython(library: string): { command: string; title: string } | null {
  const named = process.env['DESCENT_PYTHON'] ?? '';
  for (const command of named === '' ? ['python3', '/usr/bin/python3', 'python'] : [named]) {
    const program = `import ${library} as m, platform; print(m.__name__, m.__version__ + ", Python", platform.python_version())`;
    const { status, stdout } = spawnSync(command, ['-c', program], { encoding: 'utf8', env: peerEnvironment() });
    if (status === 0) return { command, title: stdout.trim() };
  }
  return null;
}

/** Runs a competitor to its end and gives back its lines. Rejects when it fails or prints anything else. */
export async function ask(competitor: Competitor, what: readonly string[]): Promise<MeasuredLine[]> {
  const { peer, command, args, environment } = competitor;
  const child = spawn(command, [...args, ...what], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  const lines: MeasuredLine[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.trim() !== '') lines.push(parseLine(line, peer));
    }
  } catch (error) {
    child.kill('SIGKILL');
    await ended;
    throw error;
  }
  const { code, signal } = await ended;
  if (code !== 0) throw new Error(`${peer} ended with ${signal ?? `status ${code}`}: ${said.trim()}`);
  return lines;
}
