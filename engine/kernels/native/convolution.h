/*
 * Convolution (cross-correlation) as a product of matrices whose second factor is never written out: the panels that
 * the tiles of gemm.h want are copied straight from the image, a row of pixels at a time.
 *   taps       (c, ky, kx), the numbers under the window: columns of w seen as a (filters, taps) matrix
 *   positions  (oy, ox) of the window
 * For one image, with x[tap, position] = x[c, oy·stride + ky - padding, ox·stride + kx - padding], 0 outside:
 *   forward   y  (filters, positions) = w · x + b
 *   weights   dw (filters, taps)     += dy · xᵀ
 *   input     x's gradient (taps, positions) = wᵀ · dy, added up where windows overlap
 */
#ifndef DESCENT_CONVOLUTION_H
#define DESCENT_CONVOLUTION_H

#include "affine.h"

struct window {
  isize channels, height, width, kernel, stride, padding, out_height, out_width;
};

INLINE isize smaller(isize a, isize b) { return a < b ? a : b; }
INLINE isize larger(isize a, isize b) { return a > b ? a : b; }

/* to[i] = row[first + i·stride] for i < count, 0 left and right of the row's `width`. May write a vector beyond. */
INLINE void copy_pixels(const float *row, isize width, isize first, isize stride, isize count, float *to) {
  if (stride == 1 && first >= 0 && first + count <= width)
    for (isize i = 0; i < count; i += WIDTH) store(to + i, load(row + first + i));
  else if (stride == 1)
    for (isize i = 0; i < count; i += WIDTH) {
      const isize at = first + i;
      const int outside = at <= -WIDTH || at >= width;
      store(to + i, outside ? splat(0.f) : load_where(row + at, lanes_between(-at, width - at)));
    }
  else
    for (isize i = 0; i < count; i++) {
      const isize at = first + i * stride;
      to[i] = at >= 0 && at < width ? row[at] : 0;
    }
}

/* Copies overshoot by up to a vector, so the rows of a panel of positions lie that much further apart. */
#define POSITIONS_STRIDE (TILE_COLUMNS + WIDTH)
#define PANEL_SIZE (DEPTH_BLOCK * POSITIONS_STRIDE)

/* panel (taps from k0 on, POSITIONS_STRIDE) = x[tap, position] for `columns` positions from p0 on. */
static void pack_positions(const struct window *g, const float *x, isize k0, isize depth, isize p0, isize columns,
                           float *panel) {
  const isize kernel = g->kernel, last = k0 + depth;
  for (isize column = 0, count; column < columns; column += count) {
    const isize oy = (p0 + column) / g->out_width, ox = (p0 + column) % g->out_width;
    count = smaller(columns - column, g->out_width - ox);
    for (isize line = k0 / kernel; line * kernel < last; line++) {
      const isize iy = oy * g->stride + line % kernel - g->padding;
      const float *row = x + (line / kernel * g->height + iy) * g->width;
      const isize from = larger(k0 - line * kernel, 0), to = smaller(last - line * kernel, kernel);
      float *out = panel + (line * kernel + from - k0) * POSITIONS_STRIDE + column;
      const int inside = iy >= 0 && iy < g->height;
      for (isize kx = from; kx < to; kx++, out += POSITIONS_STRIDE)
        copy_pixels(row, inside ? g->width : 0, ox * g->stride + kx - g->padding, g->stride, count, out);
    }
  }
}

