/**
 * A computation graph of single numbers, book sections 5.1 to 5.5: forward, each node computes its value from its
 * inputs; backward, it hands each input its share of the gradient, the product of local derivatives on the way.
 */

/** A value in the graph and, after `backward`, the derivative of the end by it. */
export class Node {
  value: number;
  gradient = 0;
  readonly inputs: readonly Node[];
  readonly #forward: ((inputs: readonly number[]) => number) | null;
  /** Derivatives of the node by each of its inputs. */
  readonly #slopes: (inputs: readonly number[]) => readonly number[];

  constructor(
    inputs: readonly Node[],
    forward: ((inputs: readonly number[]) => number) | null,
    slopes: (inputs: readonly number[]) => readonly number[],
    value = 0,
  ) {
    this.inputs = inputs;
    this.#forward = forward;
    this.#slopes = slopes;
    this.value = forward === null ? value : forward(inputs.map((input) => input.value));
  }

  /** Computes the value anew; its inputs must be up to date. */
  recompute(): void {
    if (this.#forward !== null) this.value = this.#forward(this.inputs.map((input) => input.value));
  }

  /** Adds this node's gradient, times the local derivatives, to its inputs' gradients. */
  passBack(): void {
    const slopes = this.#slopes(this.inputs.map((input) => input.value));
    for (const [i, input] of this.inputs.entries()) input.gradient += this.gradient * (slopes[i] ?? 0);
  }
}

/** A number that is given, not computed. */
export function variable(value: number): Node {
  return new Node([], null, () => [], value);
}

/** z = x + y: both inputs get the gradient as it is (section 5.3.1). */
export function add(x: Node, y: Node): Node {
  return new Node(
    [x, y],
    ([a = 0, b = 0]) => a + b,
    () => [1, 1],
  );
}

/** z = x·y: each input gets the gradient times the other input (section 5.3.2). */
export function multiply(x: Node, y: Node): Node {
  return new Node(
    [x, y],
    ([a = 0, b = 0]) => a * b,
    ([a = 0, b = 0]) => [b, a],
  );
}

/** z = x², dz/dx = 2x */
export function square(x: Node): Node {
  return new Node(
    [x],
    ([a = 0]) => a * a,
    ([a = 0]) => [2 * a],
  );
}

/** z = ln x, dz/dx = 1/x */
export function log(x: Node): Node {
  return new Node(
    [x],
    ([a = 0]) => Math.log(a),
    ([a = 0]) => [1 / a],
  );
}

/** z = √x, dz/dx = 1/(2√x) */
export function sqrt(x: Node): Node {
  return new Node(
    [x],
    ([a = 0]) => Math.sqrt(a),
    ([a = 0]) => [1 / (2 * Math.sqrt(a))],
  );
}

/** All nodes that `end` depends on, itself last, every node after its inputs. */
export function inOrder(end: Node): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const input of node.inputs) visit(input);
    order.push(node);
  };
  visit(end);
  return order;
}

/** Brings every node up to date with the variables. */
export function forward(end: Node): number {
  for (const node of inOrder(end)) node.recompute();
  return end.value;
}

/** Sets every node's gradient to the derivative of `end` by it. */
export function backward(end: Node): void {
  const order = inOrder(end);
  for (const node of order) node.gradient = 0;
  end.gradient = 1;
  for (const node of order.reverse()) node.passBack();
}
