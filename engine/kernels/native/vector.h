/*
 * One vector of floats, as wide as the instruction set has them, and the few operations the kernels need.
 * Compiled once per instruction set; everything above this file is written once.
 *
 * Arithmetic is exactly what is written: the build switches contraction off, and a multiplication is fused with
 * an addition only through `mul_add`. So one instruction set gives the same bits under every compiler.
 *
 * Loads may read a little before and beyond a tensor (arenas keep 128 bytes spare on both sides); stores never do.
 */
#ifndef DESCENT_VECTOR_H
#define DESCENT_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))
#define NOINLINE static __attribute__((noinline))
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

#if defined(__AVX512F__)
#include <immintrin.h>
#define WIDTH 16
#elif defined(__AVX2__)
#include <immintrin.h>
#define WIDTH 8
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#define WIDTH 4
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#define WIDTH 4
#else
#error "no vector instructions for this target"
#endif

typedef ptrdiff_t isize;
typedef float vec __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));
typedef int32_t ivec __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));
typedef float vec4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef int32_t ivec4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float vec8 __attribute__((vector_size(32), aligned(4), may_alias));

INLINE vec splat(float x) { return x - (vec){0}; }
INLINE ivec isplat(int32_t x) { return x - (ivec){0}; }
INLINE vec load(const float *p) { return *(const vec *)p; }
INLINE void store(float *p, vec v) { *(vec *)p = v; }

/* mask ? a : b; a mask is what a comparison of two vectors gives: all bits or none. */
INLINE vec choose(ivec mask, vec a, vec b) { return (vec)((mask & (ivec)a) | (~mask & (ivec)b)); }
INLINE vec absolute(vec x) { return (vec)((ivec)x & isplat(0x7fffffff)); }

/* maximum(a, b) is b when either is NaN, so put the value that may be NaN second and it goes through. */
#if defined(__AVX512F__)
INLINE vec mul_add(vec a, vec b, vec c) { return (vec)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c); }
INLINE vec root(vec x) { return (vec)_mm512_sqrt_ps((__m512)x); }
INLINE vec maximum(vec a, vec b) { return (vec)_mm512_max_ps((__m512)a, (__m512)b); }
INLINE vec minimum(vec a, vec b) { return (vec)_mm512_min_ps((__m512)a, (__m512)b); }
#elif defined(__AVX2__)
INLINE vec mul_add(vec a, vec b, vec c) { return (vec)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c); }
INLINE vec root(vec x) { return (vec)_mm256_sqrt_ps((__m256)x); }
INLINE vec maximum(vec a, vec b) { return (vec)_mm256_max_ps((__m256)a, (__m256)b); }
INLINE vec minimum(vec a, vec b) { return (vec)_mm256_min_ps((__m256)a, (__m256)b); }
#elif defined(__wasm_simd128__)
INLINE vec mul_add(vec a, vec b, vec c) { return a * b + c; }
INLINE vec root(vec x) { return (vec)wasm_f32x4_sqrt((v128_t)x); }
INLINE vec maximum(vec a, vec b) { return (vec)wasm_f32x4_pmax((v128_t)b, (v128_t)a); }
INLINE vec minimum(vec a, vec b) { return (vec)wasm_f32x4_pmin((v128_t)b, (v128_t)a); }
#else
INLINE vec mul_add(vec a, vec b, vec c) { return (vec)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b); }
INLINE vec root(vec x) { return (vec)vsqrtq_f32((float32x4_t)x); }
INLINE vec maximum(vec a, vec b) { return choose(a > b, a, b); }
INLINE vec minimum(vec a, vec b) { return choose(a < b, a, b); }
#endif

static const int32_t LANES[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
/* Mask of the first n lanes. */
INLINE ivec first_lanes(isize n) { return *(const ivec *)LANES < isplat((int32_t)n); }

/* Stores the first n lanes, 0 <= n < WIDTH. */
INLINE void store_first(float *p, vec v, isize n) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
#elif defined(__AVX2__)
  _mm256_maskstore_ps(p, (__m256i)first_lanes(n), (__m256)v);
#else
  if (n > 0) p[0] = v[0];
  if (n > 1) p[1] = v[1];
  if (n > 2) p[2] = v[2];
#endif
}
/* Stores what is left of a row: the whole vector or its first lanes. */
INLINE void store_left(float *p, vec v, isize left) {
  if (left >= WIDTH) store(p, v);
  else store_first(p, v, left);
}
/* Loads the n <= WIDTH values left of a row, `fill` in the other lanes. */
INLINE vec load_left(const float *p, isize left, float fill) {
  return left >= WIDTH ? load(p) : choose(first_lanes(left), load(p), splat(fill));
}

