/**
 * What the owner of a sweep and its workers say to each other through Redis. Every message is checked at both ends:
 * encoded by its schema before it leaves, decoded by it when it arrives.
 *
 * An order lies on the queue until a worker takes it. From then on the worker reports to the owner, at least once a
 * second, and the owner answers each report with where it stands: a control message. A worker trains only once it has
 * been told that the order is its own.
 */

import { z } from 'zod';
import { formatIssue, parseRunSpec, type RunSpec } from '../../engine/spec/run-spec.ts';
import { runIdSchema } from '../contract/runs.ts';
import { jobMessageSchema, lostSchema } from './job-message.ts';
import { complain, count, kernelsName, milliseconds, sha256, wireBytes } from './wire.ts';

/** Counts up whenever a message changes its meaning or form. */
export const PROTOCOL = 1;

const id = z.string().regex(/^[0-9a-z]{12}$/);
/** First in every message; another version's message is refused by these two before anything else is read. */
const version = { protocol: z.literal(PROTOCOL), engine: z.string().max(100) };

/** A file that travels by its content. */
export const fileReferenceSchema = z.strictObject({
  sha256,
  bytes: z.int().min(1),
  /** Without the dot: readers tell formats by it. */
  extension: z.string().regex(/^[a-z0-9]{1,12}$/),
});
export type FileReference = z.infer<typeof fileReferenceSchema>;

const specSchema = z.codec(z.unknown(), z.custom<RunSpec>(), {
  decode: (value, context) => {
    const parsed = parseRunSpec(value);
    if (parsed.ok) return parsed.spec;
    for (const issue of parsed.issues) complain(context, formatIssue(issue));
    return z.NEVER;
  },
  encode: (spec) => spec,
});

/** A run to be trained, as it lies on the queue. */
export const orderSchema = z.strictObject({
  ...version,
  owner: id,
  /** One try at the run: what comes from an earlier one is not listened to any more. */
  attempt: id,
  runId: runIdSchema,
  spec: specSchema,
  kernels: kernelsName,
  resumeFrom: wireBytes.nullable(),
  elapsedMs: milliseconds,
  scoreTest: z.enum(['always', 'when-completed', 'never']),
  data: z.strictObject({
    /** Of the values, the targets and the shape: `RunStarted.dataSha256`. */
    sha256,
    /** null for sets on board. */
    file: fileReferenceSchema.nullable(),
  }),
  initialWeights: fileReferenceSchema.nullable(),
});
export type Order = z.output<typeof orderSchema>;

/** From a worker, about one order it has taken. */
export const reportSchema = z.strictObject({
  ...version,
  attempt: id,
  worker: z.strictObject({ id, name: z.string().max(300) }),
  /** Files it does not have. */
  needs: z.array(sha256).max(2),
  /** Numbered from 1 without gaps, and sent again until the owner has it; null: the worker is alive, no more. */
  news: z
    .strictObject({ number: z.int().min(1), message: z.discriminatedUnion('type', [jobMessageSchema, lostSchema]) })
    .nullable(),
});
export type Report = z.output<typeof reportSchema>;
export type News = NonNullable<Report['news']>['message'];

/** From the owner, about one order: where it stands. The last one counts, so one that is lost does no harm. */
export const controlSchema = z.strictObject({
  ...version,
  attempt: id,
  /** False: the order is not, or no longer, this worker's. */
  yours: z.boolean(),
  command: z.enum(['run', 'pause', 'stop', 'suspend']),
  /** The run waits at the end of this epoch; null: it does not wait. */
  epochLimit: z.int().min(0).nullable(),
  /** Single steps asked for so far. */
  singleSteps: count,
  /** Number of the last news the owner has. */
  received: count,
  /** `chunks` messages that are in the owner's database. */
  taken: count,
});
export type Control = z.output<typeof controlSchema>;

/** Something on the wire is not what it should be. The message is one line. */
export class ProtocolError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProtocolError';
  }
}

/** JSON values for the wire. Throws a ProtocolError for a value of ours that breaks the rules. */
export function encode<S extends z.ZodType>(schema: S, value: z.output<S>): unknown {
  const encoded = z.safeEncode(schema, value);
  if (encoded.success) return encoded.data;
  throw new ProtocolError(`a message that must not be sent: ${firstIssue(encoded.error)}`);
}

/** The value as JSON text; throws when it does not fit the schema. */
export function encodeText<S extends z.ZodType>(schema: S, value: z.output<S>): string {
  return JSON.stringify(encode(schema, value));
}

/** Throws a ProtocolError; the message of one between versions names both. */
export function decode<S extends z.ZodType>(schema: S, value: unknown, engine: string): z.output<S> {
  refuseOtherVersion(value, engine);
  const decoded = z.safeDecode(schema, value as z.input<S>);
  if (decoded.success) return decoded.data;
  throw new ProtocolError(`a message that cannot be understood: ${firstIssue(decoded.error)}`);
}

/** As `decode`, from JSON text. */
export function decodeText<S extends z.ZodType>(schema: S, text: string, engine: string): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProtocolError(`a message that cannot be understood: expected JSON, got ${text.length} characters`);
  }
  return decode(schema, value, engine);
}

/** The other side is another version. It would understand something else by the same words, or compute other numbers. */
export class VersionMismatch extends ProtocolError {}

const anyVersion = z.object({ protocol: z.number(), engine: z.string() });

function refuseOtherVersion(value: unknown, engine: string): void {
  const said = anyVersion.safeParse(value);
  if (!said.success || (said.data.protocol === PROTOCOL && said.data.engine === engine)) return;
  throw new VersionMismatch(
    `the other side is Descent ${said.data.engine.slice(0, 40)} (protocol ${said.data.protocol}), this is ${engine} (protocol ${PROTOCOL}); a sweep and its workers must be the same version`,
  );
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${issue?.message ?? 'invalid'}`;
}
