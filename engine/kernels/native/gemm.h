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

#include "activations.h"

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
/* Longest piece of a sum over k; a multiple of 16. */
#define DEPTH_BLOCK 512

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
};

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
  for (isize k = 0; k < depth; k++, b += b_stride) {
    vec b_row[TILE_VECTORS];
    UNROLL for (int j = 0; j < vectors; j++) b_row[j] = load(b + j * WIDTH);
    UNROLL for (int i = 0; i < rows; i++) {
      const vec x = splat(transposed ? a[i] : a_row[i][k]);
      UNROLL for (int j = 0; j < vectors; j++) sum[i][j] = mul_add(x, b_row[j], sum[i][j]);
    }
    if (transposed) a += a_stride;
  }
  if (p->relu) EACH(activate(RELU, sum[i][j], splat(0.f)))
#undef EACH
  const isize last = p->columns - (vectors - 1) * WIDTH;
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int j = 0; j < vectors; j++) {
      if (j < vectors - 1) store(c + i * c_stride + j * WIDTH, sum[i][j]);
      else store_left(c + i * c_stride + j * WIDTH, sum[i][j], last);
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

INLINE float first_value(const struct panel *p, isize row, isize column) {
  return p->start == ZERO          ? 0
         : p->start == COLUMN_BIAS ? p->bias[column]
         : p->start == ROW_BIAS    ? p->bias[row]
                                   : p->c[row * p->c_stride + column];
}

/*
 * A panel of a few columns would leave most of a vector idle. With A transposed the vectors lie along the rows of C
 * instead: the same sums in the same order, four vectors of rows at a time.
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
  float b[4][DEPTH_BLOCK];
  const isize depth = (p->depth + WIDTH - 1) / WIDTH * WIDTH;
  for (isize k = 0; k < depth; k++)
    UNROLL for (int j = 0; j < columns; j++) b[j][k] = k < p->depth ? p->b[k * p->b_stride + j] : 0;
  for (isize row = 0; row < rows; row += 4) {
    const isize count = rows - row < 4 ? rows - row : 4;
    const float *a[4];
    vec sum[4][4];
    UNROLL for (int i = 0; i < 4; i++) {
      a[i] = p->a + (row + (i < count ? i : count - 1)) * p->a_stride;
      UNROLL for (int j = 0; j < columns; j++) sum[i][j] = splat(0.f);
    }
    for (isize k = 0; k < depth; k += WIDTH) {
      vec x[4];
      UNROLL for (int i = 0; i < 4; i++) x[i] = load_left(a[i] + k, p->depth - k, 0);
      UNROLL for (int j = 0; j < columns; j++) {
        const vec y = load(b[j] + k);
        UNROLL for (int i = 0; i < 4; i++) sum[i][j] = mul_add(x[i], y, sum[i][j]);
      }
    }
    UNROLL for (int i = 0; i < 4; i++) {
      if (i >= count) break;
      UNROLL for (int j = 0; j < columns; j++) {
        const float value = first_value(p, row + i, j) + sum_lanes(sum[i][j]);
        p->c[(row + i) * p->c_stride + j] = p->relu && value < 0 ? 0 : value;
      }
    }
  }
}

/* So many columns count as narrow. */
#define NARROW (WIDTH == 4 ? 2 : 4)

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
      const vec4 a = *(const vec4 *)(r0 + k), c = *(const vec4 *)(r1 + k);
      const vec4 d = *(const vec4 *)(r2 + k), e = *(const vec4 *)(r3 + k);
      const vec4 ac_low = __builtin_shufflevector(a, c, 0, 4, 1, 5), ac_high = __builtin_shufflevector(a, c, 2, 6, 3, 7);
      const vec4 de_low = __builtin_shufflevector(d, e, 0, 4, 1, 5), de_high = __builtin_shufflevector(d, e, 2, 6, 3, 7);
      *(vec4 *)out = __builtin_shufflevector(ac_low, de_low, 0, 1, 4, 5);
      *(vec4 *)(out + TILE_COLUMNS) = __builtin_shufflevector(ac_low, de_low, 2, 3, 6, 7);
      *(vec4 *)(out + 2 * TILE_COLUMNS) = __builtin_shufflevector(ac_high, de_high, 0, 1, 4, 5);
      *(vec4 *)(out + 3 * TILE_COLUMNS) = __builtin_shufflevector(ac_high, de_high, 2, 3, 6, 7);
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
  struct panel p = {.a_stride = g->a_stride, .c_stride = g->c_stride};
  /* Pieces of equal length: a short one at the end would cost more than it is worth. */
  const isize pieces = (g->k + DEPTH_BLOCK - 1) / DEPTH_BLOCK, piece = ((g->k + pieces - 1) / pieces + 15) / 16 * 16;
  const isize edge = g->n % WIDTH;
  const int narrow = edge > 0 && edge <= NARROW && (g->a_transposed || piece >= 96);
  const isize wide = narrow ? g->n - edge : g->n;
  for (isize k = 0; k < g->k; k += piece) {
    p.depth = g->k - k < piece ? g->k - k : piece;
    p.start = k > 0 ? ADD : g->bias ? COLUMN_BIAS : ZERO;
    p.relu = k + p.depth == g->k && g->activation == RELU;
    /* A transposed lies across the cache lines: take a few of its columns through all panels while they are there. */
    const isize strip = g->a_transposed && direct ? STRIP : g->m;
    for (isize i = 0; i < g->m; i += strip) {
      const isize rows = g->m - i < strip ? g->m - i : strip;
      for (isize j = 0; j < g->n; j += p.columns) {
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
  if (g->activation <= RELU) return;
  const isize lines = g->c_stride == g->n ? 1 : g->m, length = g->m * g->n / lines;
  for (isize i = 0; i < lines; i++)
    activation_forward(g->activation, g->c + i * g->c_stride, g->c + i * g->c_stride, length, g->parameter);
}

#endif
