/** Standard deviation √(2/n_in), He et al. 2015, book section 6.2.3: twice Xavier's variance, for ReLU halves it. */
export function heStd(fanIn: number): number {
  return Math.sqrt(2 / fanIn);
}
