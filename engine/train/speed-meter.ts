/** Rows a second as a person with a watch would measure them: all that training takes counts, pauses do not. */

/** An epoch is measured over at least this much of the past, when there is so much. */
const LEAST_MS = 200;
/** Between two marks; keeps the list short when epochs are. */
const BETWEEN_MARKS_MS = 10;

interface Mark {
  readonly ms: number;
  readonly rows: number;
}

export class SpeedMeter {
  /** Ends of epochs, oldest first; the first is the latest that is at least `LEAST_MS` old, or the session's begin. */
  readonly #marks: Mark[];
  #rows = 0;
  /** Where the epoch under way began. */
  #epoch: Mark;

  /** `ms` is the run's training time so far. */
  constructor(ms: number) {
    this.#epoch = { ms, rows: 0 };
    this.#marks = [this.#epoch];
  }

  /** Rows just trained on. */
  add(rows: number): void {
    this.#rows += rows;
  }

  /**
   * Rows a second at the end of an epoch: over the epoch, or over the epochs of the last 200 ms where it was shorter.
   * `ms` is the run's training time, with the epoch's validation in it.
   */
  at(ms: number): number {
    const marks = this.#marks;
    while ((marks[1]?.ms ?? Infinity) <= ms - LEAST_MS) marks.shift();
    const from = ms - this.#epoch.ms >= LEAST_MS ? this.#epoch : (marks[0] ?? this.#epoch);
    const speed = (1000 * (this.#rows - from.rows)) / Math.max(ms - from.ms, 1e-3);
    this.#epoch = { ms, rows: this.#rows };
    if (ms - (marks.at(-1)?.ms ?? -Infinity) >= BETWEEN_MARKS_MS) marks.push(this.#epoch);
    return speed;
  }
}
