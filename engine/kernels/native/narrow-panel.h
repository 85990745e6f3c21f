/* Panels of so few columns that tiles would leave most of a vector idle. */
#ifndef DESCENT_NARROW_PANEL_H
#define DESCENT_NARROW_PANEL_H

#include "panel.h"

/* Four rows of four values become the columns of `out`. */
INLINE void transpose_4x4(const float *r0, const float *r1, const float *r2, const float *r3, float *out,
                          isize out_stride) {
  const vec4 a = *(const vec4 *)r0, b = *(const vec4 *)r1, c = *(const vec4 *)r2, d = *(const vec4 *)r3;
  const vec4 ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const vec4 cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  *(vec4 *)out = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
  *(vec4 *)(out + out_stride) = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
  *(vec4 *)(out + 2 * out_stride) = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
  *(vec4 *)(out + 3 * out_stride) = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
}

INLINE float first_value(const struct panel *p, isize row, isize column) {
  return p->start == ZERO          ? 0
         : p->start == COLUMN_BIAS ? p->bias[column]
         : p->start == ROW_BIAS    ? p->bias[row]
                                   : p->c[row * p->c_stride + column];
}

/* So many columns count as narrow, and their sums are cut into pieces no longer than this. */
#define NARROW (WIDTH == 4 ? 2 : 4)
#define NARROW_DEPTH 1024

/*
 * With A transposed the vectors lie along the rows of C: the same sums in the same order, four vectors of rows at a time.
 */
INLINE void narrow_columns_transposed(const int columns, const struct panel *p, isize rows) {
  for (isize row = 0; row < rows; row += 4 * WIDTH) {
    const isize count = rows - row < 4 * WIDTH ? rows - row : 4 * WIDTH;
    const isize used = (count + WIDTH - 1) / WIDTH;
    float edge[4][4 * WIDTH];
    for (isize i = 0; i < count; i++)
      UNROLL for (int j = 0; j < columns; j++) edge[j][i] = first_value(p, row + i, j);
    vec sum[4][4];
#define EACH(VALUE) UNROLL for (int j = 0; j < columns; j++) UNROLL for (int v = 0; v < 4; v++) VALUE;
    EACH(sum[j][v] = load(edge[j] + v * WIDTH))
    const float *a = p->a + row, *b = p->b;
    for (isize k = 0; k < p->depth; k++, a += p->a_stride, b += p->b_stride) {
      vec x[4];
      /* Rows beyond the last are read again in its place. */
      UNROLL for (int v = 0; v < 4; v++) x[v] = load(a + (v < used ? v : used - 1) * WIDTH);
      EACH(sum[j][v] = mul_add(x[v], splat(b[j]), sum[j][v]))
    }
    EACH(store(edge[j] + v * WIDTH, p->relu ? activate(RELU, sum[j][v], splat(0.f)) : sum[j][v]))
#undef EACH
    for (isize i = 0; i < count; i++)
      UNROLL for (int j = 0; j < columns; j++) p->c[(row + i) * p->c_stride + j] = edge[j][i];
  }
}

/* With A as it is the vectors lie along k, which pays when k is long; b's columns are copied beside each other first. */
INLINE void narrow_columns(const int columns, const struct panel *p, isize rows) {
  float b[4][NARROW_DEPTH];
  const isize whole = p->depth / WIDTH * WIDTH, depth = (p->depth + WIDTH - 1) / WIDTH * WIDTH;
  const float *from = p->b;
  isize k = 0;
  for (; k + 4 <= p->depth; k += 4, from += 4 * p->b_stride)
    transpose_4x4(from, from + p->b_stride, from + 2 * p->b_stride, from + 3 * p->b_stride, b[0] + k, NARROW_DEPTH);
  for (; k < depth; k++, from += p->b_stride)
    UNROLL for (int j = 0; j < columns; j++) b[j][k] = k < p->depth ? from[j] : 0;
  const vec4 zero = {0};
  for (isize row = 0; row < rows; row += 4) {
    const isize count = rows - row < 4 ? rows - row : 4;
    const float *a[4];
    vec sum[4][4];
    UNROLL for (int i = 0; i < 4; i++) {
      a[i] = p->a + (row + (i < count ? i : count - 1)) * p->a_stride;
      UNROLL for (int j = 0; j < columns; j++) sum[i][j] = splat(0.f);
    }
#define ADD_PRODUCTS(X) \
  { \
    vec x[4]; \
    UNROLL for (int i = 0; i < 4; i++) x[i] = X; \
    UNROLL for (int j = 0; j < columns; j++) { \
      const vec y = load(b[j] + k); \
      UNROLL for (int i = 0; i < 4; i++) sum[i][j] = mul_add(x[i], y, sum[i][j]); \
    } \
  }
    for (k = 0; k < whole; k += WIDTH) ADD_PRODUCTS(load(a[i] + k))
    if (k < depth) ADD_PRODUCTS(load_left(a[i] + k, p->depth - k, 0))
#undef ADD_PRODUCTS
    UNROLL for (int i = 0; i < 4; i++) {
      if (i >= count) break;
      float *c = p->c + (row + i) * p->c_stride;
      const float *start = p->start == COLUMN_BIAS ? p->bias : c;
      vec4 value = sum_lanes_of_4(sum[i][0], sum[i][columns > 1], sum[i][columns > 2 ? 2 : 0],
                                  sum[i][columns > 3 ? 3 : 0]);
      if (p->start != ZERO) value = *(const vec4 *)start + value;
      if (p->relu) value = (vec4)(~(value < zero) & (ivec4)value);
      if (columns == 4) *(vec4 *)c = value;
      else
        UNROLL for (int j = 0; j < columns; j++) c[j] = value[j];
    }
  }
}

static void multiply_narrow(const struct panel *p, isize rows, int transposed) {
#define EACH_WIDTH(FUNCTION) \
  switch (p->columns) { \
    case 1: FUNCTION(1, p, rows); break; \
    case 2: FUNCTION(2, p, rows); break; \
    case 3: FUNCTION(3, p, rows); break; \
    default: FUNCTION(4, p, rows); break; \
  }
  if (transposed) EACH_WIDTH(narrow_columns_transposed)
  else EACH_WIDTH(narrow_columns)
#undef EACH_WIDTH
}

#endif
