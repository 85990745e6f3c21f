/** The book's functions on plain arrays: activations of chapter 3, losses of chapter 4. */

/** h(x) = 1 where x > 0, else 0; section 3.2.2. */
export function step(x: readonly number[]): number[] {
  return x.map((value) => (value > 0 ? 1 : 0));
}

/** h(x) = 1/(1 + exp(−x)); section 3.2.4. */
export function sigmoid(x: readonly number[]): number[] {
  return x.map((value) => 1 / (1 + Math.exp(-value)));
}

/** h(x) = max(0, x); section 3.2.7. */
export function relu(x: readonly number[]): number[] {
  return x.map((value) => Math.max(0, value));
}

/** y_k = exp(a_k − max a)/Σ exp(a_i − max a); section 3.5.2, where the maximum keeps exp from overflowing. */
export function softmax(a: readonly number[]): number[] {
  const largest = Math.max(...a);
  const powers = a.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** E = ½·Σ (y_k − t_k)²; section 4.2.1. */
export function squaredError(y: readonly number[], t: readonly number[]): number {
  return 0.5 * y.reduce((total, value, k) => total + (value - (t[k] ?? 0)) ** 2, 0);
}

/** E = −Σ t_k·log(y_k + 1e-7); section 4.2.2, where the 1e-7 keeps log away from 0. */
export function crossEntropyError(y: readonly number[], t: readonly number[]): number {
  return -y.reduce((total, value, k) => total + (t[k] ?? 0) * Math.log(value + 1e-7), 0);
}

/** x·W for one row x (in) and a matrix W (in, out) given by its rows. */
export function dot(x: readonly number[], w: readonly (readonly number[])[]): number[] {
  const columns = w[0]?.length ?? 0;
  return Array.from({ length: columns }, (_, j) => x.reduce((total, value, i) => total + value * (w[i]?.[j] ?? 0), 0));
}

/** One layer of section 3.4: x·W + b. */
export function affine(x: readonly number[], w: readonly (readonly number[])[], b: readonly number[]): number[] {
  return dot(x, w).map((value, j) => value + (b[j] ?? 0));
}
