/*
 * Batch normalisation (Ioffe and Szegedy, 2015): x̂ = (x - μ)/√(σ² + ε), y = γ·x̂ + β, per channel over n = rows·spatial
 * values with the biased variance; running ← momentum·running + (1 - momentum)·batch.
 * Backward: dγ = Σ dy·x̂, dβ = Σ dy, dx = γ/√(σ² + ε)·(dy - dβ/n - x̂·dγ/n).
 * Flat features (spatial = 1) lie side by side, so a vector holds WIDTH channels; in images a vector holds WIDTH
 * places of one channel. Long sums go through float64 every row of an image or 128 rows.
 */
#ifndef DESCENT_BATCH_NORM_H
#define DESCENT_BATCH_NORM_H

#include "vector.h"

struct batch {
  isize rows, channels, spatial;
};

INLINE void normalize_features(const struct batch *s, const float *x, const float *gamma, const float *beta, float *y,
                               float *normalized, float *inverse_std, float *running_mean, float *running_var,
                               float momentum, float rest, float epsilon) {
  const isize n = s->channels;
  const vec share = splat((float)(1 / (double)s->rows));
  for (isize c = 0; c < n; c += WIDTH) {
    vec sum = splat(0.f), squares = splat(0.f);
    for (isize r = 0; r < s->rows; r += 128) {
      vec part = splat(0.f);
      for (isize i = r; i < r + 128 && i < s->rows; i++) part += load(x + i * n + c);
      sum += part;
    }
    const vec mean = sum * share;
    for (isize r = 0; r < s->rows; r += 128) {
      vec part = splat(0.f);
      for (isize i = r; i < r + 128 && i < s->rows; i++) {
        const vec d = load(x + i * n + c) - mean;
        part = mul_add(d, d, part);
      }
      squares += part;
    }
    const vec variance = squares * share, inverse = splat(1.f) / root(variance + splat(epsilon));
    const vec g = load(gamma + c), b = load(beta + c);
    for (isize i = 0; i < s->rows; i++) {
      const vec value = (load(x + i * n + c) - mean) * inverse;
      store_left(normalized + i * n + c, value, n - c);
      store_left(y + i * n + c, mul_add(g, value, b), n - c);
    }
    store_left(inverse_std + c, inverse, n - c);
    const vec keep = splat(momentum), take = splat(rest);
    store_left(running_mean + c, mul_add(keep, load(running_mean + c), take * mean), n - c);
    store_left(running_var + c, mul_add(keep, load(running_var + c), take * variance), n - c);
  }
}

INLINE void normalize_planes(const struct batch *s, const float *x, const float *gamma, const float *beta, float *y,
                             float *normalized, float *inverse_std, float *running_mean, float *running_var,
                             float momentum, float rest, float epsilon) {
  const double count = (double)s->rows * (double)s->spatial;
  const isize image = s->channels * s->spatial, n = s->spatial;
  for (isize c = 0; c < s->channels; c++) {
    const isize from = c * n, to = from + s->rows * image;
    double sum = 0, squares = 0;
    for (isize at = from; at < to; at += image) {
      vec part = splat(0.f);
      for (isize i = 0; i < n; i += WIDTH) part += load_left(x + at + i, n - i, 0);
      sum += sum_lanes(part);
    }
    const float mean = (float)(sum / count);
    for (isize at = from; at < to; at += image) {
      vec part = splat(0.f);
      for (isize i = 0; i < n; i += WIDTH) {
        const vec d = load_left(x + at + i, n - i, mean) - splat(mean);
        part = mul_add(d, d, part);
      }
      squares += sum_lanes(part);
    }
    const float variance = (float)(squares / count);
    const vec inverse = splat(1.f) / root(splat(variance + epsilon));
    for (isize at = from; at < to; at += image)
      for (isize i = 0; i < n; i += WIDTH) {
        const vec value = (load(x + at + i) - splat(mean)) * inverse;
        store_left(normalized + at + i, value, n - i);
        store_left(y + at + i, mul_add(splat(gamma[c]), value, splat(beta[c])), n - i);
      }
    inverse_std[c] = inverse[0];
    running_mean[c] = momentum * running_mean[c] + rest * mean;
    running_var[c] = momentum * running_var[c] + rest * variance;
  }
}

