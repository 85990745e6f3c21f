/** What a measuring process says on stdout, one JSON object a line: our own kernels and the peers alike. */

import { z } from 'zod';

/** Steps, samples or floating-point operations a second; null where the peer cannot do the work. */
const figureSchema = z.object({
  kind: z.literal('figure'),
  workload: z.string(),
  metric: z.enum(['steps/s', 'samples/s', 'GFLOP/s']),
  value: z.number().positive().nullable(),
  /** Share of a processor the measurement got: well below 1 on a busy machine. Null when it was one call only. */
  share: z.number().nullable().default(null),
});
/** Losses of the check's steps, or outputs: what every peer must agree on. */
const checkSchema = z.object({ kind: z.literal('check'), workload: z.string(), values: z.array(z.number()).min(1) });
const aboutSchema = z.object({ kind: z.literal('about'), text: z.string() });

const lineSchema = z.discriminatedUnion('kind', [figureSchema, checkSchema, aboutSchema]);
export type MeasuredLine = z.infer<typeof lineSchema>;
export type Figure = z.infer<typeof figureSchema>;

/** Throws for a line that is none of ours. */
export function parseLine(line: string, from: string): MeasuredLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error(`${from} printed ${JSON.stringify(line)}, expected a line of JSON`, { cause: error });
  }
  const parsed = lineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${from} printed ${line}: ${z.prettifyError(parsed.error)}`);
}

/** The products of the networks: (rows × inputs)·(inputs × units). */
export const PRODUCTS = [
  { rows: 100, inputs: 784, units: 50 },
  { rows: 100, inputs: 784, units: 100 },
  { rows: 100, inputs: 100, units: 100 },
  { rows: 100, inputs: 4320, units: 100 },
  { rows: 100, inputs: 100, units: 10 },
] as const;
/** y = x·w; dw = xᵀ·dy with db; both gradients, dx = dy·wᵀ too. */
export const PRODUCT_KINDS = ['forward', 'weights', 'backward'] as const;
export type ProductKind = (typeof PRODUCT_KINDS)[number];

export function productName({ rows, inputs, units }: (typeof PRODUCTS)[number], kind: ProductKind): string {
  return `${kind} ${rows}x${inputs}x${units}`;
}
