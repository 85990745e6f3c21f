import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isUpToDate, takeStamp, writeStamp } from '../../scripts/bootstrap/fingerprint.mjs';
import { temporaryFolder } from './stand-in.ts';

/** A folder with two sources and a stamp of them. */
function built() {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'source', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'source', 'a.ts'), 'one');
  writeFileSync(join(folder, 'source', 'deep', 'b.ts'), 'two');
  const inputs = { folder, paths: ['source', 'lock.json'], without: ['source/left-out'], extra: 'linux' };
  const stamp = join(folder, 'out', 'stamp.json');
  writeStamp(stamp, takeStamp(inputs));
  return { folder, inputs, stamp };
}

describe('a build', () => {
  it('is skipped while its inputs are what they were', () => {
    const { inputs, stamp } = built();
    expect(isUpToDate(inputs, stamp)).toBe(true);
  });

  it('is skipped when a file was only touched', () => {
    const { folder, inputs, stamp } = built();
    utimesSync(join(folder, 'source', 'a.ts'), 1, 1);
    expect(isUpToDate(inputs, stamp)).toBe(true);
  });

  it.each<[string, (folder: string) => void]>([
    ['changed at equal length', (folder) => writeFileSync(join(folder, 'source', 'a.ts'), 'eno')],
    ['changed in length', (folder) => writeFileSync(join(folder, 'source', 'deep', 'b.ts'), 'three')],
    ['added', (folder) => writeFileSync(join(folder, 'source', 'c.ts'), '')],
    ['removed', (folder) => rmSync(join(folder, 'source', 'a.ts'))],
    ['added where none was', (folder) => writeFileSync(join(folder, 'lock.json'), '{}')],
  ])('is done again when a file was %s', (_what, change) => {
    const { folder, inputs, stamp } = built();
    change(folder);
    expect(isUpToDate(inputs, stamp)).toBe(false);
  });

  it('does not look at what is left out', () => {
    const { folder, inputs, stamp } = built();
    mkdirSync(join(folder, 'source', 'left-out'));
    writeFileSync(join(folder, 'source', 'left-out', 'x.ts'), '');
    expect(isUpToDate(inputs, stamp)).toBe(true);
  });

  it('is done again for another system, and without a readable stamp', () => {
    const { inputs, stamp } = built();
    expect(isUpToDate({ ...inputs, extra: 'darwin' }, stamp)).toBe(false);
    writeFileSync(stamp, '{"files"');
    expect(isUpToDate(inputs, stamp)).toBe(false);
    rmSync(stamp);
    expect(isUpToDate(inputs, stamp)).toBe(false);
  });
});
