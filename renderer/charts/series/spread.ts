/** Names beside line ends, moved apart where they would cover each other. */

/**
 * Positions at least `gap` apart and inside [low, high], in the order of the wishes and as near to them as one pass each
 * way gets. When there is no room for all they are spaced evenly.
 */
export function spreadApart(wishes: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wishes.map((_, i) => i).sort((a, b) => (wishes[a] ?? 0) - (wishes[b] ?? 0) || a - b);
  const room = order.length < 2 ? gap : Math.min(gap, (high - low) / (order.length - 1));
  const at = new Array<number>(wishes.length).fill(low);
  let floor = low;
  for (const index of order) {
    at[index] = Math.max(floor, Math.min(high, wishes[index] ?? low));
    floor = (at[index] ?? low) + room;
  }
  let ceiling = high;
  for (const index of order.toReversed()) {
    at[index] = Math.min(ceiling, at[index] ?? high);
    ceiling = (at[index] ?? high) - room;
  }
  return at;
}