static void conv2d_forward(const struct window *g, isize filters, const float *x, const float *w, const float *b,
                           float *y, isize rows, int activation, float parameter) {
  float packed[PANEL_SIZE] __attribute__((aligned(64)));
  const isize taps = g->channels * g->kernel * g->kernel, positions = g->out_height * g->out_width;
  struct panel p = {.a_stride = taps, .b = packed, .b_stride = POSITIONS_STRIDE, .c_stride = positions,
                    .bias = b, .ahead = rows_expected()};
  for (isize r = 0; r < rows; r++, x += g->channels * g->height * g->width, y += filters * positions) {
    for (isize j = 0; j < positions; j += TILE_COLUMNS)
      for (isize k = 0; k < taps; k += DEPTH_BLOCK) {
        p.depth = smaller(taps - k, DEPTH_BLOCK);
        p.columns = smaller(positions - j, TILE_COLUMNS);
        p.start = k > 0 ? ADD : ROW_BIAS;
        p.relu = k + p.depth == taps && activation == RELU;
        p.a = w + k;
        p.c = y + j;
        pack_positions(g, x, k, p.depth, j, p.columns, packed);
        multiply_panel(&p, filters, 0);
      }
    if (activation > RELU) activation_forward(activation, y, y, filters * positions, parameter);
  }
}

/* dx[input pixel under the tap] += part[tap, position] for taps k0… and positions p0…. Taps side by side touch the
 * same pixels, so the lines of the window take turns: otherwise every load would wait for the store before it. */
static void scatter_positions(const struct window *g, const float *part, isize k0, isize taps, isize p0,
                              isize columns, float *dx) {
  const isize kernel = g->kernel, last = k0 + taps;
  for (isize column = 0, count; column < columns; column += count) {
    const isize oy = (p0 + column) / g->out_width, ox = (p0 + column) % g->out_width;
    count = smaller(columns - column, g->out_width - ox);
    for (isize kx = 0; kx < kernel; kx++) {
      const isize first = ox * g->stride + kx - g->padding;
      for (isize line = k0 / kernel; line * kernel < last; line++) {
        const isize tap = line * kernel + kx, iy = oy * g->stride + line % kernel - g->padding;
        if (tap < k0 || tap >= last || iy < 0 || iy >= g->height) continue;
        float *row = dx + (line / kernel * g->height + iy) * g->width;
        const float *from = part + (tap - k0) * TILE_COLUMNS + column;
        if (g->stride == 1) {
          const isize end = smaller(count, g->width - first);
          for (isize i = larger(0, -first); i < end; i += WIDTH)
            store_left(row + first + i, load(row + first + i) + load(from + i), end - i);
        } else
          for (isize i = 0; i < count; i++) {
            const isize at = first + i * g->stride;
            if (at >= 0 && at < g->width) row[at] += from[i];
          }
      }
    }
  }
}

static void input_gradient(const struct window *g, isize filters, const float *w, const float *dy, float *dx,
                           isize rows) {
  float packed[PANEL_SIZE] __attribute__((aligned(64)));
  float part[128 * TILE_COLUMNS + WIDTH] __attribute__((aligned(64)));
  const isize taps = g->channels * g->kernel * g->kernel, positions = g->out_height * g->out_width;
  const isize pixels = g->channels * g->height * g->width;
  struct panel p = {.a_stride = taps, .b = packed, .b_stride = TILE_COLUMNS, .c = part, .c_stride = TILE_COLUMNS,
                    .ahead = rows_expected()};
  for (isize r = 0; r < rows; r++, dx += pixels, dy += filters * positions) {
    __builtin_memset(dx, 0, (size_t)pixels * sizeof *dx);
    for (isize j = 0; j < positions; j += TILE_COLUMNS) {
      p.columns = smaller(positions - j, TILE_COLUMNS);
      for (isize k = 0; k < taps; k += 128) {
        const isize count = smaller(taps - k, 128);
        for (isize f = 0; f < filters; f += DEPTH_BLOCK) {
          p.depth = smaller(filters - f, DEPTH_BLOCK);
          p.start = f > 0 ? ADD : ZERO;
          p.a = w + f * taps + k;
          pack(dy + f * positions + j, positions, p.depth, p.columns, packed);
          multiply_panel(&p, count, 1);
        }
        scatter_positions(g, part, k, count, j, p.columns, dx);
      }
    }
  }
}

#endif
