/** How sure an accuracy is, and which scores cannot be told apart. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % point of the standard normal distribution. */
const Z95 = 1.959963984540054;

/**
 * Wilson's score interval of a share of n samples at 95 % (E. B. Wilson, Probable inference, the law of succession, and
 * statistical inference, Journal of the American Statistical Association 22, 1927):
 * (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n).
 */
export function wilsonInterval(share: number, samples: number): Interval {
  const zz = Z95 * Z95;
  const centre = share + zz / (2 * samples);
  const half = Z95 * Math.sqrt((share * (1 - share)) / samples + zz / (4 * samples * samples));
  const below = 1 + zz / samples;
  return { low: Math.max(0, (centre - half) / below), high: Math.min(1, (centre + half) / below) };
}

export interface Score {
  /** null: no score, which ranks last and never ties. */
  readonly value: number | null;
  /** Rows it was measured on; null where there is no interval (a loss): then only equal values tie. */
  readonly samples: number | null;
}

/** Each score lies in the other's interval. */
export function tied(a: Score, b: Score): boolean {
  if (a.value === null || b.value === null) return false;
  if (a.value === b.value) return true;
  if (a.samples === null || b.samples === null) return false;
  const ofA = wilsonInterval(a.value, a.samples);
  const ofB = wilsonInterval(b.value, b.samples);
  return ofB.low <= a.value && a.value <= ofB.high && ofA.low <= b.value && b.value <= ofA.high;
}

export interface Placing {
  /** From 1; ties share a rank, and the next one is counted on: 1, 1, 1, 4. null without a score. */
  readonly rank: number | null;
  /** Shares its rank with another. */
  readonly tie: boolean;
}

/** Ranks of scores in their own order. Whoever ties with the leader of a group belongs to it. */
export function placings(scores: readonly Score[], better: 'higher' | 'lower'): Placing[] {
  const sign = better === 'higher' ? -1 : 1;
  const order = scores
    .map((_, i) => i)
    .filter((i) => scores[i]?.value !== null)
    .sort((i, j) => sign * ((scores[i]?.value ?? 0) - (scores[j]?.value ?? 0)));
  const result: Placing[] = scores.map(() => ({ rank: null, tie: false }));
  for (let start = 0; start < order.length;) {
    const leader = scores[order[start] ?? 0];
    let end = start + 1;
    while (end < order.length) {
      const other = scores[order[end] ?? 0];
      if (leader === undefined || other === undefined || !tied(leader, other)) break;
      end++;
    }
    for (let k = start; k < end; k++) result[order[k] ?? 0] = { rank: start + 1, tie: end - start > 1 };
    start = end;
  }
  return result;
}
