/** Finds the memory in a message that may move to the other thread instead of being copied. */

/** Buffers of typed arrays that own their whole memory; parts of a larger buffer and shared memory stay where they are. */
export function transferables(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  collect(value, found);
  return [...found];
}

function collect(value: unknown, found: Set<ArrayBuffer>): void {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value;
    if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) found.add(buffer);
  } else if (Array.isArray(value)) {
    // Long lists hold plain numbers or texts; what may move sits in lists of objects.
    if (typeof value[0] === 'object') for (const item of value) collect(item, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) collect(item, found);
  }
}
