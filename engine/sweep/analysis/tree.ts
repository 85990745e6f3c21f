/**
 * A regression tree over the unit cube of a search space (Breiman, Friedman, Olshen & Stone, "Classification and
 * Regression Trees", 1984): each split takes away as much squared error as any can. Its leaves are boxes, which is what
 * makes exact integrals over all other parameters cheap.
 */

/** A column prepared for splitting: the distinct positions in order, and which of them every row has. */
export interface Column {
  readonly kind: 'interval' | 'categories';
  /** Index of the row's distinct position, or its category. */
  readonly ranks: Int32Array;
  /** Borders between neighbouring distinct positions, from 0 to 1; empty for categories. */
  readonly edges: Float64Array;
  /** Rows by rank. */
  readonly order: Int32Array;
  readonly categories: number;
}

/** Along one parameter: the stretch between two edges, or one flag a category. */
export type Side = { readonly from: number; readonly to: number } | Uint8Array;

export interface Leaf {
  readonly value: number;
  readonly sides: readonly Side[];
}

/** A regression tree. */
export interface Tree {
  readonly leaves: readonly Leaf[];
  /** What the tree expects of a row, itself in the sample or not. */
  readonly predict: (row: number) => number;
}

/** What a tree is grown on. */
export interface TreeRequest {
  readonly columns: readonly Column[];
  readonly scores: Float64Array;
  /** How often each row is in the sample; 0 leaves it out. */
  readonly weights: Uint16Array;
  /** No leaf holds fewer draws of the sample. */
  readonly minLeaf: number;
}

interface Split {
  readonly column: number;
  /** Ranks below it go left; −1 where `left` decides. */
  readonly below: number;
  /** One flag a category. */
  readonly left: Uint8Array | null;
}

interface Node {
  split: Split | null;
  children: [Node, Node] | null;
  value: number;
}

/** Gains smaller than this share of the error in the root are rounding. */
const LEAST_GAIN = 1e-12;

/** Grows one tree by the largest fall of the squared error. The same request gives the same tree. */
export function growTree(request: TreeRequest): Tree {
  return new Grower(request).grow();
}

class Grower {
  readonly #request: TreeRequest;
  /** For each column the rows of the sample by rank; a node is the same stretch of all of them. */
  readonly #orders: Int32Array[];
  readonly #spare: Int32Array;
  readonly #goesLeft: Uint8Array;
  readonly #leaves: Leaf[] = [];
  #leastGain = 0;

  constructor(request: TreeRequest) {
    this.#request = request;
    this.#orders = request.columns.map(({ order }) => order.filter((row) => (request.weights[row] ?? 0) > 0));
    this.#spare = new Int32Array(this.#orders[0]?.length ?? 0);
    this.#goesLeft = new Uint8Array(request.scores.length);
  }

  grow(): Tree {
    const { columns, scores, weights } = this.#request;
    const sides = columns.map((column) =>
      column.kind === 'interval' ? { from: 0, to: column.edges.length - 1 } : new Uint8Array(column.categories).fill(1),
    );
    const count = this.#spare.length;
    let [sum, squares, weight] = [0, 0, 0];
    weights.forEach((times, row) => {
      const score = scores[row] ?? 0;
      sum += times * score;
      squares += times * score * score;
      weight += times;
    });
    this.#leastGain = LEAST_GAIN * Math.max(0, squares - (sum * sum) / Math.max(1, weight));
    const root = this.#node(0, count, sides);
    return { leaves: this.#leaves, predict: (row) => this.#predict(root, row) };
  }

  #node(start: number, end: number, sides: readonly Side[]): Node {
    const { scores, weights } = this.#request;
    const rows = this.#orders[0] ?? this.#spare;
    let [sum, weight] = [0, 0];
    for (let i = start; i < end; i++) {
      const row = rows[i] ?? 0;
      const times = weights[row] ?? 0;
      sum += times * (scores[row] ?? 0);
      weight += times;
    }
    const node: Node = { split: null, children: null, value: weight === 0 ? 0 : sum / weight };
    const split = weight < 2 * this.#request.minLeaf ? null : this.#bestSplit(start, end, sum, weight);
    if (split === null) {
      this.#leaves.push({ value: node.value, sides });
      return node;
    }
    const middle = this.#partition(start, end, split);
    const [left, right] = splitSide(sides[split.column] as Side, split);
    node.split = split;
    node.children = [
      this.#node(start, middle, sides.with(split.column, left)),
      this.#node(middle, end, sides.with(split.column, right)),
    ];
    return node;
  }

