/* The gradients of a convolution's weights and biases, and with them its whole backward pass. */
#ifndef DESCENT_CONVOLUTION_WEIGHTS_H
#define DESCENT_CONVOLUTION_WEIGHTS_H

#include "pooling.h"

/* db[f] += Σ dy over rows and positions */
static void add_filter_sums(const float *dy, isize rows, isize filters, isize positions, float *db) {
  for (isize f = 0; f < filters; f++) {
    double total = 0;
    for (isize r = 0; r < rows; r++) {
      const float *plane = dy + (r * filters + f) * positions;
      vec sum[4] = {splat(0.f), splat(0.f), splat(0.f), splat(0.f)};
      isize p = 0;
      for (; p + 4 * WIDTH <= positions; p += 4 * WIDTH)
        UNROLL for (int i = 0; i < 4; i++) sum[i] += load(plane + p + i * WIDTH);
      for (; p < positions; p += WIDTH) sum[0] += load_left(plane + p, positions - p, 0);
      total += (double)sum_lanes(sum[0] + sum[1] + (sum[2] + sum[3]));
    }
    db[f] += (float)total;
  }
}

/*
 * dw for stride 1, without copying: vectors lie along a line of the output, and every weight keeps a vector of partial
 * sums, `filters` x `taps` of them at a time, over a few images. `taps` are neighbours on one line of the window.
 */
#if WIDTH == 16 || defined(__ARM_NEON)
#define MOST_TAPS 6
#else
#define MOST_TAPS 3 /* 16 registers */
#endif

struct weight_sums {
  const float *x, *dy; /* of the first image, x at the line of the window and its first tap, dy at the first filter */
  isize x_image, x_line, dy_image, dy_filter, out_width, width;
  isize images, from, to; /* lines of the output that see this line of the window inside the image */
  isize shift;            /* kx - padding of the first tap */
  float *dw;
  isize dw_filter;
};

INLINE void sum_weights(const int filters, const int taps, const struct weight_sums *s) {
  vec sum[8][MOST_TAPS];
  UNROLL for (int f = 0; f < filters; f++) UNROLL for (int t = 0; t < taps; t++) sum[f][t] = splat(0.f);
#define LINES(DY, X) \
  for (isize image = 0; image < s->images; image++) \
    for (isize oy = s->from; oy < s->to; oy++) { \
      const float *dy = s->dy + image * s->dy_image + oy * s->out_width + ox; \
      const float *x = s->x + image * s->x_image + oy * s->x_line + ox; \
      vec d[8]; \
      UNROLL for (int f = 0; f < filters; f++) d[f] = DY; \
      UNROLL for (int t = 0; t < taps; t++) { \
        const vec value = X; \
        UNROLL for (int f = 0; f < filters; f++) sum[f][t] = mul_add(d[f], value, sum[f][t]); \
      } \
    }
  for (isize ox = 0; ox < s->out_width; ox += WIDTH) {
    const isize first = ox + s->shift;
    if (ox + WIDTH <= s->out_width && first >= 0 && first + taps - 1 + WIDTH <= s->width) {
      LINES(load(dy + f * s->dy_filter), load(x + t))
      continue;
    }
    const lane_mask used = lanes_between(0, s->out_width - ox);
    lane_mask inside[MOST_TAPS];
    UNROLL for (int t = 0; t < taps; t++)
      inside[t] = lanes_between(-first - t, s->width - first - t) & used;
    LINES(load_where(dy + f * s->dy_filter, used), load_where(x + t, inside[t]))
  }
#undef LINES
  UNROLL for (int f = 0; f < filters; f++)
    UNROLL for (int t = 0; t < taps; t++) s->dw[f * s->dw_filter + t] += sum_lanes(sum[f][t]);
}
#define SUM_WEIGHTS(FILTERS, TAPS) \
  NOINLINE void sum_weights_##FILTERS##x##TAPS(const struct weight_sums *s) { sum_weights(FILTERS, TAPS, s); }
#define UP_TO_3(FILTERS) SUM_WEIGHTS(FILTERS, 1) SUM_WEIGHTS(FILTERS, 2) SUM_WEIGHTS(FILTERS, 3)
#define NAMES_UP_TO_3(FILTERS) sum_weights_##FILTERS##x1, sum_weights_##FILTERS##x2, sum_weights_##FILTERS##x3
#define UP_TO_6(FILTERS) UP_TO_3(FILTERS) SUM_WEIGHTS(FILTERS, 4) SUM_WEIGHTS(FILTERS, 5) SUM_WEIGHTS(FILTERS, 6)
#define NAMES_UP_TO_6(FILTERS) \
  NAMES_UP_TO_3(FILTERS), sum_weights_##FILTERS##x4, sum_weights_##FILTERS##x5, sum_weights_##FILTERS##x6
#if MOST_TAPS == 6
UP_TO_3(8) UP_TO_6(4) UP_TO_6(1)
#else
UP_TO_3(3) UP_TO_3(1)
#endif
/* As many filters as there are registers for: the largest block that fits is taken. */
static const struct { isize filters, taps; void (*functions[MOST_TAPS])(const struct weight_sums *); } WEIGHT_BLOCKS[] = {
#if MOST_TAPS == 6
  {8, 3, {NAMES_UP_TO_3(8)}}, {4, 6, {NAMES_UP_TO_6(4)}}, {1, 6, {NAMES_UP_TO_6(1)}},
#else
  {3, 3, {NAMES_UP_TO_3(3)}}, {1, 3, {NAMES_UP_TO_3(1)}},
#endif
};

