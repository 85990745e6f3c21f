/** The value, or a test that fails where it is missing instead of further on. */
export function required<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Error(`expected a value, got ${String(value)}`);
  return value;
}
