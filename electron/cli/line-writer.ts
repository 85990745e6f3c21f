/**
 * Lines to stdout, thousands a second: gathered and written in blocks. Lines can be held back until something they
 * promise is true, and a caller can wait until all of them are out.
 */

import type { Writable } from 'node:stream';

const BLOCK_CHARACTERS = 64 * 1024;
/** Lines never wait longer than this. */
const LONGEST_MS = 50;

export class LineWriter {
  readonly #stream: Writable;
  #text = '';
  #held = false;
  #timer: NodeJS.Timeout | null = null;
  #broken: Error | null = null;
  #waiting: (() => void)[] = [];

  /** `onBroken` is told when nobody reads any more. */
  constructor(stream: Writable, onBroken: (error: Error) => void) {
    this.#stream = stream;
    stream.on('drain', () => this.#goOn());
    stream.on('error', (error: Error) => {
      this.#goOn();
      if (this.#broken !== null) return;
      this.#broken = error;
      onBroken(error);
    });
  }

  /** Keeps what comes from now on until `release`. */
  hold(): void {
    this.#write();
    this.#held = true;
  }

  /** Lets the held lines follow `first`. */
  release(first: string): void {
    this.#text = `${first}\n${this.#text}`;
    this.#held = false;
    this.#write();
  }

  line(text: string): void {
    this.#text += text;
    this.#text += '\n';
    if (this.#held) return;
    if (this.#text.length >= BLOCK_CHARACTERS) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), LONGEST_MS);
  }

  /** Resolves when everything that is not held is with the system, or when nobody reads any more. */
  async flush(): Promise<void> {
    const text = this.#take();
    if (this.#broken !== null) return;
    // A failed write also comes as the stream's error, which `onBroken` hears of.
    await new Promise<void>((resolve) => this.#stream.write(text, () => resolve()));
  }

  /** Resolves once the stream takes more, null when it does. */
  drained(): Promise<void> | null {
    if (!this.#stream.writableNeedDrain || this.#broken !== null) return null;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #goOn(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }

  #write(): void {
    const text = this.#take();
    if (text !== '' && this.#broken === null) this.#stream.write(text);
  }

  #take(): string {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#held) return '';
    const text = this.#text;
    this.#text = '';
    return text;
  }
}