  #bestSplit(start: number, end: number, sum: number, weight: number): Split | null {
    const base = (sum * sum) / weight;
    let best: Split | null = null;
    let most = this.#leastGain;
    this.#request.columns.forEach(({ kind }, column) => {
      const found =
        kind === 'interval'
          ? this.#bestCut(column, start, end, sum, weight)
          : this.#bestGroup(column, start, end, sum, weight);
      if (found === null || found.error - base <= most) return;
      most = found.error - base;
      best = found.split;
    });
    return best;
  }

  /** The cut between two neighbours that takes away the most; in the middle of the distinct positions between them. */
  #bestCut(column: number, start: number, end: number, sum: number, weight: number) {
    const { columns, scores, weights, minLeaf } = this.#request;
    const rows = this.#orders[column] ?? this.#spare;
    const ranks = columns[column]?.ranks ?? rows;
    let [leftSum, leftWeight, most, below] = [0, 0, -Infinity, -1];
    let rank = ranks[rows[start] ?? 0] ?? 0;
    for (let i = start; i < end - 1; i++) {
      const row = rows[i] ?? 0;
      const times = weights[row] ?? 0;
      leftSum += times * (scores[row] ?? 0);
      leftWeight += times;
      const next = ranks[rows[i + 1] ?? 0] ?? 0;
      if (next === rank) continue;
      const rightWeight = weight - leftWeight;
      if (leftWeight >= minLeaf && rightWeight >= minLeaf) {
        const error = (leftSum * leftSum) / leftWeight + ((sum - leftSum) * (sum - leftSum)) / rightWeight;
        if (error > most) {
          most = error;
          below = (rank + 1 + next) >> 1;
        }
      }
      rank = next;
    }
    return below < 0 ? null : { error: most, split: { column, below, left: null } };
  }

  /** The best of all 2^k groupings is one of k − 1 once the categories are in order of their means (Fisher 1958). */
  #bestGroup(column: number, start: number, end: number, sum: number, weight: number) {
    const { columns, scores, weights, minLeaf } = this.#request;
    const rows = this.#orders[column] ?? this.#spare;
    const { ranks, categories } = columns[column] as Column;
    const sums = new Float64Array(categories);
    const counts = new Float64Array(categories);
    for (let i = start; i < end; i++) {
      const row = rows[i] ?? 0;
      const category = ranks[row] ?? 0;
      const times = weights[row] ?? 0;
      sums[category] = (sums[category] ?? 0) + times * (scores[row] ?? 0);
      counts[category] = (counts[category] ?? 0) + times;
    }
    const mean = (category: number): number => (sums[category] ?? 0) / (counts[category] ?? 1);
    const present = Array.from(counts.keys()).filter((category) => (counts[category] ?? 0) > 0);
    present.sort((a, b) => mean(a) - mean(b) || a - b);
    let [leftSum, leftWeight, most, size] = [0, 0, -Infinity, 0];
    present.slice(0, -1).forEach((category, i) => {
      leftSum += sums[category] ?? 0;
      leftWeight += counts[category] ?? 0;
      const rightWeight = weight - leftWeight;
      if (leftWeight < minLeaf || rightWeight < minLeaf) return;
      const error = (leftSum * leftSum) / leftWeight + ((sum - leftSum) * (sum - leftSum)) / rightWeight;
      if (error > most) [most, size] = [error, i + 1];
    });
    if (size === 0) return null;
    const left = new Uint8Array(categories);
    for (const category of present.slice(0, size)) left[category] = 1;
    // Categories the node has not seen go where most of its rows do.
    const leftShare = present.slice(0, size).reduce((total, category) => total + (counts[category] ?? 0), 0);
    if (2 * leftShare >= weight) for (let c = 0; c < categories; c++) if ((counts[c] ?? 0) === 0) left[c] = 1;
    return { error: most, split: { column, below: -1, left } };
  }

  /** Puts the rows that go left first in every order, each side keeping its own; returns where the right side begins. */
  #partition(start: number, end: number, split: Split): number {
    const column = this.#request.columns[split.column] as Column;
    const rows = this.#orders[split.column] ?? this.#spare;
    let middle = start;
    for (let i = start; i < end; i++) {
      const row = rows[i] ?? 0;
      const left = goesLeft(split, column.ranks[row] ?? 0);
      this.#goesLeft[row] = left ? 1 : 0;
      if (left) middle++;
    }
    for (const order of this.#orders) {
      let [left, right] = [start, 0];
      for (let i = start; i < end; i++) {
        const row = order[i] ?? 0;
        if (this.#goesLeft[row] === 1) order[left++] = row;
        else this.#spare[right++] = row;
      }
      order.set(this.#spare.subarray(0, right), left);
    }
    return middle;
  }

  #predict(root: Node, row: number): number {
    let node = root;
    while (node.split !== null && node.children !== null) {
      const rank = this.#request.columns[node.split.column]?.ranks[row] ?? 0;
      node = node.children[goesLeft(node.split, rank) ? 0 : 1];
    }
    return node.value;
  }
}

function goesLeft({ below, left }: Split, rank: number): boolean {
  return left === null ? rank < below : left[rank] === 1;
}

function splitSide(side: Side, { below, left }: Split): [Side, Side] {
  if (side instanceof Uint8Array) {
    const inside = side.map((flag, category) => flag & (left?.[category] ?? 0));
    return [inside, side.map((flag, category) => flag & (1 - (inside[category] ?? 0)))];
  }
  return [
    { from: side.from, to: below },
    { from: below, to: side.to },
  ];
}
