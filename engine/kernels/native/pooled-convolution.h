/*
 * A convolution with its activation and the max pooling after it, forward and back.
 *
 * Only the maxima pass a gradient on: one position of four when windows of 2 x 2 lie side by side. So the weights'
 * gradient is not a product of matrices but a sum over the maxima, dw[f] = Σ d·patch, where a patch holds the pixels
 * under the window at the maximum. The patches of all positions of an image are copied beside each other once, and
 * every filter picks its own.
 */
#ifndef DESCENT_POOLED_CONVOLUTION_H
#define DESCENT_POOLED_CONVOLUTION_H

#include "convolution-weights.h"

/*
 * Convolution, activation and max pooling in one pass: an image's output is pooled while it is in the cache, and leaves
 * it only when it is to be kept. y and pooled are those of the separate calls, to the bit.
 */
static void conv2d_max_pool_forward(const struct window *g, isize filters, const float *x, const float *w,
                                    const float *b, float *y, const struct window *pool, float *pooled,
                                    int32_t *argmax, isize rows, int activation, float parameter, int keep) {
  const isize pixels = g->channels * g->height * g->width, outputs = filters * g->out_height * g->out_width;
  const isize kept = filters * pool->out_height * pool->out_width;
  for (isize r = 0; r < rows; r++) {
    float *output = keep ? y + r * outputs : y;
    conv2d_forward(g, filters, x + r * pixels, w, b, output, 1, activation, parameter);
    max_pool_forward(pool, output, pooled + r * kept, argmax + r * kept, 1);
  }
}

/* Patches are copied eight values at a time, so what a line writes beyond its end must not reach another patch. */
#define PATCH_VECTORS 8
#define PATCHES_SIZE 8192 /* they stay in the first-level cache */
#define LARGEST_PATCHES 16384

/* Some lines (c, ky) of the window, so many that they fit PATCH_VECTORS vectors, and some rows of the output. */
struct patches {
  isize line, lines, stride;
  isize from, to; /* rows */
  float *values;  /* (positions, stride) */
};

/* `pieces` of eight values make a line. Position by position, so that a patch is written in one go. */
INLINE void copy_patches(const int pieces, const struct window *g, const float *x, const struct patches *p) {
  const isize kernel = g->kernel, width = g->width;
  const vec8 zero = {0};
  float *out = p->values;
  for (isize oy = p->from; oy < p->to; oy++) {
    /* Where the lines lie in the image, NULL above and below it. */
    const float *rows[PATCH_VECTORS * WIDTH];
    for (isize l = 0; l < p->lines; l++) {
      const isize line = p->line + l, iy = oy * g->stride + line % kernel - g->padding;
      rows[l] = iy < 0 || iy >= g->height ? NULL : x + (line / kernel * g->height + iy) * width;
    }
    isize at = -g->padding;
    for (isize ox = 0; ox < g->out_width; ox++, at += g->stride, out += p->stride) {
      float *to = out;
      if (at >= 0 && at + kernel <= width)
        for (isize l = 0; l < p->lines; l++, to += kernel)
          for (int i = 0; i < pieces; i++) *(vec8 *)(to + 8 * i) = rows[l] ? *(const vec8 *)(rows[l] + at + 8 * i) : zero;
      else
        for (isize l = 0; l < p->lines; l++, to += kernel)
          for (isize kx = 0; kx < kernel; kx++)
            to[kx] = rows[l] && at + kx >= 0 && at + kx < width ? rows[l][at + kx] : 0;
    }
  }
}

/* dw[t] += Σ d·patch[t] over `count` maxima, t < taps. Several maxima at a time, since additions wait for each other. */
INLINE void add_maxima(const int vectors, const struct patches *p, const int32_t *argmax, const float *d, isize count,
                       isize positions, float *dw, isize taps) {
  enum { AT_ONCE = 4 };
  const int at_once = vectors > 4 ? 1 : vectors > 2 ? 2 : AT_ONCE;
  const float *patches = p->values - positions * p->stride;
  vec sum[AT_ONCE][PATCH_VECTORS];
#define EACH(VALUE) \
  UNROLL for (int i = 0; i < at_once; i++) UNROLL for (int v = 0; v < vectors; v++) sum[i][v] = (VALUE);
  EACH(splat(0.f))
  isize m = 0;
  for (; m + at_once <= count; m += at_once)
    EACH(mul_add(splat(d[m + i]), load(patches + argmax[m + i] * p->stride + v * WIDTH), sum[i][v]))
#undef EACH
  for (; m < count; m++)
    UNROLL for (int v = 0; v < vectors; v++)
      sum[0][v] = mul_add(splat(d[m]), load(patches + argmax[m] * p->stride + v * WIDTH), sum[0][v]);
  UNROLL for (int v = 0; v < vectors; v++) {
    UNROLL for (int i = 1; i < at_once; i++) sum[0][v] += sum[i][v];
    store_left(dw + v * WIDTH, load(dw + v * WIDTH) + sum[0][v], taps - v * WIDTH);
  }
}
#define ADD_MAXIMA(VECTORS) \
  NOINLINE void add_maxima_##VECTORS(const struct patches *p, const int32_t *argmax, const float *d, isize count, \
                                     isize positions, float *dw, isize taps) { \
    add_maxima(VECTORS, p, argmax, d, count, positions, dw, taps); \
  }
