/* Gathering a batch's rows, and dropout. Plain loops: the compiler makes vectors of them. */
#ifndef DESCENT_ROWS_H
#define DESCENT_ROWS_H

#include "look-ahead.h"

/* Rows are picked at random, so those to come are asked for while this one is copied. */
#define ROWS_AHEAD 3
/* out[r, j] = source[indices[r], j]·scale[j] + shift[j]; scale and shift may be NULL. Product and sum are rounded
 * one by one in float32, so every implementation gives the same bits. Returns the rows gathered: fewer than asked for
 * when an index lies outside the source's `source_rows`. */
#define GATHER(NAME, TYPE) \
  static double NAME(const TYPE *source, isize source_rows, const float *scale, const float *shift, \
                     const int32_t *indices, isize rows, isize size, float *out) { \
    for (isize r = 0; r < rows; r++, out += size) { \
      if (indices[r] < 0 || indices[r] >= source_rows) return (double)r; \
      const TYPE *row = source + (isize)indices[r] * size; \
      if (r + ROWS_AHEAD < rows) \
        prefetch(source + (isize)indices[r + ROWS_AHEAD] * size, size * (isize)sizeof(TYPE)); \
      if (scale && shift) \
        for (isize j = 0; j < size; j++) out[j] = (float)row[j] * scale[j] + shift[j]; \
      else if (scale) \
        for (isize j = 0; j < size; j++) out[j] = (float)row[j] * scale[j]; \
      else if (shift) \
        for (isize j = 0; j < size; j++) out[j] = (float)row[j] + shift[j]; \
      else if (sizeof(TYPE) == sizeof(float)) \
        __builtin_memcpy(out, row, (size_t)size * sizeof(float)); \
      else \
        for (isize j = 0; j < size; j++) out[j] = (float)row[j]; \
    } \
    return (double)rows; \
  }
GATHER(gather_bytes, uint8_t)
GATHER(gather_floats, float)

/* These rows will be gathered next; out of range, they are passed over here and reported there. */
static void expect_rows(const uint8_t *source, isize source_rows, const int32_t *indices, isize rows, isize row_bytes) {
  expect_nothing();
  for (isize r = 0; r < rows; r++)
    if (indices[r] >= 0 && indices[r] < source_rows) expect_row(source + (isize)indices[r] * row_bytes, row_bytes);
}

/* lowbias32, as mix32 in math/hash.ts. */
INLINE uint32_t mix(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}

/* y[i] = bits(i) >= threshold ? x[i]·scale : 0, bits as dropoutBits in math/hash.ts. */
static void dropout(const float *x, float *y, isize count, uint32_t threshold, float scale, uint32_t key_low,
                    uint32_t key_high) {
  for (isize i = 0; i < count; i++)
    y[i] = mix(mix((uint32_t)i ^ key_low) + key_high) >= threshold ? x[i] * scale : 0.f;
}

#endif
