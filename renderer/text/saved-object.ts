/** Objects kept as text in the window's storage. What they mean is for those to check who kept them. */

export type SavedObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is SavedObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object a saved text holds; null without one, also when the text was cut off in the middle or holds something else. */
export function savedObject(saved: string | null): SavedObject | null {
  if (saved === null) return null;
  try {
    const value: unknown = JSON.parse(saved);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
