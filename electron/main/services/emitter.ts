/** A typed list of listeners an event. A listener that throws must not keep the others from hearing. */

export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<(value: never) => void>>();

  /** Returns the function that ends the subscription. */
  on<E extends keyof Events>(event: E, listener: (value: Events[E]) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  emit<E extends keyof Events>(event: E, value: Events[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        (listener as (value: Events[E]) => void)(value);
      } catch (error) {
        // Thrown again where nothing else is cut short, and loud: the process' own handler hears of it.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