/* Some of the lanes: those from `from` up to, not including, `to`. */
#if defined(__AVX512F__)
typedef __mmask16 lane_mask;
INLINE lane_mask lanes_between(isize from, isize to) {
  const isize low = from < 0 ? 0 : from > WIDTH ? WIDTH : from, high = to < low ? low : to > WIDTH ? WIDTH : to;
  return (lane_mask)((1u << high) - (1u << low));
}
/* 0 in the lanes that are not loaded. */
INLINE vec load_where(const float *p, lane_mask mask) { return (vec)_mm512_maskz_loadu_ps(mask, p); }
#else
typedef ivec lane_mask;
INLINE lane_mask lanes_between(isize from, isize to) {
  const ivec lane = *(const ivec *)LANES;
  const isize low = from < 0 ? 0 : from > WIDTH ? WIDTH : from, high = to < 0 ? 0 : to > WIDTH ? WIDTH : to;
  return (lane >= isplat((int32_t)low)) & (lane < isplat((int32_t)high));
}
#if defined(__AVX2__)
INLINE vec load_where(const float *p, lane_mask mask) { return (vec)_mm256_maskload_ps(p, (__m256i)mask); }
#else
/* Reads the whole vector, so some of it must belong to the tensor. */
INLINE vec load_where(const float *p, lane_mask mask) { return (vec)((ivec)load(p) & mask); }
#endif
#endif

/* Every second value of 2·WIDTH values, a before b; and back: a and b in turn. */
#if WIDTH == 16
#define EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#define FIRST_PAIRS(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define LAST_PAIRS(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#elif WIDTH == 8
#define EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define FIRST_PAIRS(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define LAST_PAIRS(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#else
#define EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#define FIRST_PAIRS(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define LAST_PAIRS(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#endif

/* Lanes are joined in pairs, halves first: 0 + 8, 1 + 9 … */
INLINE float sum_lanes(vec v) {
  union { vec v; float lane[WIDTH]; } u = {v};
  UNROLL for (int half = WIDTH / 2; half > 0; half /= 2)
    UNROLL for (int i = 0; i < half; i++) u.lane[i] += u.lane[i + half];
  return u.lane[0];
}
/* Four such sums at once. */
INLINE vec4 quarter_sums(vec v) {
#if WIDTH == 16
  const vec8 half = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
                    __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
#elif WIDTH == 8
  const vec8 half = v;
#else
  return v;
#endif
#if WIDTH > 4
  return __builtin_shufflevector(half, half, 0, 1, 2, 3) + __builtin_shufflevector(half, half, 4, 5, 6, 7);
#endif
}
INLINE vec4 sum_lanes_of_4(vec v0, vec v1, vec v2, vec v3) {
  const vec4 a = quarter_sums(v0), b = quarter_sums(v1), c = quarter_sums(v2), d = quarter_sums(v3);
  const vec4 ab = __builtin_shufflevector(a, b, 0, 1, 4, 5) + __builtin_shufflevector(a, b, 2, 3, 6, 7);
  const vec4 cd = __builtin_shufflevector(c, d, 0, 1, 4, 5) + __builtin_shufflevector(c, d, 2, 3, 6, 7);
  return __builtin_shufflevector(ab, cd, 0, 2, 4, 6) + __builtin_shufflevector(ab, cd, 1, 3, 5, 7);
}
INLINE float max_lanes(vec v) {
  union { vec v; float lane[WIDTH]; } u = {v};
  UNROLL for (int half = WIDTH / 2; half > 0; half /= 2)
    UNROLL for (int i = 0; i < half; i++) u.lane[i] = u.lane[i] > u.lane[i + half] ? u.lane[i] : u.lane[i + half];
  return u.lane[0];
}
/* The same in float64, for sums where 1 + e^{-20} must not round to 1. */
typedef double dvec __attribute__((vector_size(8 * WIDTH)));
INLINE dvec widen(vec v) { return __builtin_convertvector(v, dvec); }
INLINE double sum_lanes_double(dvec v) {
  union { dvec v; double lane[WIDTH]; } u = {v};
  UNROLL for (int half = WIDTH / 2; half > 0; half /= 2)
    UNROLL for (int i = 0; i < half; i++) u.lane[i] += u.lane[i + half];
  return u.lane[0];
}

