/** Eigenvalues and eigenvectors of a small symmetric matrix. */

export type Matrix = readonly (readonly number[])[];

export interface Eigen {
  readonly values: readonly number[];
  /** Column k belongs to value k; columns are orthonormal. */
  readonly vectors: Matrix;
}

const SWEEPS = 60;

/** Jacobi's method in cyclic order (Golub & Van Loan, "Matrix Computations", section 8.5): A = V · diag(values) · Vᵀ. */
export function symmetricEigen(matrix: Matrix): Eigen {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const v = matrix.map((_, i) => matrix.map((__, j) => (i === j ? 1 : 0)));
  const at = (m: number[][], i: number, j: number): number => m[i]?.[j] ?? 0;
  for (let sweep = 0; sweep < SWEEPS && !isDiagonal(a); sweep++) {
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = at(a, p, q);
        if (off === 0) continue;
        const theta = (at(a, q, q) - at(a, p, p)) / (2 * off);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        rotateColumns(a, p, q, c, t * c);
        rotateRows(a, p, q, c, t * c);
        rotateColumns(v, p, q, c, t * c);
      }
    }
  }
  return { values: a.map((row, i) => row[i] ?? 0), vectors: v };
}

function isDiagonal(a: Matrix): boolean {
  const squares = a.map((row, i) => row.reduce((sum, x, j) => (i === j ? sum : sum + x * x), 0));
  const off = squares.reduce((sum, x) => sum + x, 0);
  const on = a.reduce((sum, row, i) => sum + (row[i] ?? 0) ** 2, 0);
  return off <= 1e-30 * on;
}

function rotateColumns(m: number[][], p: number, q: number, c: number, s: number): void {
  for (const row of m) {
    const [x, y] = [row[p] ?? 0, row[q] ?? 0];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
}

function rotateRows(m: number[][], p: number, q: number, c: number, s: number): void {
  const [rowP, rowQ] = [m[p] ?? [], m[q] ?? []];
  for (let j = 0; j < rowP.length; j++) {
    const [x, y] = [rowP[j] ?? 0, rowQ[j] ?? 0];
    rowP[j] = c * x - s * y;
    rowQ[j] = s * x + c * y;
  }
}
