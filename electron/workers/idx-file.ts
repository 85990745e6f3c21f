/** IDX files straight from the disk into their final memory: no second copy of 47 MB of pictures. */

import { say } from '../../engine/spec/message.ts';
import { DataError, type DataSet } from '../../engine/data/dataset.ts';
import { idxDataSet, type NamedIdx } from '../../engine/data/idx-data-set.ts';
import { checkIdxLength, decodeIdx, IDX_MAX_HEADER, readIdxHeader, type IdxHeader } from '../../engine/data/idx.ts';
import { openBytes } from './data-bytes.ts';

export interface IdxPaths {
  readonly images: string;
  readonly labels: string;
  readonly testImages?: string | undefined;
  readonly testLabels?: string | undefined;
}

/** Reads pictures and labels, gzipped or not. `classNames` fixes the classes of a set that is known. */
export async function readIdxDataSet(paths: IdxPaths, classNames?: readonly string[]): Promise<DataSet> {
  const { testImages, testLabels } = paths;
  if ((testImages === undefined) !== (testLabels === undefined)) {
    const missing = `data.source.${testImages === undefined ? 'testImages' : 'testLabels'}`;
    throw new DataError(say`${missing}: expected with the other test file, got nothing`, missing);
  }
  const options = classNames === undefined ? {} : { classNames };
  const labels = await readIdxFile(paths.labels);
  if (testImages === undefined || testLabels === undefined) {
    return idxDataSet({ images: await readIdxFile(paths.images), labels }, null, options);
  }
  const testLabelArray = await readIdxFile(testLabels);
  const [trainHeader, testHeader] = [await peekHeader(paths.images), await peekHeader(testImages)];
  if (trainHeader.type !== 0x08 || testHeader.type !== 0x08) {
    const train = { images: await readIdxFile(paths.images), labels };
    return idxDataSet(train, { images: await readIdxFile(testImages), labels: testLabelArray }, options);
  }
  let joined: Uint8Array | null = null;
  const images = await readIdxFile(paths.images, (header) => {
    joined = new Uint8Array(header.dataBytes + testHeader.dataBytes);
    return joined.subarray(0, header.dataBytes);
  });
  const whole = joined ?? new Uint8Array(0);
  const trainBytes = images.array.values.length;
  const test = await readIdxFile(testImages, (header) => whole.subarray(trainBytes, trainBytes + header.dataBytes));
  return idxDataSet({ images, labels }, { images: test, labels: testLabelArray }, { ...options, joined: whole });
}

/**
 * Reads one file. `allocate` gives the memory for its values, `header.dataBytes` long; it is called once the header
 * is known to be right and the file long enough to keep its promise.
 */
export async function readIdxFile(
  path: string,
  allocate: (header: IdxHeader) => Uint8Array = (header) => new Uint8Array(header.dataBytes),
): Promise<NamedIdx> {
  const { name, atMost, chunks } = await openBytes(path);
  let head = new Uint8Array(0);
  let header: IdxHeader | null = null;
  let data = new Uint8Array(0) as Uint8Array;
  let filled = 0;
  const begin = (): IdxHeader => {
    const known = readIdxHeader(head, name);
    if (known.dataBytes + known.headerBytes > atMost) {
      checkIdxLength(known, Math.max(0, atMost - known.headerBytes), name);
    }
    data = allocate(known);
    return known;
  };
  const take = (known: IdxHeader, bytes: Uint8Array): void => {
    if (filled + bytes.length > known.dataBytes) checkIdxLength(known, filled + bytes.length, name);
    data.set(bytes, filled);
    filled += bytes.length;
  };
  for await (const chunk of chunks) {
    if (header !== null) {
      take(header, chunk);
      continue;
    }
    head = concat(head, chunk);
    if (head.length < IDX_MAX_HEADER) continue;
    header = begin();
    take(header, head.subarray(header.headerBytes));
  }
  if (header === null) {
    header = begin();
    take(header, head.subarray(header.headerBytes));
  }
  checkIdxLength(header, filled, name);
  return { name, array: decodeIdx(header, data, name) };
}

async function peekHeader(path: string): Promise<IdxHeader> {
  const { name, chunks } = await openBytes(path);
  let head = new Uint8Array(0);
  for await (const chunk of chunks) {
    head = concat(head, chunk);
    if (head.length >= IDX_MAX_HEADER) break;
  }
  return readIdxHeader(head, name);
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
