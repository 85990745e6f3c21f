/** Orders that lie there while nobody trains anything: worth a word, once. */

/** Shorter than a person's patience, longer than a worker's start. */
const UNTAKEN_MS = 15_000;

export class UntakenNotice {
  readonly #say: (text: string) => void;
  #since: number | null = null;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** To be called now and then. */
  look(untaken: boolean, kernels: () => readonly string[]): void {
    if (!untaken) {
      this.#since = null;
      return;
    }
    this.#since ??= performance.now();
    if (performance.now() - this.#since < UNTAKEN_MS) return;
    // Not again before somebody has taken one.
    this.#since = Infinity;
    this.#say(
      `no worker with the kernels ${kernels().join(', ')} takes the trials; "descent worker --queue …" starts one`,
    );
  }
}
