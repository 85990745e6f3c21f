/**
 * The engine's only source of randomness: xoshiro128** 1.1 (Blackman & Vigna, "Scrambled Linear Pseudorandom
 * Number Generators", 2018), 32 bits a draw, period 2^128 − 1. The state is four whole numbers, nothing is cached
 * beside it, so saving and restoring them continues the stream exactly.
 */

import { mix32 } from './hash.ts';

/** The whole state of a generator: four uint32, not all zero. Plain numbers, fit for JSON. */
export type RngState = readonly [number, number, number, number];

const GOLDEN = 0x9e3779b9;

/** FNV-1a over the UTF-16 units of a name, finished with `mix32`. Returns a uint32. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  return mix32(hash);
}

/** Throws a RangeError unless n is a whole number from 1 to 2^bits. */
function checkRange(n: number, bits: 31 | 32): void {
  if (Number.isInteger(n) && n >= 1 && n <= 2 ** bits) return;
  throw new RangeError(`expected a whole number from 1 to 2^${bits}, got ${n}`);
}

/**
 * Draws from here on are thrown away: they belong to the last, incomplete round of 2^32 / n, and would let small numbers
 * come more often. Quotients of such numbers, rounded down, are exact in float64, and many times faster than the
 * operator %.
 */
function completeRounds(n: number): number {
  return Math.floor(4294967296 / n) * n;
}

export class Rng {
  readonly #s = new Uint32Array(4);

  /**
   * An independent stream for a seed (a uint32) and a name. Streams of one seed do not disturb one another:
   * drawing more initial weights leaves the order of the batches as it was.
   */
  static stream(seed: number, name: string): Rng {
    const rng = new Rng();
    let x = mix32((mix32(seed >>> 0) ^ hashName(name)) >>> 0);
    for (let i = 0; i < 4; i++) {
      x = (x + GOLDEN) >>> 0;
      rng.#s[i] = mix32((mix32(x) ^ Math.imul(seed >>> 0, GOLDEN)) >>> 0);
    }
    if (rng.#s.every((word) => word === 0)) rng.#s[0] = 1;
    return rng;
  }

  /** A generator that goes on where `state()` was taken. Throws a RangeError for anything that is not such a state. */
  static restore(state: readonly number[]): Rng {
    const valid = state.length === 4 && state.every((n) => Number.isInteger(n) && n >= 0 && n <= 0xffffffff);
    if (!valid || state.every((n) => n === 0)) {
      throw new RangeError(`not a generator state: ${JSON.stringify(state)} (expected four uint32, not all zero)`);
    }
    const rng = new Rng();
    rng.#s.set(state);
    return rng;
  }

  state(): RngState {
    const s = this.#s;
    return [s[0] ?? 0, s[1] ?? 0, s[2] ?? 0, s[3] ?? 0];
  }

  /** Copies the state into four uint32, for callers that save it often and must not allocate. */
  copyState(into: Uint32Array): void {
    into.set(this.#s);
  }

  /** Goes on from a state that `copyState` gave. */
  loadState(from: Uint32Array): void {
    this.#s.set(from);
  }

  /** 32 random bits as a uint32. */
  bits(): number {
    const s = this.#s as unknown as [number, number, number, number];
    const x = Math.imul(s[1], 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** Uniform in [0, 1), a multiple of 2^-53. Two draws. */
  uniform(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** A whole number from 0 to n − 1, each exactly as likely; n from 1 to 2^32. */
  int(n: number): number {
    checkRange(n, 32);
    const limit = completeRounds(n);
    let draw = this.bits();
    while (draw >= limit) draw = this.bits();
    return draw - Math.floor(draw / n) * n;
  }

  /**
   * `count` such numbers into out[first … first + count), the same that as many calls of `int` give; n up to 2^31, which
   * is what `out` holds. A batch is drawn in every step, so the state and the limit are kept at hand.
   */
  ints(n: number, out: Int32Array, first: number, count: number): void {
    checkRange(n, 31);
    const limit = completeRounds(n);
    const s = this.#s as unknown as [number, number, number, number];
    let a = s[0] | 0;
    let b = s[1] | 0;
    let c = s[2] | 0;
    let d = s[3] | 0;
    for (let i = first; i < first + count;) {
      const x = Math.imul(b, 5);
      const draw = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
      const t = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= t;
      d = (d << 11) | (d >>> 21);
      if (draw < limit) out[i++] = draw - Math.floor(draw / n) * n;
    }
    s[0] = a;
    s[1] = b;
    s[2] = c;
    s[3] = d;
  }

  /** Standard normal: the cosine half of Box and Muller (1958). The other half is not kept, so there is no hidden state. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Puts the items in random order, in place (Fisher and Yates, as in Knuth 3.4.2, algorithm P). */
  shuffle(items: { readonly length: number; [index: number]: number }): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = items[i] as number;
      items[i] = items[j] as number;
      items[j] = held;
    }
  }
}