ADD_MAXIMA(1) ADD_MAXIMA(2) ADD_MAXIMA(3) ADD_MAXIMA(4) ADD_MAXIMA(5) ADD_MAXIMA(6) ADD_MAXIMA(7) ADD_MAXIMA(8)
static void (*const ADD_MAXIMA_OF[PATCH_VECTORS])(const struct patches *, const int32_t *, const float *, isize, isize,
                                                  float *, isize) = {
  add_maxima_1, add_maxima_2, add_maxima_3, add_maxima_4, add_maxima_5, add_maxima_6, add_maxima_7, add_maxima_8,
};

/* Length of a patch of so many lines, with the room that copying needs, in whole vectors. */
INLINE isize patch_stride(isize kernel, isize lines) {
  return ((lines - 1) * kernel + (kernel + 7) / 8 * 8 + WIDTH - 1) / WIDTH * WIDTH;
}
/* Most lines of the window at a time: as many as PATCH_VECTORS vectors and a row of pooled outputs allow, or 0. */
static isize patch_lines(const struct window *g, const struct window *pool) {
  isize lines = g->channels * g->kernel;
  const isize most = smaller(PATCH_VECTORS * WIDTH, LARGEST_PATCHES / (pool->kernel * g->out_width));
  while (lines > 0 && patch_stride(g->kernel, lines) > most) lines--;
  return lines;
}

/* dw += … of one image. */
static void add_weights_of_maxima(const struct window *g, isize filters, const float *x, const struct window *pool,
                                  const int32_t *argmax, const float *d, float *dw, float *values) {
  const isize kernel = g->kernel, taps = g->channels * kernel * kernel, kept = pool->out_height * pool->out_width;
  const isize all = g->channels * kernel, most = patch_lines(g, pool);
  struct patches p = {.values = values};
  for (p.line = 0; p.line < all; p.line += p.lines) {
    p.lines = smaller(most, all - p.line);
    p.stride = patch_stride(kernel, p.lines);
    const isize rows = PATCHES_SIZE / (p.stride * g->out_width);
    const isize band = larger(1, (rows - pool->kernel) / pool->stride + 1), used = p.lines * kernel;
    for (isize y = 0; y < pool->out_height; y += band) {
      const isize end = smaller(y + band, pool->out_height);
      p.from = y * pool->stride;
      p.to = (end - 1) * pool->stride + pool->kernel;
      if (kernel <= 8) copy_patches(1, g, x, &p);
      else copy_patches((int)(kernel + 7) / 8, g, x, &p);
      for (isize f = 0; f < filters; f++) {
        const isize at = f * kept + y * pool->out_width;
        ADD_MAXIMA_OF[(used + WIDTH - 1) / WIDTH - 1](&p, argmax + at, d + at, (end - y) * pool->out_width,
                                                     p.from * g->out_width, dw + f * taps + p.line * kernel, used);
      }
    }
  }
}

/*
 * Back through all three. The activation's slope at a maximum follows from the pooled output, everywhere else the
 * gradient is 0: so it is taken there, on a fraction of the values. `scratch` takes the gradients of a few images'
 * outputs at a time, where they are needed; `dpooled` is used up.
 */
static void conv2d_max_pool_backward(const struct window *g, isize filters, const float *x, const float *w,
                                     float *scratch, const struct window *pool, const float *pooled,
                                     const int32_t *argmax, float *dpooled, float *dw, float *db, float *dx,
                                     isize rows, int activation, float parameter) {
  const isize taps = g->channels * g->kernel * g->kernel, pixels = g->channels * g->height * g->width;
  const isize positions = pool->out_height * pool->out_width, kept = filters * positions, at_once = images_at_once(g);
  /* Windows that overlap more have as many maxima as there are positions. */
  const int by_maxima = pool->stride >= 2 && patch_lines(g, pool) > 0;
  float values[LARGEST_PATCHES] __attribute__((aligned(64)));
  /* What lies between patches is read too, and must not be slow: some bit patterns are. */
  if (by_maxima) __builtin_memset(values, 0, sizeof values);
  __builtin_memset(dw, 0, (size_t)(filters * taps) * sizeof *dw);
  __builtin_memset(db, 0, (size_t)filters * sizeof *db);
  for (isize r = 0; r < rows; r += at_once) {
    const isize images = smaller(at_once, rows - r);
    float *d = dpooled + r * kept;
    const int32_t *places = argmax + r * kept;
    activation_backward(activation, pooled + r * kept, d, d, images * kept, parameter);
    if (dx || !by_maxima) max_pool_backward(pool, places, d, scratch, images);
    if (!by_maxima) {
      convolution_gradients(g, filters, x + r * pixels, w, scratch, dw, db, dx ? dx + r * pixels : NULL, images);
      continue;
    }
    add_filter_sums(d, images, filters, positions, db);
    for (isize i = 0; i < images; i++)
      add_weights_of_maxima(g, filters, x + (r + i) * pixels, pool, places + i * kept, d + i * kept, dw, values);
    if (dx) input_gradient(g, filters, w, scratch, dx + r * pixels, images);
  }
}

#endif
