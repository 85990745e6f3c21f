/** How fast a run is and how long it will take, from the steps of the last seconds. */

const WINDOW_MS = 3000;
/** Less says too little about what is to come. */
const LEAST_MS = 300;

interface Mark {
  readonly step: number;
  readonly elapsedMs: number;
}

export class ProgressMeter {
  readonly #stepsPlanned: number;
  readonly #rowsPerStep: number;
  #marks: Mark[] = [];

  constructor(stepsPlanned: number, rowsPerStep: number) {
    this.#stepsPlanned = stepsPlanned;
    this.#rowsPerStep = rowsPerStep;
  }

  /** `elapsedMs` is training time: pauses are left out. */
  add(step: number, elapsedMs: number): void {
    this.#marks.push({ step, elapsedMs });
    while ((this.#marks[1]?.elapsedMs ?? Infinity) < elapsedMs - WINDOW_MS) this.#marks.shift();
  }

  get step(): number {
    return this.#marks.at(-1)?.step ?? 0;
  }
  get elapsedMs(): number {
    return this.#marks.at(-1)?.elapsedMs ?? 0;
  }

  get samplesPerSecond(): number {
    const perStep = this.#msPerStep();
    return perStep === null ? 0 : (1000 * this.#rowsPerStep) / perStep;
  }

  /** null until it can be told. */
  get leftMs(): number | null {
    const perStep = this.#msPerStep();
    return perStep === null ? null : Math.max(0, this.#stepsPlanned - this.step) * perStep;
  }

  #msPerStep(): number | null {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (first === undefined || last === undefined || last.step === first.step) return null;
    const ms = last.elapsedMs - first.elapsedMs;
    return ms < LEAST_MS && last.step < this.#stepsPlanned ? null : ms / (last.step - first.step);
  }
}
