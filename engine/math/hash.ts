/** A counter-based random function: the same bits for the same counter and key, in any order, on any kernel. */

/** Wellons' lowbias32 integer mixer ("Prospecting for Hash Functions", 2018). Returns a uint32. */
export function mix32(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** 32 random bits for element `index` under a 64-bit key: mix32(mix32(index ^ keyLow) + keyHigh). */
export function dropoutBits(index: number, keyLow: number, keyHigh: number): number {
  return mix32((mix32((index ^ keyLow) >>> 0) + keyHigh) >>> 0);
}

/** An element is dropped when its bits are below this; rate in [0, 1). */
export function dropoutThreshold(rate: number): number {
  return Math.floor(rate * 4294967296) >>> 0;
}
