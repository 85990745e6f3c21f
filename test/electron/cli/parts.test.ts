/** The command line's small parts. */

import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { float32Cell, textCell } from '../../../electron/cli/csv.ts';
import { EXIT, statusOfError, statusOfRun } from '../../../electron/cli/exit-status.ts';
import { LineWriter } from '../../../electron/cli/line-writer.ts';
import { jsonLine, jsonNumber, oneLine } from '../../../electron/cli/output-lines.ts';
import { alignColumns, duration, figure, percent } from '../../../electron/cli/text-format.ts';
import { TextReport } from '../../../electron/cli/text-report.ts';
import { withSeed } from '../../../electron/cli/spec-file.ts';
import { started } from '../store/run-samples.ts';
import type { RunId } from '../../../engine/spec/ids.ts';

describe('a JSON line', () => {
  it('writes numbers that JSON has no word for as texts', () => {
    const value = { a: NaN, b: [Infinity, -Infinity], c: -0, d: null, e: Float32Array.from([0.5, NaN]) };
    expect(jsonLine(value)).toBe('{"a":"NaN","b":["Infinity","-Infinity"],"c":0,"d":null,"e":[0.5,"NaN"]}');
  });

  it.each([0.1, 1e-7, 1e21, 123456.789, NaN, -Infinity])('has the number %d in the same way', (value) => {
    expect(jsonNumber(value)).toBe(jsonLine(value));
  });

  it('for people is one line whatever the message holds', () => {
    expect(oneLine('first\r\n  second\nthird\n')).toBe('first second third');
  });
});

describe('a CSV cell', () => {
  it.each([
    ['plain', 'plain'],
    ['with, comma', '"with, comma"'],
    ['with "quotes"', '"with ""quotes"""'],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['-1+1', "'-1+1"],
    ['+1', "'+1"],
    ['@x', "'@x"],
    ['\tx', "'\tx"],
    ['\rx', `"'\rx"`],
    ['two\nlines', '"two\nlines"'],
  ])('with the text %j', (text, cell) => {
    expect(textCell(text)).toBe(cell);
  });

  it('with a float32 is short and reads back the same', () => {
    expect([0.1, 0.5, -2.25, 1 / 3, 1e-45, 3.4028234663852886e38, -0].map((v) => float32Cell(Math.fround(v)))).toEqual([
      '0.1',
      '0.5',
      '-2.25',
      '0.33333334',
      '1.4013e-45',
      '3.4028235e+38',
      '-0',
    ]);
    expect([NaN, Infinity, -Infinity].map(float32Cell)).toEqual(['NaN', 'Infinity', '-Infinity']);
    const random = new Float32Array(2000).map((_, i) => Math.sin(i * 12.9898) * 10 ** ((i % 60) - 30));
    for (const value of random) expect(Math.fround(Number(float32Cell(value)))).toBe(value);
  });
});