/*
 * x = n·ln 2 + f with |f| <= ln 2 / 2. Returns e^f - 1 = f + f²·P(f), P a minimax polynomial for (e^f - 1 - f)/f²
 * (relative error of e^f below 0.06 units in the last place). ln 2 is split so that n·0.693359375 is exact.
 */
INLINE vec exp_reduced(vec x, ivec *n) {
  const vec round = splat(12582912.f); /* 1.5·2^23: adding it rounds to a whole number, kept in the low bits */
  vec t = mul_add(x, splat(1.44269504088896341f), round);
  *n = (ivec)t - (ivec)round;
  t -= round;
  vec f = mul_add(t, splat(-0.693359375f), x);
  f = mul_add(t, splat(2.12194440e-4f), f);
  vec p = splat(0.0013814467f);
  p = mul_add(p, f, splat(0.0083687808f));
  p = mul_add(p, f, splat(0.041668393f));
  p = mul_add(p, f, splat(0.1666651964f));
  p = mul_add(p, f, splat(0.4999999404f));
  return mul_add(p, f * f, f);
}
INLINE vec power_of_two(ivec n) { return (vec)((n + isplat(127)) << 23); }

/* e^x; infinity above 88.7, denormal and then 0 below -87.3. The factor 2^n is applied in halves: 2^128 is no float. */
INLINE vec vexp(vec x) {
  ivec n;
  vec q = exp_reduced(maximum(splat(-104.f), minimum(splat(89.f), x)), &n);
  ivec half = n >> 1;
  return (q + splat(1.f)) * power_of_two(half) * power_of_two(n - half);
}
/* e^x - 1 without cancellation near 0, for x <= 0. */
INLINE vec vexpm1(vec x) {
  ivec n;
  vec q = exp_reduced(maximum(splat(-30.f), x), &n), scale = power_of_two(n);
  return mul_add(q, scale, scale - splat(1.f));
}
INLINE vec vsigmoid(vec x) { return splat(1.f) / (splat(1.f) + vexp(-x)); }
/* tanh |x| = -t/(t + 2) with t = e^{-2|x|} - 1, then the sign of x. */
INLINE vec vtanh(vec x) {
  vec size = absolute(x), t = vexpm1(size * splat(-2.f));
  return (vec)((ivec)(-t / (t + splat(2.f))) | ((ivec)x ^ (ivec)size));
}
/* ln(1 + z) = 2·artanh(s) = 2(s + s³/3 + s⁵/5 + …), s = z/(2 + z) <= 1/3, for z in [0, 1]. */
INLINE vec vlog1p(vec z) {
  vec s = z / (z + splat(2.f)), u = s * s;
  vec p = splat(2.f / 15);
  p = mul_add(p, u, splat(2.f / 13));
  p = mul_add(p, u, splat(2.f / 11));
  p = mul_add(p, u, splat(2.f / 9));
  p = mul_add(p, u, splat(2.f / 7));
  p = mul_add(p, u, splat(2.f / 5));
  p = mul_add(p, u, splat(2.f / 3));
  return mul_add(p * u, s, s + s);
}
/* ln(1 + e^x) = max(x, 0) + ln(1 + e^{-|x|}) */
INLINE vec vsoftplus(vec x) { return maximum(splat(0.f), x) + vlog1p(vexp(-absolute(x))); }

/* ln x in float64 for normal x > 0 (what is not finite comes back): x = m·2^e with m in [√½, √2), then the artanh series. */
INLINE double log_double(double x) {
  if (!(x < __builtin_inf())) return x;
  union { double value; uint64_t bits; } u = {x};
  int64_t e = (int64_t)(u.bits - 0x3fe6a09e667f3bcd) >> 52;
  u.bits -= (uint64_t)e << 52;
  double s = (u.value - 1) / (u.value + 1), q = s * s;
  double p = 1.0 / 17;
  UNROLL for (int k = 15; k > 0; k -= 2) p = p * q + 1.0 / k;
  return (double)e * 0.69314718055994530942 + 2 * s * p;
}

#endif
