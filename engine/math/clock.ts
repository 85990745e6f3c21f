/** Time is an input of the engine, never something it reaches for. */
export interface Clock {
  /** Milliseconds since some fixed moment; monotonic. */
  now(): number;
}
