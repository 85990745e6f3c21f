/** Identifiers cross every wire as strings; the brand keeps one kind from being passed for another. */

export type RunId = string & { readonly __brand: 'RunId' };

/** A run id is 12 lower-case letters and digits, for example `k3v9x0c2m1qa`. */
export const RUN_ID_PATTERN = /^[0-9a-z]{12}$/;

/** Narrows a string to a run id. Throws a RangeError when it is not one. */
export function runId(text: string): RunId {
  if (!RUN_ID_PATTERN.test(text)) {
    throw new RangeError(`not a run id: ${JSON.stringify(text)} (expected 12 letters and digits)`);
  }
  return text as RunId;
}

/** A sweep's id has the same form. */
export type SweepId = string & { readonly __brand: 'SweepId' };
