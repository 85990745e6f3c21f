/** How long a sweep has searched, pauses left out, and when its time is up. */

import { performance } from 'node:perf_hooks';

/** A timer cannot be set further ahead. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class SweepClock {
  readonly #limitMs: number | null;
  readonly #onTimeUp: () => void;
  #bankedMs: number;
  #since: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #up = false;

  constructor(elapsedMs: number, maxMinutes: number | null, onTimeUp: () => void) {
    this.#bankedMs = elapsedMs;
    this.#limitMs = maxMinutes === null ? null : maxMinutes * 60_000;
    this.#onTimeUp = onTimeUp;
  }

  get elapsedMs(): number {
    return this.#bankedMs + (this.#since === null ? 0 : performance.now() - this.#since);
  }

  /** Runs or stands; may be told the same again. */
  run(running: boolean): void {
    if (running === (this.#since !== null)) return;
    this.#bankedMs = this.elapsedMs;
    this.#since = running ? performance.now() : null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (running) this.#arm();
  }

  #arm(): void {
    if (this.#limitMs === null || this.#up) return;
    const left = Math.max(0, this.#limitMs - this.elapsedMs);
    this.#timer = setTimeout(() => this.#ring(), Math.min(left, LONGEST_TIMER_MS));
    this.#timer.unref();
  }

  #ring(): void {
    if (this.#limitMs === null || this.elapsedMs < this.#limitMs) return this.#arm();
    this.#up = true;
    this.#onTimeUp();
  }
}
