/** Debian's redis-server on this machine's own loopback, empty and forgetful: nothing is written outside a temporary folder. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Why the tests of the queue cannot run here, or null. */
export const noRedis: string | null =
  spawnSync('redis-server', ['--version']).status === 0
    ? null
    : 'redis-server is not installed (on Debian: apt-get install redis-server)';

export class RedisServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'descent-redis-'));
  readonly #options: readonly string[];
  #port = 0;
  #child: ChildProcess | null = null;

  constructor(options: readonly string[] = []) {
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  url(prefix: string): string {
    return `redis://127.0.0.1:${this.#port}/${prefix}`;
  }

  /** On a free port; on the same one again after a stop. */
  async start(): Promise<void> {
    if (this.#port === 0) this.#port = await freePort();
    const memoryOnly = ['--save', '', '--appendonly', 'no', '--dir', this.#folder];
    const args = ['--bind', '127.0.0.1', '--port', String(this.#port), ...memoryOnly, ...this.#options];
    const child = spawn('redis-server', args, { stdio: 'ignore' });
    this.#child = child;
    while (!(await listens(this.#port))) {
      if (child.exitCode !== null) throw new Error(`redis-server ended with status ${child.exitCode}`);
      await sleep(20);
    }
  }

  /** It forgets everything. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A port nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}
