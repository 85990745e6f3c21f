/** Questions sent to a worker and not answered yet. When the worker dies, every one of them fails. */

import { StudioFailure, type StudioError } from '../../contract/outcome.ts';

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class PendingCalls {
  readonly #calls = new Map<number, PendingCall>();
  #next = 1;

  get size(): number {
    return this.#calls.size;
  }

  /** A new number and the promise of its answer. */
  open<T>(): { readonly request: number; readonly answer: Promise<T> } {
    const request = this.#next++;
    const answer = new Promise<T>((resolve, reject) => {
      this.#calls.set(request, { resolve: resolve as (value: unknown) => void, reject });
    });
    return { request, answer };
  }

  /** False when nobody waits for this number: the two ends disagree. */
  resolve(request: number, value: unknown): boolean {
    const call = this.#take(request);
    call?.resolve(value);
    return call !== undefined;
  }

  reject(request: number, error: StudioError): boolean {
    const call = this.#take(request);
    call?.reject(new StudioFailure(error));
    return call !== undefined;
  }

  rejectAll(error: StudioError): void {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) call.reject(new StudioFailure(error));
  }

  #take(request: number): PendingCall | undefined {
    const call = this.#calls.get(request);
    this.#calls.delete(request);
    return call;
  }
}
