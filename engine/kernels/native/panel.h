/* Some rows of A times a panel of B, in tiles that stay in registers: the innermost loops of gemm.h. */
#ifndef DESCENT_PANEL_H
#define DESCENT_PANEL_H

#include "activations.h"
#include "look-ahead.h"

#if WIDTH == 16
#define TILE_ROWS 8
#define TILE_VECTORS 3
#elif WIDTH == 8
#define TILE_ROWS 6
#define TILE_VECTORS 2
#elif defined(__wasm_simd128__)
/* Engines have 15 registers to give, and products need one before they are added: a larger tile spills. */
#define TILE_ROWS 4
#define TILE_VECTORS 2
#else
#define TILE_ROWS 8
#define TILE_VECTORS 3
#endif
#define TILE_COLUMNS (TILE_VECTORS * WIDTH)
/* Longest piece of a sum over k; a multiple of 16. With the widest tiles the 784 pixels of a picture are one piece. */
#define DEPTH_BLOCK (WIDTH == 16 ? 800 : 512)

/* What the accumulators start from. */
enum start { ZERO, COLUMN_BIAS, ROW_BIAS, ADD };

/* Some rows of A times one panel of B. */
struct panel {
  const float *a; /* element (i, k) is a[i·a_stride + k], transposed a[k·a_stride + i] */
  isize a_stride;
  const float *b; /* row k is b[k·b_stride …], readable up to a whole tile's columns */
  isize b_stride;
  float *c;
  isize c_stride, depth, columns; /* columns <= TILE_COLUMNS */
  const float *bias;              /* of the panel's columns or of the rows, as `start` says */
  int start, relu;
  struct expected_rows *ahead;
};

/* Steps of the sum between two looks ahead. */
#define AHEAD_STEPS 32

/*
 * The same pointer, which the compiler no longer knows: else it works out every address of C before the sums and keeps
 * them all until they are stored, in registers that the sums need.
 */
INLINE float *forgotten(float *p) {
  __asm__("" : "+r"(p));
  return p;
}

INLINE void tile(const int rows, const int vectors, const int transposed, const struct panel *p, isize row) {
  const isize a_stride = p->a_stride, b_stride = p->b_stride, c_stride = p->c_stride, depth = p->depth;
  const float *a = p->a + (transposed ? row : row * a_stride), *b = p->b;
  float *c = p->c + row * c_stride;
  vec sum[TILE_ROWS][TILE_VECTORS];
#define EACH(VALUE) \
  UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < vectors; j++) sum[i][j] = (VALUE);
  if (p->start == ZERO) EACH(splat(0.f))
  else if (p->start == COLUMN_BIAS) EACH(load(p->bias + j * WIDTH))
  else if (p->start == ROW_BIAS) EACH(splat(p->bias[row + i]))
  else EACH(load(c + i * c_stride + j * WIDTH))
  const float *a_row[TILE_ROWS];
  UNROLL for (int i = 0; i < rows; i++) a_row[i] = transposed ? a + i : a + i * a_stride;
  for (isize from = 0, to; from < depth; from = to) {
    to = from + AHEAD_STEPS < depth ? from + AHEAD_STEPS : depth;
    look_ahead(p->ahead, rows * vectors * (to - from));
    for (isize k = from; k < to; k++, b += b_stride) {
      vec b_row[TILE_VECTORS];
      UNROLL for (int j = 0; j < vectors; j++) b_row[j] = load(b + j * WIDTH);
      UNROLL for (int i = 0; i < rows; i++) {
        const vec x = splat(transposed ? a[i] : a_row[i][k]);
        UNROLL for (int j = 0; j < vectors; j++) sum[i][j] = mul_add(x, b_row[j], sum[i][j]);
      }
      if (transposed) a += a_stride;
    }
  }
  if (p->relu) EACH(activate(RELU, sum[i][j], splat(0.f)))
#undef EACH
  const isize last = p->columns - (vectors - 1) * WIDTH;
  float *out = forgotten(c);
  UNROLL for (int i = 0; i < rows; i++, out += c_stride)
    UNROLL for (int j = 0; j < vectors; j++) {
      if (j < vectors - 1) store(out + j * WIDTH, sum[i][j]);
      else store_left(out + j * WIDTH, sum[i][j], last);
    }
}

/* One function per tile shape; the rows of a panel are cut into the largest that fit. */
#define TILE(ROWS, VECTORS) \
  NOINLINE void tile_##ROWS##x##VECTORS(const struct panel *p, isize row) { tile(ROWS, VECTORS, 0, p, row); } \
  NOINLINE void tile_##ROWS##x##VECTORS##t(const struct panel *p, isize row) { tile(ROWS, VECTORS, 1, p, row); }
#if TILE_VECTORS == 3
#define TILES(ROWS) TILE(ROWS, 1) TILE(ROWS, 2) TILE(ROWS, 3)
#define SHAPES(ROWS) {tile_##ROWS##x1, tile_##ROWS##x2, tile_##ROWS##x3}, {tile_##ROWS##x1t, tile_##ROWS##x2t, tile_##ROWS##x3t}
#else
#define TILES(ROWS) TILE(ROWS, 1) TILE(ROWS, 2)
#define SHAPES(ROWS) {tile_##ROWS##x1, tile_##ROWS##x2}, {tile_##ROWS##x1t, tile_##ROWS##x2t}
#endif
TILES(1) TILES(2) TILES(4)
#if TILE_ROWS == 6
TILES(6)
#elif TILE_ROWS == 8
TILES(8)
#endif
typedef void (*tile_function)(const struct panel *, isize);
static const struct { int rows; tile_function functions[2][TILE_VECTORS]; } TILE_SHAPES[] = {
#if TILE_ROWS == 6
  {6, {SHAPES(6)}},
#elif TILE_ROWS == 8
  {8, {SHAPES(8)}},
#endif
  {4, {SHAPES(4)}}, {2, {SHAPES(2)}}, {1, {SHAPES(1)}},
};

static void multiply_panel(const struct panel *p, isize rows, int transposed) {
  const isize vectors = (p->columns + WIDTH - 1) / WIDTH;
  isize row = 0;
  for (int s = 0; row < rows; s++) {
    const tile_function function = TILE_SHAPES[s].functions[transposed][vectors - 1];
    for (const int step = TILE_SHAPES[s].rows; row + step <= rows; row += step) function(p, row);
  }
}

#endif