static void batch_norm_train(const float *x, const float *gamma, const float *beta, float *y, float *normalized,
                             float *inverse_std, float *running_mean, float *running_var, isize rows, isize channels,
                             isize spatial, double momentum, float epsilon) {
  const struct batch s = {rows, channels, spatial};
  const float keep = (float)momentum, rest = (float)(1 - momentum);
  if (spatial == 1)
    normalize_features(&s, x, gamma, beta, y, normalized, inverse_std, running_mean, running_var, keep, rest, epsilon);
  else
    normalize_planes(&s, x, gamma, beta, y, normalized, inverse_std, running_mean, running_var, keep, rest, epsilon);
}

/* y = γ·(x - running mean)/√(running variance + ε) + β */
static void batch_norm_infer(const float *x, const float *gamma, const float *beta, float *y,
                             const float *running_mean, const float *running_var, isize rows, isize channels,
                             isize spatial, float epsilon) {
  const isize image = channels * spatial;
  for (isize c = 0; c < channels; c += spatial == 1 ? WIDTH : 1) {
    const vec factor = load(gamma + c) / root(load(running_var + c) + splat(epsilon));
    const vec mean = load(running_mean + c), shift = load(beta + c);
    for (isize r = 0; r < rows; r++) {
      const isize at = r * image + c * spatial;
      if (spatial == 1)
        store_left(y + at, mul_add(load(x + at) - mean, factor, shift), channels - c);
      else
        for (isize i = 0; i < spatial; i += WIDTH)
          store_left(y + at + i, mul_add(load(x + at + i) - splat(mean[0]), splat(factor[0]), splat(shift[0])),
                     spatial - i);
    }
  }
}

static void batch_norm_backward(const float *dy, const float *gamma, const float *normalized, const float *inverse_std,
                                float *dgamma, float *dbeta, float *dx, isize rows, isize channels, isize spatial) {
  const double share = 1 / ((double)rows * (double)spatial);
  const isize image = channels * spatial, end = rows * image;
  if (spatial == 1) {
    for (isize c = 0; c < channels; c += WIDTH) {
      vec sum = splat(0.f), dot = splat(0.f);
      for (isize r = 0; r < end; r += 128 * channels) {
        vec part = splat(0.f), product = splat(0.f);
        for (isize at = r + c; at < end && at < r + 128 * channels; at += channels) {
          part += load(dy + at);
          product = mul_add(load(dy + at), load(normalized + at), product);
        }
        sum += part;
        dot += product;
      }
      store_left(dgamma + c, dot, channels - c);
      store_left(dbeta + c, sum, channels - c);
      if (!dx) continue;
      const vec factor = load(gamma + c) * load(inverse_std + c);
      const vec mean = sum * splat((float)share), slope = dot * splat((float)share);
      for (isize at = c; at < end; at += channels)
        store_left(dx + at, factor * (load(dy + at) - mul_add(load(normalized + at), slope, mean)), channels - c);
    }
    return;
  }
  for (isize c = 0; c < channels; c++) {
    double sum = 0, dot = 0;
    for (isize at = c * spatial; at < end; at += image) {
      vec part = splat(0.f), product = splat(0.f);
      for (isize i = 0; i < spatial; i += WIDTH) {
        const vec slope = load_left(dy + at + i, spatial - i, 0);
        part += slope;
        product = mul_add(slope, load_left(normalized + at + i, spatial - i, 0), product);
      }
      sum += sum_lanes(part);
      dot += sum_lanes(product);
    }
    dgamma[c] = (float)dot;
    dbeta[c] = (float)sum;
    if (!dx) continue;
    const vec factor = splat(gamma[c] * inverse_std[c]), mean = splat((float)(sum * share));
    const vec slope = splat((float)(dot * share));
    for (isize at = c * spatial; at < end; at += image)
      for (isize i = 0; i < spatial; i += WIDTH)
        store_left(dx + at + i, factor * (load(dy + at + i) - mul_add(load(normalized + at + i), slope, mean)),
                   spatial - i);
  }
}

#endif