describe('the line writer', () => {
  /** A stream that takes nothing until it is told to. */
  function slowStream() {
    const taken: string[] = [];
    const waiting: (() => void)[] = [];
    const stream = new Writable({
      highWaterMark: 10,
      write: (part: Buffer, _encoding, done) => {
        waiting.push(() => {
          taken.push(part.toString());
          done();
        });
      },
    });
    return { stream, taken, waiting };
  }

  it('holds lines back until they may follow the first one', async () => {
    const stream = new PassThrough();
    const writer = new LineWriter(stream, () => undefined);
    writer.hold();
    writer.line('step 0');
    await writer.flush();
    expect(stream.read()).toBeNull();
    writer.release('started');
    writer.line('step 1');
    await writer.flush();
    expect(String(stream.read())).toBe('started\nstep 0\nstep 1\n');
  });

  it('flushes when the stream has taken everything, no sooner', async () => {
    const { stream, taken, waiting } = slowStream();
    const writer = new LineWriter(stream, () => undefined);
    writer.line('a long enough line');
    let flushed = false;
    const flush = writer.flush().then(() => {
      flushed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(flushed).toBe(false);
    const drained = writer.drained();
    expect(drained).not.toBeNull();
    waiting[0]?.();
    await Promise.all([flush, drained]);
    expect(taken).toEqual(['a long enough line\n']);
    expect(writer.drained()).toBeNull();
  });

  it('waits as often as it likes without leaving listeners behind', async () => {
    const { stream, waiting } = slowStream();
    const writer = new LineWriter(stream, () => undefined);
    const listeners = stream.listenerCount('error') + stream.listenerCount('drain');
    const waits: unknown[] = [];
    void writer.flush();
    writer.line('a long enough line');
    void writer.flush();
    for (let i = 0; i < 20; i++) waits.push(writer.drained());
    expect(waits.every((wait) => wait !== null)).toBe(true);
    expect(stream.listenerCount('error') + stream.listenerCount('drain')).toBe(listeners);
    for (const go of waiting) go();
    await Promise.all(waits);
  });

  it('says once that nobody reads any more, and then waits for nobody', async () => {
    const stream = new PassThrough();
    let broken = 0;
    const writer = new LineWriter(stream, () => broken++);
    stream.destroy(new Error('EPIPE'));
    await new Promise((resolve) => setTimeout(resolve, 10));
    writer.line('x');
    await writer.flush();
    expect(broken).toBe(1);
    expect(writer.drained()).toBeNull();
  });
});

describe('text for people', () => {
  it('has durations, figures and shares', () => {
    expect([0, 1234, 9_960, 59_400, 65_000, 119_600, 7_900_000].map(duration)).toEqual([
      '0.0 s',
      '1.2 s',
      '10 s',
      '59 s',
      '1 min 5 s',
      '2 min 0 s',
      '2 h 11 min',
    ]);
    expect([null, 0.123456, 123456, NaN].map(figure)).toEqual(['', '0.1235', '123500', 'NaN']);
    expect([null, 0.97316].map(percent)).toEqual(['', '97.32 %']);
    expect(
      alignColumns([
        ['a', 'bb', ''],
        ['ccc', 'd'],
      ]),
    ).toBe('a    bb\nccc  d\n');
  });

  it('draws the progress line over itself in a terminal', () => {
    const drawn: string[] = [];
    const progress = { isTTY: true, write: (text: string) => drawn.push(text) };
    const report = new TextReport({ progress, result: { write: () => true } });
    report.started('aaaaaaaaaaaa' as RunId, started());
    report.progress({
      id: 'aaaaaaaaaaaa' as RunId,
      status: 'running',
      step: 20,
      epoch: 2,
      samplesPerSecond: 5000.4,
      elapsedMs: 100,
      leftMs: 65_000,
      savedStep: 10,
    });
    expect(drawn.at(-1)).toBe(
      `\r[${'█'.repeat(12)}${'·'.repeat(12)}] 50 %  step 20/40  1 min 5 s left  5000 samples/s\x1b[K`,
    );
  });
});

describe('the exit status', () => {
  it('follows the run', () => {
    expect(['completed', 'stopped', 'diverged', 'failed', 'interrupted'].map((s) => statusOfRun(s as never))).toEqual([
      EXIT.done,
      EXIT.done,
      EXIT.diverged,
      EXIT.failed,
      EXIT.interrupted,
    ]);
  });

  it('is 2 for what was given and 1 for what broke', () => {
    const of = (code: string): number => statusOfError({ code: code as never, message: '' });
    expect(['spec_invalid', 'data_invalid', 'conflict', 'disk_full', 'environment', 'database_newer'].map(of)).toEqual(
      Array(6).fill(2),
    );
    expect(['internal', 'worker_died'].map(of)).toEqual([1, 1]);
    expect(of('cancelled')).toBe(130);
  });
});

describe('the seed of an option', () => {
  it('goes into an object and nowhere else', () => {
    expect(withSeed({ seed: 1, name: 'x' }, 7)).toEqual({ seed: 7, name: 'x' });
    expect(withSeed({ name: 'x' }, undefined)).toEqual({ name: 'x' });
    expect(withSeed([1], 7)).toEqual([1]);
    expect(withSeed(null, 7)).toBeNull();
  });
});
