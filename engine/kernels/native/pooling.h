/* Max and average pooling over windows that lie inside the image. */
#ifndef DESCENT_POOLING_H
#define DESCENT_POOLING_H

#include "convolution.h"

/* y = the largest value under the window, argmax its place in the plane: the first of equals, a NaN over all. */
INLINE void max_pool_plane(const isize kernel, const isize stride, const struct window *g, const float *x, float *y,
                           int32_t *argmax) {
  for (isize oy = 0; oy < g->out_height; oy++)
    for (isize ox = 0; ox < g->out_width; ox++) {
      const isize corner = oy * stride * g->width + ox * stride;
      float best = x[corner];
      int32_t place = (int32_t)corner;
      for (isize ky = 0; ky < kernel; ky++)
        for (isize kx = 0; kx < kernel; kx++) {
          const isize at = corner + ky * g->width + kx;
          const float value = x[at];
          const int better = !(value <= best) & (best == best);
          best = better ? value : best;
          place = better ? (int32_t)at : place;
        }
      y[oy * g->out_width + ox] = best;
      argmax[oy * g->out_width + ox] = place;
    }
}

static void max_pool_forward(const struct window *g, const float *x, float *y, int32_t *argmax, isize rows) {
  const isize plane = g->height * g->width, positions = g->out_height * g->out_width;
  for (isize i = 0; i < rows * g->channels; i++, x += plane, y += positions, argmax += positions)
    if (g->kernel == 2 && g->stride == 2) max_pool_plane(2, 2, g, x, y, argmax);
    else max_pool_plane(g->kernel, g->stride, g, x, y, argmax);
}

/* dx = dy at each window's maximum, summed where windows overlap, 0 elsewhere */
static void max_pool_backward(const struct window *g, const int32_t *argmax, const float *dy, float *dx, isize rows) {
  const isize plane = g->height * g->width, positions = g->out_height * g->out_width;
  for (isize i = 0; i < rows * g->channels; i++, dx += plane, dy += positions, argmax += positions) {
    __builtin_memset(dx, 0, (size_t)plane * sizeof *dx);
    for (isize p = 0; p < positions; p++) dx[argmax[p]] += dy[p];
  }
}

/* y = the mean under the window */
static void avg_pool_forward(const struct window *g, const float *x, float *y, isize rows) {
  const isize plane = g->height * g->width;
  const float share = 1.f / (float)(g->kernel * g->kernel);
  for (isize i = 0; i < rows * g->channels; i++, x += plane)
    for (isize oy = 0; oy < g->out_height; oy++)
      for (isize ox = 0; ox < g->out_width; ox++) {
        const float *corner = x + (oy * g->width + ox) * g->stride;
        float sum = 0;
        for (isize ky = 0; ky < g->kernel; ky++)
          for (isize kx = 0; kx < g->kernel; kx++) sum += corner[ky * g->width + kx];
        *y++ = sum * share;
      }
}

/* every place under a window gets dy / kernel² */
static void avg_pool_backward(const struct window *g, const float *dy, float *dx, isize rows) {
  const isize plane = g->height * g->width;
  const float share = 1.f / (float)(g->kernel * g->kernel);
  for (isize i = 0; i < rows * g->channels; i++, dx += plane) {
    __builtin_memset(dx, 0, (size_t)plane * sizeof *dx);
    for (isize oy = 0; oy < g->out_height; oy++)
      for (isize ox = 0; ox < g->out_width; ox++) {
        float *corner = dx + (oy * g->width + ox) * g->stride;
        const float part = *dy++ * share;
        for (isize ky = 0; ky < g->kernel; ky++)
          for (isize kx = 0; kx < g->kernel; kx++) corner[ky * g->width + kx] += part;
      }
  }
}

#endif
