/* One update of n parameters w by the gradient g. Step sizes come as float64 and are combined before rounding. */
#ifndef DESCENT_OPTIMIZERS_H
#define DESCENT_OPTIMIZERS_H

#include "vector.h"

#define EACH_VECTOR(n) for (isize i = 0; i < n; i += WIDTH)

/* g ← g + factor·w */
static void add_scaled(float *g, const float *w, isize n, float factor) {
  EACH_VECTOR(n) store_left(g + i, mul_add(splat(factor), load(w + i), load(g + i)), n - i);
}
static void scale(float *t, isize n, float factor) {
  EACH_VECTOR(n) store_left(t + i, splat(factor) * load(t + i), n - i);
}
/* Σ t² in float64. Four sums, since each addition waits for the one before it. */
static double sum_squares(const float *t, isize n) {
  dvec sum[4] = {{0}};
  isize i = 0;
  for (; i + 4 * WIDTH <= n; i += 4 * WIDTH)
    UNROLL for (int j = 0; j < 4; j++) {
      const dvec x = widen(load(t + i + j * WIDTH));
      sum[j] += x * x;
    }
  for (; i < n; i += WIDTH) {
    const dvec x = widen(load_left(t + i, n - i, 0));
    sum[0] += x * x;
  }
  return sum_lanes_double((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

/*
 * A mean of gradients that stay 0, as those of dead units do, fades for ever: below the smallest normal number, where
 * arithmetic takes many times as long, it counts as 0.
 */
INLINE vec faded(vec mean) { return choose(absolute(mean) < splat(0x1p-126f), splat(0.f), mean); }

/* w ← w - lr·g */
static void sgd(float *w, const float *g, isize n, float lr) {
  EACH_VECTOR(n) store_left(w + i, mul_add(splat(-lr), load(g + i), load(w + i)), n - i);
}

/* v ← αv - lr·g, w ← w + v */
static void momentum(float *w, const float *g, float *v, isize n, float lr, float alpha) {
  EACH_VECTOR(n) {
    vec velocity = faded(mul_add(splat(alpha), load(v + i), splat(-lr) * load(g + i)));
    store_left(v + i, velocity, n - i);
    store_left(w + i, load(w + i) + velocity, n - i);
  }
}

/* v ← αv - lr·g, w ← w + αv - lr·g */
static void nesterov(float *w, const float *g, float *v, isize n, float lr, float alpha) {
  EACH_VECTOR(n) {
    vec pull = splat(-lr) * load(g + i), velocity = faded(mul_add(splat(alpha), load(v + i), pull));
    store_left(v + i, velocity, n - i);
    store_left(w + i, load(w + i) + mul_add(splat(alpha), velocity, pull), n - i);
  }
}

/* h ← h + g², w ← w - lr·g/(√h + ε) */
static void adagrad(float *w, const float *g, float *h, isize n, float lr, float epsilon) {
  EACH_VECTOR(n) {
    vec gradient = load(g + i), sum = mul_add(gradient, gradient, load(h + i));
    store_left(h + i, sum, n - i);
    store_left(w + i, load(w + i) - splat(lr) * gradient / (root(sum) + splat(epsilon)), n - i);
  }
}

/* h ← ρh + (1 - ρ)g², w ← w - lr·g/(√h + ε) */
static void rmsprop(float *w, const float *g, float *h, isize n, float lr, float rho, float rest, float epsilon) {
  EACH_VECTOR(n) {
    vec gradient = load(g + i), mean = faded(mul_add(splat(rho), load(h + i), splat(rest) * (gradient * gradient)));
    store_left(h + i, mean, n - i);
    store_left(w + i, load(w + i) - splat(lr) * gradient / (root(mean) + splat(epsilon)), n - i);
  }
}

/* Kingma and Ba, "Adam" (2015), algorithm 1:
 * m ← β₁m + (1 - β₁)g, v ← β₂v + (1 - β₂)g², w ← w - lr·m̂/(√v̂ + ε) with m̂ = m/(1 - β₁ᵗ), v̂ = v/(1 - β₂ᵗ).
 * AdamW (Loshchilov and Hutter, 2019) also takes decay·w off w. */
static void adam(float *w, const float *g, float *m, float *v, isize n, double lr, double beta1, double beta2,
                 double epsilon, double correction1, double correction2, double decay) {
  const vec b1 = splat((float)beta1), b2 = splat((float)beta2);
  const vec rest1 = splat((float)(1 - beta1)), rest2 = splat((float)(1 - beta2));
  /* lr·(m/c₁)/(√(v/c₂) + ε) = (lr/c₁)·m/(√(v·(1/c₂)) + ε) */
  const vec step = splat((float)(lr / correction1)), unbias = splat((float)(1 / correction2));
  const vec keep = splat((float)(1 - decay)), small = splat((float)epsilon);
  EACH_VECTOR(n) {
    vec gradient = load(g + i);
    vec mean = faded(mul_add(b1, load(m + i), rest1 * gradient));
    vec square = faded(mul_add(b2, load(v + i), rest2 * (gradient * gradient)));
    store_left(m + i, mean, n - i);
    store_left(v + i, square, n - i);
    vec change = step * mean / (root(square * unbias) + small);
    store_left(w + i, mul_add(keep, load(w + i), -change), n - i);
  }
}

#endif
