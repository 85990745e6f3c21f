/** Standard deviation √(2/(n_in + n_out)), Glorot & Bengio 2010: keeps the variance both ways. */
export function glorotStd(fanIn: number, fanOut: number): number {
  return Math.sqrt(2 / (fanIn + fanOut));
}
