/** The pieces of the queue that need no server. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { JobMessage } from '../../../electron/contract/jobs.ts';
import type { StudioError } from '../../../electron/contract/outcome.ts';
import { withoutPasswords } from '../../../electron/cli/output-lines.ts';
import { Outbox } from '../../../electron/queue/outbox.ts';
import { PROTOCOL, type News, type Report } from '../../../electron/queue/protocol.ts';
import { parseQueueAddress } from '../../../electron/queue/queue-address.ts';
import { Ticket } from '../../../electron/queue/ticket.ts';
import { packDataSet, readPackedDataSet, unpackDataSet } from '../../../electron/workers/packed-data.ts';
import type { DataSet } from '../../../engine/data/dataset.ts';
import { parseRunSpec } from '../../../engine/spec/run-spec.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { irisSpec } from '../services/studio.ts';

describe('an address', () => {
  it('names a server and a prefix, with defaults for what is left out', () => {
    expect(parseQueueAddress('redis://box:7000/lab', {})).toMatchObject({
      options: { host: 'box', port: 7000 },
      prefix: 'lab',
      shown: 'redis://box:7000/lab',
    });
    expect(parseQueueAddress('redis://box', {})).toMatchObject({ options: { port: 6379 }, prefix: 'descent' });
    expect(parseQueueAddress('rediss://box/x', {}).options.tls).toEqual({ servername: 'box' });
  });

  it('keeps user and password to itself', () => {
    const { options, shown } = parseQueueAddress('redis://ann:s%3Acret@box/x', {});
    expect(options).toMatchObject({ username: 'ann', password: 's:cret' });
    expect(shown).toBe('redis://box:6379/x');
    expect(parseQueueAddress('redis://box', { DESCENT_QUEUE_PASSWORD: 'pw' }).options.password).toBe('pw');
    for (const text of ['redis://ann:s3cret@', 'http://ann:s3cret@box/x', 'ann:s3cret', 'redis://ann:s3cr%zz@box/x']) {
      expect(() => parseQueueAddress(text, {})).toThrow(/^--queue: (?!.*s3cr)/);
    }
    expect(withoutPasswords('sweep --queue redis://ann:s3cret@box/x')).toBe('sweep --queue redis://box/x');
  });

  it.each(['redis://box/a/b', 'redis://box/a b', 'redis://box/x?db=1', 'box:6379', ''])('is not %j', (text) => {
    expect(() => parseQueueAddress(text, {})).toThrow(/^--queue: expected/);
  });
});

describe('an outbox', () => {
  it('sends again what nobody has answered, all of it and in order', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const posted: string[] = [];
    const outbox = new Outbox((letter) => posted.push(letter));
    for (const letter of ['a', 'b', 'c']) outbox.add(letter);
    outbox.received(1);
    vi.advanceTimersByTime(1500);
    outbox.tick();
    expect(posted).toEqual(['a', 'b', 'c']);
    vi.advanceTimersByTime(1000);
    outbox.tick();
    expect(posted.slice(3)).toEqual(['b', 'c']);
    // An answer that was late says nothing new.
    outbox.received(1);
    expect(outbox.bytes).toBe(2);
    outbox.received(3);
    expect(outbox.empty).toBe(true);
  });
});

describe('a ticket', () => {
  const parsed = parseRunSpec(irisSpec());
  const spec = parsed.ok ? parsed.spec : null;
  const ann = { id: 'worker000001', name: 'ann' };
  const bob = { id: 'worker000002', name: 'bob' };

  function ticket(): { one: Ticket; heard: JobMessage[]; lost: StudioError[]; putBack: () => number } {
    const heard: JobMessage[] = [];
    const lost: StudioError[] = [];
    let count = 0;
    let ids = 0;
    const folders = { baseFolder: '/', datasetsFolder: '/' };
    const job = { ...folders, runId: 'k3v9x0c2m1qa' as RunId, spec: spec!, kernels: 'auto', elapsedMs: 0 };
    const one = new Ticket(
      { ...job, resumeFrom: null },
      { message: (message) => void heard.push(message), lost: (error) => void lost.push(error) },
      { putBack: () => void count++, changed: () => undefined, over: () => undefined },
      () => `attempt${String(++ids).padStart(5, '0')}`,
    );
    one.queued();
    return { one, heard, lost, putBack: () => count };
  }
  const report = (one: Ticket, worker: Report['worker'], number: number | null, message?: News): Report => ({
    protocol: PROTOCOL,
    engine: '0.1.0',
    attempt: one.attempt,
    worker,
    needs: [],
    news: number === null || message === undefined ? null : { number, message },
  });
  const checkpoint: News = {
    type: 'checkpoint',
    step: 5,
    epoch: 1,
    elapsedMs: 7,
    best: true,
    reason: 'epoch',
    bytes: Uint8Array.of(9),
  };

  it('belongs to the worker that was heard of first', () => {
    const { one } = ticket();
    expect(one.hear(report(one, ann, null))).toBe(true);
    expect(one.hear(report(one, bob, null))).toBe(false);
    expect(one).toMatchObject({ stage: 'held', worker: ann });
    expect(one.cancel()).toBe(false);
  });

  it('takes each piece of news once, in order, however often and in whatever order it comes', () => {
    const { one, heard } = ticket();
    const paused: News = { type: 'paused', step: 6, elapsedMs: 8 };
    for (const [number, news] of [
      [2, paused],
      [1, checkpoint],
      [1, checkpoint],
      [3, paused],
      [2, paused],
    ] as const) {
      one.hear(report(one, ann, number, news));
    }
    expect(heard.map(({ type }) => type)).toEqual(['checkpoint', 'paused']);
    expect(one.control(true)).toMatchObject({ received: 2, yours: true });
  });

  it('goes back with its last checkpoint when its worker leaves, and ends when that was asked for', () => {
    const { one, heard, putBack } = ticket();
    const first = one.attempt;
    one.hear(report(one, ann, 1, checkpoint));
    one.hear(report(one, ann, 2, { type: 'suspended', step: 5, elapsedMs: 11 }));
    expect(putBack()).toBe(1);
    expect(one).toMatchObject({ stage: 'preparing', worker: null, from: { bytes: Uint8Array.of(9), elapsedMs: 11 } });
    expect(one.attempt).not.toBe(first);
    expect(heard.map(({ type }) => type)).toEqual(['checkpoint']);
    one.queued();
    one.order('suspend');
    one.hear(report(one, bob, 1, { type: 'suspended', step: 5, elapsedMs: 11 }));
    expect(heard.at(-1)).toMatchObject({ type: 'suspended' });
    expect(one.stage).toBe('over');
  });

  it('is no loss when its worker is gone before it has begun', () => {
    const { one, heard, lost, putBack } = ticket();
    one.hear(report(one, ann, null));
    one.workerGone({ code: 'worker_died', message: 'gone' });
    expect(putBack()).toBe(1);
    one.queued();
    one.hear(report(one, bob, 1, checkpoint));
    one.workerGone({ code: 'worker_died', message: 'gone' });
    expect(heard.map(({ type }) => type)).toEqual(['checkpoint']);
    expect([putBack(), lost.length, one.stage]).toEqual([1, 1, 'over']);
  });

  it('says once that it is lost, and is deaf afterwards', () => {
    const { one, heard, lost } = ticket();
    one.hear(report(one, ann, null));
    one.lose({ code: 'worker_died', message: 'gone' });
    one.lose({ code: 'worker_died', message: 'gone' });
    expect(one.hear(report(one, ann, 1, checkpoint))).toBe(false);
    expect(lost).toHaveLength(1);
    expect(heard).toEqual([]);
  });
});

describe('a packed data set', () => {
  const set: DataSet = {
    shape: { input: [2, 1, 2], task: 'classification', outputs: 3 },
    rows: 3,
    x: Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
    labels: Int32Array.of(0, 2, 1),
    targets: null,
    outputNames: ['a', 'b', '漢'],
    featureNames: null,
    testFrom: 2,
    maximum: 255,
  };

  it('comes out as it went in', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'descent-packed-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'x.data');
    writeFileSync(file, packDataSet(set));
    expect(await readPackedDataSet(file)).toEqual(set);
    const table: DataSet = {
      ...set,
      shape: { input: [1], task: 'regression', outputs: 2 },
      x: Float32Array.of(1.5, -2, 3),
      labels: null,
      targets: Float32Array.of(1, 2, 3, 4, 5, 6),
      targetsNote: 'floats',
      featureNames: ['height'],
      maximum: null,
    };
    expect(unpackDataSet(packDataSet(table), 'x')).toEqual(table);
  });

  it('is refused when it is cut off anywhere, too long, or something else', () => {
    const bytes = packDataSet(set);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => unpackDataSet(bytes.subarray(0, length), 'x.data')).toThrow(/^x\.data: /);
    }
    expect(() => unpackDataSet(new Uint8Array([...bytes, 0]), 'x.data')).toThrow('expected 2');
    expect(() => unpackDataSet(new Uint8Array(100), 'x.data')).toThrow('x.data: not a packed data set');
  });
});