static void add_weights_directly(const struct window *g, isize filters, const float *x, const float *dy, float *dw,
                                 isize images) {
  const isize kernel = g->kernel, taps = g->channels * kernel * kernel, positions = g->out_height * g->out_width;
  const isize pieces = (kernel + MOST_TAPS - 1) / MOST_TAPS, piece = (kernel + pieces - 1) / pieces;
  struct weight_sums s = {.x_image = g->channels * g->height * g->width, .x_line = g->width, .dy_image = filters * positions,
                          .dy_filter = positions, .out_width = g->out_width, .width = g->width, .images = images,
                          .dw_filter = taps};
  for (isize f = 0, b = 0; f < filters; f += WEIGHT_BLOCKS[b].filters) {
    while (WEIGHT_BLOCKS[b].taps < piece || f + WEIGHT_BLOCKS[b].filters > filters) b++;
    for (isize line = 0; line < g->channels * kernel; line++) {
      const isize up = line % kernel - g->padding;
      s.from = larger(0, -up);
      s.to = smaller(g->out_height, g->height - up);
      for (isize kx = 0; kx < kernel; kx += piece) {
        s.shift = kx - g->padding;
        s.x = x + (line / kernel * g->height + up) * g->width + s.shift;
        s.dy = dy + f * positions;
        s.dw = dw + f * taps + line * kernel + kx;
        WEIGHT_BLOCKS[b].functions[smaller(kernel - kx, piece) - 1](&s);
      }
    }
  }
}

/* panel (positions from p0 on, TILE_COLUMNS) = x[tap, position] for `columns` taps from k0 on. */
static void pack_taps(const struct window *g, const float *x, isize p0, isize depth, isize k0, isize columns,
                      float *panel) {
  const isize kernel = g->kernel, last = k0 + columns;
  isize oy = p0 / g->out_width, ox = p0 % g->out_width;
  for (isize p = 0; p < depth; p++, panel += TILE_COLUMNS) {
    for (isize line = k0 / kernel; line * kernel < last; line++) {
      const isize iy = oy * g->stride + line % kernel - g->padding;
      const float *row = x + (line / kernel * g->height + iy) * g->width;
      const isize from = larger(k0 - line * kernel, 0), to = smaller(last - line * kernel, kernel);
      copy_pixels(row, iy >= 0 && iy < g->height ? g->width : 0, ox * g->stride + from - g->padding, 1, to - from,
                  panel + line * kernel + from - k0);
    }
    if (++ox == g->out_width) ox = 0, oy++;
  }
}

/* The same for any stride, by copying what lies under the window at each position. */
static void add_weights_by_positions(const struct window *g, isize filters, const float *x, const float *dy, float *dw,
                                     isize images) {
  float packed[PANEL_SIZE] __attribute__((aligned(64)));
  const isize taps = g->channels * g->kernel * g->kernel, positions = g->out_height * g->out_width;
  struct panel p = {.a_stride = positions, .b = packed, .b_stride = TILE_COLUMNS, .c_stride = taps, .start = ADD,
                    .ahead = rows_expected()};
  for (isize r = 0; r < images; r++, x += g->channels * g->height * g->width, dy += filters * positions)
    for (isize j = 0; j < taps; j += TILE_COLUMNS)
      for (isize k = 0; k < positions; k += DEPTH_BLOCK) {
        p.depth = smaller(positions - k, DEPTH_BLOCK);
        p.columns = smaller(taps - j, TILE_COLUMNS);
        p.a = dy + k;
        p.c = dw + j;
        pack_taps(g, x, k, p.depth, j, p.columns, packed);
        multiply_panel(&p, filters, 0);
      }
}

/* As many images at a time as leave the gradients of a block of filters in the first-level cache. */
static isize images_at_once(const struct window *g) {
  return larger(1, 8192 / (WEIGHT_BLOCKS[0].filters * g->out_height * g->out_width));
}

/* dw += …, db += …, dx = … for some images. */
static void convolution_gradients(const struct window *g, isize filters, const float *x, const float *w,
                                  const float *dy, float *dw, float *db, float *dx, isize images) {
  add_filter_sums(dy, images, filters, g->out_height * g->out_width, db);
  /* Loads beside the image reach as far as the padding; arenas have that much to spare on either side. */
  if (g->stride == 1 && g->padding <= 16) add_weights_directly(g, filters, x, dy, dw, images);
  else add_weights_by_positions(g, filters, x, dy, dw, images);
  if (dx) input_gradient(g, filters, w, dy, dx, images);
}

static void conv2d_backward(const struct window *g, isize filters, const float *x, const float *w, const float *dy,
                            float *dw, float *db, float *dx, isize rows) {
  const isize taps = g->channels * g->kernel * g->kernel, pixels = g->channels * g->height * g->width;
  const isize outputs = filters * g->out_height * g->out_width, at_once = images_at_once(g);
  __builtin_memset(dw, 0, (size_t)(filters * taps) * sizeof *dw);
  __builtin_memset(db, 0, (size_t)filters * sizeof *db);
  for (isize r = 0; r < rows; r += at_once)
    convolution_gradients(g, filters, x + r * pixels, w, dy + r * outputs, dw, db, dx ? dx + r * pixels : NULL,
                          smaller(at_once, rows - r));
}

#endif
