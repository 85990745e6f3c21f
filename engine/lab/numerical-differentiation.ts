/** Derivatives from differences, book section 4.3. */

/** Small enough for the slope, large enough not to drown in rounding; section 4.3.1. */
export const DIFFERENCE = 1e-4;

/** df/dx ≈ (f(x + h) − f(x − h))/(2h) */
export function numericalDerivative(f: (x: number) => number, x: number, h = DIFFERENCE): number {
  return (f(x + h) - f(x - h)) / (2 * h);
}

/** (∂f/∂x₀, ∂f/∂x₁, …), each with the other variables held; section 4.4. */
export function numericalGradient(f: (x: readonly number[]) => number, x: readonly number[], h = DIFFERENCE): number[] {
  const point = [...x];
  return x.map((held, i) => {
    point[i] = held + h;
    const above = f(point);
    point[i] = held - h;
    const below = f(point);
    point[i] = held;
    return (above - below) / (2 * h);
  });
}

/** ∇f·l/‖l‖: how fast f grows in the direction l. Largest along the gradient itself, where it is the gradient's norm. */
export function directionalDerivative(gradient: readonly number[], direction: readonly number[]): number {
  const inner = gradient.reduce((total, value, i) => total + value * (direction[i] ?? 0), 0);
  return inner / Math.hypot(...direction);
}
