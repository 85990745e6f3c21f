/* Max and average pooling over windows that lie inside the image. */
#ifndef DESCENT_POOLING_H
#define DESCENT_POOLING_H

#include "convolution.h"

/* y = the largest value under the window, argmax its place in the plane: the first of equals, a NaN over all. */
static void max_pool_plane(const struct window *g, const float *x, float *y, int32_t *argmax) {
  for (isize oy = 0; oy < g->out_height; oy++)
    for (isize ox = 0; ox < g->out_width; ox++) {
      isize best = (oy * g->width + ox) * g->stride;
      const isize corner = best;
      for (isize ky = 0; ky < g->kernel; ky++)
        for (isize kx = 0; kx < g->kernel; kx++) {
          const isize at = corner + ky * g->width + kx;
          if (!(x[at] <= x[best]) && x[best] == x[best]) best = at;
        }
      *y++ = x[best];
      *argmax++ = (int32_t)best;
    }
}

/* The same for windows of 2 x 2 side by side, a vector of them at a time. */
static void max_pool_plane_2x2(const struct window *g, const float *x, float *y, int32_t *argmax) {
  const int32_t width = (int32_t)g->width;
  for (isize oy = 0; oy < g->out_height; oy++)
    for (isize ox = 0; ox < g->out_width; ox += WIDTH) {
      const isize corner = 2 * oy * g->width + 2 * ox, out = oy * g->out_width + ox, left = g->out_width - ox;
      /* Near the end of the row the second half would lie beyond what may be read. */
      const isize second = left > WIDTH / 2 ? WIDTH : 0;
      const vec a = load(x + corner), b = load(x + corner + second);
      const vec c = load(x + corner + width), d = load(x + corner + width + second);
      const vec rivals[3] = {ODDS(a, b), EVENS(c, d), ODDS(c, d)};
      const int32_t steps[3] = {1, width, width + 1};
      const ivec lane = *(const ivec *)LANES, first = isplat((int32_t)corner) + lane + lane;
      vec best = EVENS(a, b);
      ivec place = first;
      UNROLL for (int i = 0; i < 3; i++) {
        const ivec better = ~(rivals[i] <= best) & (best == best);
        best = choose(better, rivals[i], best);
        place = (better & (first + isplat(steps[i]))) | (~better & place);
      }
      store_left(y + out, best, left);
      store_left((float *)argmax + out, (vec)place, left);
    }
}

static void max_pool_forward(const struct window *g, const float *x, float *y, int32_t *argmax, isize rows) {
  const isize plane = g->height * g->width, positions = g->out_height * g->out_width;
  for (isize i = 0; i < rows * g->channels; i++, x += plane, y += positions, argmax += positions)
    if (g->kernel == 2 && g->stride == 2) max_pool_plane_2x2(g, x, y, argmax);
    else max_pool_plane(g, x, y, argmax);
}

/* For windows of 2 x 2 side by side: every place gets its window's dy or 0. */
static void max_pool_back_2x2(const struct window *g, const int32_t *argmax, const float *dy, float *dx) {
  const int32_t width = (int32_t)g->width;
  for (isize oy = 0; oy < g->out_height; oy++)
    for (isize ox = 0; ox < g->out_width; ox += WIDTH) {
      const isize corner = 2 * oy * g->width + 2 * ox, out = oy * g->out_width + ox, left = 2 * (g->out_width - ox);
      const ivec lane = *(const ivec *)LANES;
      const ivec place = *(const ivec *)(argmax + out) - (isplat((int32_t)corner) + lane + lane);
      const vec gradient = load(dy + out), zero = splat(0.f);
      const vec top = choose(place == isplat(0), gradient, zero), top2 = choose(place == isplat(1), gradient, zero);
      const vec low = choose(place == isplat(width), gradient, zero);
      const vec low2 = choose(place == isplat(width + 1), gradient, zero);
      store_left(dx + corner, FIRST_PAIRS(top, top2), left);
      store_left(dx + corner + width, FIRST_PAIRS(low, low2), left);
      if (left <= WIDTH) continue;
      store_left(dx + corner + WIDTH, LAST_PAIRS(top, top2), left - WIDTH);
      store_left(dx + corner + width + WIDTH, LAST_PAIRS(low, low2), left - WIDTH);
    }
}

/* dx = dy at each window's maximum, summed where windows overlap, 0 elsewhere */
static void max_pool_backward(const struct window *g, const int32_t *argmax, const float *dy, float *dx, isize rows) {
  const isize plane = g->height * g->width, positions = g->out_height * g->out_width;
  const int pairs = g->kernel == 2 && g->stride == 2, covered = pairs && plane == 4 * positions;
  for (isize i = 0; i < rows * g->channels; i++, dx += plane, dy += positions, argmax += positions) {
    if (!covered) __builtin_memset(dx, 0, (size_t)plane * sizeof *dx);
    if (pairs) max_pool_back_2x2(g, argmax, dy, dx);
    else
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
