/** What crosses the wire comes out as it went in, and anything else is refused in words. */

import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  controlSchema,
  decode,
  decodeText,
  encodeText,
  orderSchema,
  PROTOCOL,
  ProtocolError,
  reportSchema,
  VersionMismatch,
  type News,
  type Order,
} from '../../../electron/queue/protocol.ts';
import { parseRunSpec } from '../../../engine/spec/run-spec.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { irisSpec } from '../services/studio.ts';

const ENGINE = '0.1.0';
const version = { protocol: PROTOCOL, engine: ENGINE } as const;
const runId = 'k3v9x0c2m1qa' as RunId;
const hash = 'a'.repeat(64);

function order(): Order {
  const parsed = parseRunSpec(irisSpec());
  if (!parsed.ok) throw new Error('the spec of the test is wrong');
  return {
    ...version,
    owner: 'owner0000000',
    attempt: 'attempt00000',
    runId,
    spec: parsed.spec,
    kernels: 'reference',
    resumeFrom: Uint8Array.of(0, 255, 7),
    elapsedMs: 12.5,
    scoreTest: 'never',
    data: { sha256: hash, file: { sha256: hash, bytes: 10, extension: 'data' } },
    initialWeights: null,
  };
}

function report(message: News): z.output<typeof reportSchema> {
  const worker = { id: 'worker000000', name: 'here/1' };
  return { ...version, attempt: 'attempt00000', worker, needs: [], news: { number: 3, message } };
}

const chunk = {
  runId,
  metric: 'loss',
  split: 'batch',
  steps: Int32Array.of(-1, 0, 2 ** 31 - 1),
  values: Float32Array.of(0.1, NaN, -Infinity),
  startMs: 0,
  endMs: 3.25,
} as const;
const place = { step: 3, elapsedMs: 9 };
const nothing = { trainAccuracy: NaN, validationLoss: NaN, validationAccuracy: NaN, samplesPerSecond: Infinity };

describe('a message', () => {
  it.each<[string, News]>([
    [
      'chunks',
      {
        type: 'chunks',
        chunks: [chunk],
        health: { runId, steps: Int32Array.of(1), values: Float32Array.of(NaN, 2), startMs: 0, endMs: 1 },
        epochs: [{ epoch: 1, step: 3, trainLoss: 0.1 + 0.2, ...nothing, best: true, elapsedMs: 9 }],
        ...place,
      },
    ],
    [
      'a checkpoint',
      { type: 'checkpoint', epoch: 1, best: false, reason: 'epoch', bytes: Uint8Array.of(1, 2, 3, 4, 5), ...place },
    ],
    ['an end without figures', { type: 'failed', error: { code: 'data_invalid', message: 'no' } }],
    ['a death', { type: 'lost', error: { code: 'worker_died', message: 'heap' } }],
  ])('of %s survives the wire to the last bit', (_what, news) => {
    const arrived = decodeText(reportSchema, encodeText(reportSchema, report(news)), ENGINE);
    expect(arrived).toEqual(report(news));
  });

  it('has arrays that own their memory, as threads demand that take them over', () => {
    const sent = report({ type: 'chunks', chunks: [chunk], health: null, epochs: [], ...place });
    const { news } = decodeText(reportSchema, encodeText(reportSchema, sent), ENGINE);
    if (news?.message.type !== 'chunks') throw new Error('another message came');
    const [{ steps, values } = chunk] = news.message.chunks;
    expect([steps.buffer.byteLength, values.buffer.byteLength]).toEqual([12, 12]);
  });

  it('may be an order, with its spec as the schema of specs has it', () => {
    const sent = JSON.parse(encodeText(orderSchema, order())) as unknown;
    expect(decode(orderSchema, sent, ENGINE)).toEqual(order());
  });
});

describe('anything else', () => {
  const sent = (): Record<string, unknown> => JSON.parse(encodeText(orderSchema, order())) as Record<string, unknown>;

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no run', { runId: '../../etc' }, /runId: expected a run id/],
    [
      'a spec with a bad field',
      { spec: { ...order().spec, optimizer: { type: 'sgd', lr: -1 } } },
      /spec: optimizer\.lr/,
    ],
    ['bytes that are none', { resumeFrom: 'abc*' }, /resumeFrom: expected base64/],
    ['kernels that are a path', { kernels: '../x' }, /kernels/],
    ['a file without a hash', { data: { sha256: 'x', file: null } }, /data\.sha256/],
    ['an extension that is a path', { initialWeights: { sha256: hash, bytes: 1, extension: '/../x' } }, /extension/],
    ['a field too many', { more: 1 }, /more/],
    ['a time before the beginning', { elapsedMs: -1 }, /elapsedMs/],
  ])('is refused: an order with %s', (_what, change, message) => {
    expect(() => decode(orderSchema, { ...sent(), ...change }, ENGINE)).toThrow(ProtocolError);
    expect(() => decode(orderSchema, { ...sent(), ...change }, ENGINE)).toThrow(message);
  });

  it.each([['no JSON'], [''], ['null'], ['[]'], ['{"protocol":1}'], ['"text"'], ['1e999']])(
    'is refused: %j',
    (text) => {
      expect(() => decodeText(reportSchema, text, ENGINE)).toThrow(/^a message that cannot be understood/);
      expect(() => decodeText(controlSchema, text, ENGINE)).toThrow(ProtocolError);
    },
  );

  it('is refused: columns of unequal length, and half a number', () => {
    const good = report({ type: 'chunks', chunks: [chunk], health: null, epochs: [], ...place });
    const broken = (steps: string): string => {
      const letter = JSON.parse(encodeText(reportSchema, good)) as {
        news: { message: { chunks: { steps: string }[] } };
      };
      letter.news.message.chunks[0]!.steps = steps;
      return JSON.stringify(letter);
    };
    expect(() => decodeText(reportSchema, broken('AAAAAA=='), ENGINE)).toThrow('expected a value for each step');
    expect(() => decodeText(reportSchema, broken('AAAA'), ENGINE)).toThrow('expected a multiple of 4 bytes, got 3');
  });

  it('is refused before it is sent', () => {
    const wrong = { ...report({ type: 'resumed' }), attempt: 'not an attempt' };
    expect(() => encodeText(reportSchema, wrong)).toThrow('a message that must not be sent: attempt');
  });

  it('of another version is refused with both named, whatever else it says', () => {
    const newer = { protocol: 2, engine: '0.2.0', unheard: 'of' };
    expect(() => decode(orderSchema, newer, ENGINE)).toThrow(VersionMismatch);
    expect(() => decode(orderSchema, newer, ENGINE)).toThrow(
      'the other side is Descent 0.2.0 (protocol 2), this is 0.1.0 (protocol 1); a sweep and its workers must be the same version',
    );
    expect(() => decode(orderSchema, { ...sent(), engine: '0.1.1' }, ENGINE)).toThrow('Descent 0.1.1');
  });
});
