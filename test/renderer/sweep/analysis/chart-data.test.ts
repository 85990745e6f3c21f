/** Charts of trials as tables and CSV. */

import { describe, expect, it } from 'vitest';
import {
  curvesData,
  dataCsv,
  historyData,
  importanceData,
  timelineData,
  trialsData,
} from '../../../../renderer/sweep/analysis/chart-data.ts';
import { isOwnScript } from '../../../../renderer/bridge/trusted-types.ts';
import { restoreView } from '../../../../renderer/views/sweep/analysis/analysis-context.ts';
import { ACCURACY, row, tableOf } from './rows.ts';

const UNIT = { type: 'uniform', min: 0, max: 1 } as const;
const table = tableOf({ x: UNIT, act: { type: 'choice', values: ['relu', { normal: 0.01 }] } }, [
  row(0, { params: { x: 0.25, act: 'relu' }, score: 0.5 }),
  row(1, { params: { act: { normal: 0.01 } }, score: null, status: 'failed' }),
  row(2, { params: { x: 1, act: 'relu' }, score: 0.75 }),
]);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('tables of charts', () => {
  it('have a row a trial with its parameters', () => {
    expect(trialsData(table)).toEqual({
      head: ['trial', 'state', 'score', 'x', 'act'],
      rows: [
        [0, 'completed', 0.5, 0.25, 'relu'],
        [1, 'failed', null, null, '{"normal":0.01}'],
        [2, 'completed', 0.75, 1, 'relu'],
      ],
    });
    expect(trialsData(table, table.axes.slice(-2)).rows[0]).toEqual([0, 'completed', 0.5, 10, 1]);
  });
  it('carry the best so far on', () => {
    expect(historyData(table, ACCURACY).rows.map((cells) => cells.at(-1))).toEqual([0.5, 0.5, 0.75]);
  });
  it('have a row an epoch, a stretch of work, a parameter', () => {
    const curves = {
      trials: Int32Array.of(4),
      offsets: Int32Array.of(0, 2),
      epochs: Int32Array.of(1, 2),
      values: Float64Array.of(0.5, NaN),
    };
    expect(curvesData(curves, ACCURACY).rows).toEqual([
      [4, 1, 0.5],
      [4, 2, NaN],
    ]);
    expect(timelineData([{ trial: 1, worker: '1', from: 0, to: null }]).rows).toEqual([
      ['1', 1, '1970-01-01T00:00:00.000Z', null],
    ]);
    const share = { mean: 0.5, spread: 0.1 };
    expect(importanceData({ parameters: [share], rest: share, trials: 10, explained: 1 }, ['x']).rows).toEqual([
      ['x', 0.5, 0.1],
      ['rest', 0.5, 0.1],
    ]);
  });
  it('become CSV in which no text is a formula and numbers stay numbers', () => {
    const data = {
      head: ['a', 'b'],
      rows: [
        ['=1+1', -0.5],
        ['@x', null],
        ['one, two', 1e-6],
      ],
    };
    expect(text(dataCsv(data))).toBe('a,b\n\'=1+1,-0.5\n\'@x,\n"one, two",0.000001\n');
  });
});

describe('scripts of workers', () => {
  it('come from our own files only', () => {
    const page = 'app://studio/index.html';
    expect(isOwnScript('app://studio/assets/importance.worker-1.js', page)).toBe(true);
    for (const url of [
      'https://x.example/a.js',
      'app://other/a.js',
      'data:text/javascript,1.js',
      'blob:app://studio/1',
      'app://studio/a.html',
    ]) {
      expect(isOwnScript(url, page), url).toBe(false);
    }
  });
});

describe('what a person last looked at', () => {
  it('comes back, and unknown views become the usual ones', () => {
    expect(restoreView('{"time":"curves","cause":"nonsense"}')).toEqual({ time: 'curves', cause: 'importance' });
    for (const broken of [null, '', '[1]', '{"time"', 'null']) {
      expect(restoreView(broken)).toEqual({ time: 'history', cause: 'importance' });
    }
  });
});
