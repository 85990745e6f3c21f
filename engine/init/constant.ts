/** One value for every weight. */
export function constant(value: number): number {
  return value;
}
