/*
 * C (m x n) = A (m x k) · B (k x n), row-major, A and B each as they are or transposed.
 *
 * A tile of C (TILE_ROWS x TILE_VECTORS vectors) stays in registers while the sum over k runs through it; B comes in
 * panels as wide as a tile, A element by element. k is cut into blocks so that a panel stays in the cache: C then
 * carries the sums from block to block. Every element of C is one chain of additions in the order of k, whatever
 * tile it falls into, so a row's result does not depend on how many rows there are.
 * (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008.)
 */
#ifndef DESCENT_GEMM_H
#define DESCENT_GEMM_H

#include "narrow-panel.h"

/* panel (depth rows of TILE_COLUMNS) = columns of B as it is. */
static void pack(const float *b, isize b_stride, isize depth, isize columns, float *panel) {
  const isize vectors = (columns + WIDTH - 1) / WIDTH;
  for (isize k = 0; k < depth; k++, b += b_stride, panel += TILE_COLUMNS)
    for (isize j = 0; j < vectors; j++) store(panel + j * WIDTH, load(b + j * WIDTH));
}

/* panel (depth rows of TILE_COLUMNS) = Bᵀ: column j of the panel is row j of b. Blocks of 4 x 4 are turned in registers. */
static void pack_transposed(const float *b, isize b_stride, isize depth, isize columns, float *panel) {
  isize j = 0;
  for (; j + 4 <= columns; j += 4) {
    const float *r0 = b + j * b_stride, *r1 = r0 + b_stride, *r2 = r1 + b_stride, *r3 = r2 + b_stride;
    float *out = panel + j;
    isize k = 0;
    for (; k + 4 <= depth; k += 4, out += 4 * TILE_COLUMNS) {
      transpose_4x4(r0 + k, r1 + k, r2 + k, r3 + k, out, TILE_COLUMNS);
    }
    for (; k < depth; k++, out += TILE_COLUMNS) {
      out[0] = r0[k];
      out[1] = r1[k];
      out[2] = r2[k];
      out[3] = r3[k];
    }
  }
  for (; j % WIDTH != 0 || j < columns; j++)
    for (isize k = 0; k < depth; k++) panel[k * TILE_COLUMNS + j] = j < columns ? b[j * b_stride + k] : 0;
}

struct product {
  isize m, n, k;
  const float *a;
  isize a_stride;
  int a_transposed;
  const float *b;
  isize b_stride;
  int b_transposed;
  float *c;
  isize c_stride;
  const float *bias; /* one a column, or NULL */
  int activation;
  float parameter;
};

/* Rows of B that lie this far apart, or a multiple of 1 KiB apart, crowd each other out of the cache: pack them. */
#define DIRECT_STRIDE 256

/* Columns of a transposed A that go through all panels together: a few cache lines of each of its rows. */
#define STRIP (WIDTH == 16 ? 64 : 48)

static void multiply(const struct product *g) {
  float packed[DEPTH_BLOCK * TILE_COLUMNS] __attribute__((aligned(64)));
  const int direct = !g->b_transposed && (g->b_stride < 128 || (g->b_stride < DIRECT_STRIDE && g->b_stride % 64 != 0));
  struct panel p = {.a_stride = g->a_stride, .c_stride = g->c_stride, .ahead = rows_expected()};
  /* Pieces of equal length: a short one at the end would cost more than it is worth. */
  const isize pieces = (g->k + DEPTH_BLOCK - 1) / DEPTH_BLOCK, piece = ((g->k + pieces - 1) / pieces + 15) / 16 * 16;
  const isize edge = g->n % WIDTH;
  const int narrow = edge > 0 && edge <= NARROW && (g->a_transposed || piece >= 96);
  const isize wide = narrow ? g->n - edge : g->n;
  /* Narrow columns whose sums are cut into longer pieces, since each piece costs a sum of lanes. */
  const int apart = narrow && !g->a_transposed && !g->b_transposed;
  const isize together = apart ? wide : g->n;
  for (isize k = 0; k < g->k; k += piece) {
    p.depth = g->k - k < piece ? g->k - k : piece;
    p.start = k > 0 ? ADD : g->bias ? COLUMN_BIAS : ZERO;
    p.relu = k + p.depth == g->k && g->activation == RELU;
    /* A transposed lies across the cache lines: take a few of its columns through all panels while they are there. */
    const isize strip = g->a_transposed && direct ? STRIP : g->m;
    for (isize i = 0; i < g->m; i += strip) {
      const isize rows = g->m - i < strip ? g->m - i : strip;
      for (isize j = 0; j < together; j += p.columns) {
        p.columns = j >= wide ? g->n - j : wide - j < TILE_COLUMNS ? wide - j : TILE_COLUMNS;
        p.a = g->a + (g->a_transposed ? k * g->a_stride + i : i * g->a_stride + k);
        p.c = g->c + i * g->c_stride + j;
        p.bias = g->bias ? g->bias + j : NULL;
        if (direct) {
          p.b = g->b + k * g->b_stride + j;
          p.b_stride = g->b_stride;
        } else {
          if (g->b_transposed) pack_transposed(g->b + j * g->b_stride + k, g->b_stride, p.depth, p.columns, packed);
          else pack(g->b + k * g->b_stride + j, g->b_stride, p.depth, p.columns, packed);
          p.b = packed;
          p.b_stride = TILE_COLUMNS;
        }
        if (j >= wide) multiply_narrow(&p, rows, g->a_transposed);
        else multiply_panel(&p, rows, g->a_transposed);
      }
    }
  }
  for (isize k = 0; apart && k < g->k; k += NARROW_DEPTH) {
    p.depth = g->k - k < NARROW_DEPTH ? g->k - k : NARROW_DEPTH;
    p.start = k > 0 ? ADD : g->bias ? COLUMN_BIAS : ZERO;
    p.relu = k + p.depth == g->k && g->activation == RELU;
    p.columns = edge;
    p.a = g->a + k;
    p.b = g->b + k * g->b_stride + wide;
    p.b_stride = g->b_stride;
    p.c = g->c + wide;
    p.bias = g->bias ? g->bias + wide : NULL;
    multiply_narrow(&p, g->m, 0);
  }
  if (g->activation <= RELU) return;
  const isize lines = g->c_stride == g->n ? 1 : g->m, length = g->m * g->n / lines;
  for (isize i = 0; i < lines; i++)
    activation_forward(g->activation, g->c + i * g->c_stride, g->c + i * g->c_stride, length, g->parameter);
}

#endif
