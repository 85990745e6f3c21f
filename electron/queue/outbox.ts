/**
 * News of one order on its way to the owner. Kept until the owner says it has them and sent again until then: neither
 * a lost letter nor a server that begins anew with empty memory loses one, and the owner takes each once, in order.
 */

/** Without an answer for so long, everything unanswered is sent again; then after twice as long, and so on. */
const PATIENCE_MS = 2000;

interface Waiting {
  readonly number: number;
  readonly letter: string;
}

/** The worker's end, for one order. */
export class Outbox {
  readonly #post: (letter: string) => void;
  #waiting: Waiting[] = [];
  #last = 0;
  #bytes = 0;
  #heardAt = performance.now();
  /** Letters to a reader that sleeps pile up on the server, so they come less and less often. */
  #patience = PATIENCE_MS;

  constructor(post: (letter: string) => void) {
    this.#post = post;
  }

  /** The number the next news must have. */
  get next(): number {
    return this.#last + 1;
  }
  get empty(): boolean {
    return this.#waiting.length === 0;
  }
  /** Of everything unanswered. */
  get bytes(): number {
    return this.#bytes;
  }

  add(letter: string): void {
    if (this.empty) this.#heardAt = performance.now();
    this.#waiting.push({ number: ++this.#last, letter });
    this.#bytes += letter.length;
    this.#post(letter);
  }

  /** The owner has everything up to this number. */
  received(number: number): void {
    const before = this.#waiting.length;
    while (this.#waiting[0] !== undefined && this.#waiting[0].number <= number) {
      this.#bytes -= this.#waiting.shift()?.letter.length ?? 0;
    }
    if (this.#waiting.length === before) return;
    this.#heardAt = performance.now();
    this.#patience = PATIENCE_MS;
  }

  /** To be called now and then. */
  tick(): void {
    if (this.empty || performance.now() - this.#heardAt < this.#patience) return;
    this.#patience *= 2;
    this.resend();
  }

  /** At once, when there is a reason to: the server is back. */
  resend(): void {
    this.#heardAt = performance.now();
    for (const { letter } of this.#waiting) this.#post(letter);
  }
}
