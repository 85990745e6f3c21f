import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dashPattern, runSlot } from '../../../renderer/text/run-slot.ts';

describe('colour and dash of a run', () => {
  it('hands out the ten in order, then the same colours with the next dash', () => {
    expect(runSlot(1)).toEqual({ colour: 1, dash: 1 });
    expect(runSlot(10)).toEqual({ colour: 10, dash: 10 });
    expect(runSlot(11)).toEqual({ colour: 1, dash: 2 });
    expect(runSlot(21)).toEqual({ colour: 1, dash: 3 });
    expect(runSlot(20)).toEqual({ colour: 10, dash: 1 });
  });
  it('takes a chosen colour and keeps the dash of the number', () => {
    expect(runSlot(12, 7)).toEqual({ colour: 7, dash: runSlot(12).dash });
    expect(runSlot(12, null)).toEqual(runSlot(12));
  });
  it('keeps a hundred runs in a row apart', () => {
    const seen = new Set(Array.from({ length: 100 }, (_, i) => JSON.stringify(runSlot(i + 1))));
    expect(seen.size).toBe(100);
  });
  it('draws the dashes of the tokens', () => {
    const tokens = readFileSync(new URL('../../../renderer/styles/tokens.css', import.meta.url), 'utf8');
    for (let dash = 1; dash <= 10; dash++) {
      const value = new RegExp(`--dash-${dash}:\\s*([\\d ]+);`).exec(tokens)?.[1]?.trim().split(' ').map(Number);
      const drawn = dashPattern(dash);
      expect(drawn.length === 0 ? [1, 0] : drawn).toEqual(value);
    }
  });
});
