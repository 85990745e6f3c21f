/** Standard deviation 1/√n_in: Xavier's initial values as the book has them (section 6.2.2). */
export function xavierStd(fanIn: number): number {
  return 1 / Math.sqrt(fanIn);
}
