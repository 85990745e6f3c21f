/** Values as they cross the wire: JSON, with bytes and columns as base64 and the numbers JSON has no word for as words. */

import { z } from 'zod';

export const count = z.int().min(0);
export const milliseconds = z.number().min(0);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A name of KERNEL_NAMES. Workers only look at queues of kernels they have, so more need not be known here. */
export const kernelsName = z.string().regex(/^[a-z0-9-]{1,40}$/);

/** Bytes in memory of their own, so that they can be handed on to another thread. */
export const wireBytes = z.codec(
  z.string(),
  z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  { decode: (text, context) => fromBase64(text, 1, context), encode: (bytes) => toBase64(bytes) },
);

/** float32 values, little-endian. */
export const wireFloats = z.codec(
  z.string(),
  z.custom<Float32Array>((value) => value instanceof Float32Array),
  { decode: (text, context) => new Float32Array(fromBase64(text, 4, context).buffer), encode: toBase64 },
);

/** int32 values, little-endian. */
export const wireInts = z.codec(
  z.string(),
  z.custom<Int32Array>((value) => value instanceof Int32Array),
  { decode: (text, context) => new Int32Array(fromBase64(text, 4, context).buffer), encode: toBase64 },
);

/** uint32 values, little-endian. */
export const wireCounts = z.codec(
  z.string(),
  z.custom<Uint32Array>((value) => value instanceof Uint32Array),
  { decode: (text, context) => new Uint32Array(fromBase64(text, 4, context).buffer), encode: toBase64 },
);

/** What a codec found wrong with its input. */
export function complain(context: z.core.ParsePayload<unknown>, message: string): void {
  context.issues.push({ code: 'custom', input: context.value, message });
}

const WORDS = ['NaN', 'Infinity', '-Infinity'] as const;

/** Any number. */
export const wireNumber = z.codec(
  z.union([z.number(), z.literal(WORDS)]),
  z.custom<number>((value) => typeof value === 'number'),
  {
    decode: Number,
    encode: (value) => (Number.isFinite(value) ? value : (String(value) as (typeof WORDS)[number])),
  },
);

function toBase64({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');
}

/** Every byte of the text must count: Buffer itself skips what it does not know. */
function fromBase64(text: string, itemBytes: number, context: z.core.ParsePayload<unknown>): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const decoded = Buffer.from(text, 'base64');
  if (text.length % 4 !== 0 || decoded.length !== (text.length / 4) * 3 - padding) {
    complain(context, 'expected base64');
  } else if (decoded.length % itemBytes !== 0) {
    complain(context, `expected a multiple of ${itemBytes} bytes, got ${decoded.length}`);
  }
  const whole = decoded.length - (decoded.length % itemBytes);
  return new Uint8Array(decoded.subarray(0, whole));
}
