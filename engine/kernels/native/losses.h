/* Softmax and the losses. Sums of losses are float64, everything per element float32. */
#ifndef DESCENT_LOSSES_H
#define DESCENT_LOSSES_H

#include "vector.h"

/* Σ e^{x - max x} of one row of n values; the terms go to y unless it is NULL. */
INLINE double exponentials(const float *x, float *y, isize n, float *max) {
  const float none = -__builtin_inff();
  vec largest = load_left(x, n, none);
  for (isize j = WIDTH; j < n; j += WIDTH) largest = maximum(largest, load_left(x + j, n - j, none));
  *max = max_lanes(largest);
  double sum = 0;
  for (isize j = 0; j < n; j += WIDTH) {
    const vec e = vexp(load_left(x + j, n - j, none) - splat(*max));
    if (y) store_left(y + j, e, n - j);
    sum += sum_lanes_double(e);
  }
  return sum;
}

/* y = e^x / Σ e^x per row */
static void softmax(const float *x, float *y, isize rows, isize columns) {
  for (isize r = 0; r < rows; r++, x += columns, y += columns) {
    float max;
    const vec share = splat((float)(1 / exponentials(x, y, columns, &max)));
    for (isize j = 0; j < columns; j += WIDTH) store_left(y + j, load(y + j) * share, columns - j);
  }
}

/* dx = y·(dy - Σ y·dy) per row */
static void softmax_backward(const float *y, const float *dy, float *dx, isize rows, isize columns) {
  for (isize r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
    vec dot = splat(0.f);
    for (isize j = 0; j < columns; j += WIDTH)
      dot = mul_add(load_left(y + j, columns - j, 0), load_left(dy + j, columns - j, 0), dot);
    const vec mean = splat(sum_lanes(dot));
    for (isize j = 0; j < columns; j += WIDTH)
      store_left(dx + j, load(y + j) * (load(dy + j) - mean), columns - j);
  }
}

/*
 * loss = ln Σ e^{x - max} + max - Σ target·x, target = (1 - s)·[j = label] + s/classes, summed over the rows;
 * gradient (softmax - target)/rows, or NULL when only the loss is wanted.
 * NaN for a label that is no class.
 */
static double softmax_cross_entropy(const float *x, const int32_t *labels, float *gradient, int32_t *correct,
                                    isize rows, isize classes, double smoothing) {
  const double uniform = smoothing / (double)classes;
  const float share = (float)(uniform / (double)rows), hit = (float)((1 - smoothing) / (double)rows);
  double loss = 0;
  int32_t right = 0;
  for (isize r = 0; r < rows; r++, x += classes) {
    const isize label = labels[r];
    if (label < 0 || label >= classes) return __builtin_nan("");
    float max;
    const double sum = exponentials(x, gradient, classes, &max);
    loss += log_double(sum) + max - (1 - smoothing) * x[label];
    if (smoothing > 0)
      for (isize j = 0; j < classes; j++) loss -= uniform * x[j];
    isize first = 0;
    while (first < label && x[first] < max) first++;
    right += first == label && x[label] == max;
    if (gradient) {
      const vec factor = splat((float)(1 / (sum * (double)rows)));
      for (isize j = 0; j < classes; j += WIDTH)
        store_left(gradient + j, load(gradient + j) * factor - splat(share), classes - j);
      gradient[label] -= hit;
      gradient += classes;
    }
  }
  *correct = right;
  return loss;
}

/* The order of ELEMENTWISE_LOSSES in compiled/losses.ts. */
enum elementwise_loss { MSE, MAE, HUBER, BINARY_CROSS_ENTROPY, HINGE, EXPONENTIAL };

/*
 * Loss and gradient of one vector of outputs o against targets t:
 * mse ½(o - t)²; mae |o - t|; huber ½d² up to δ, then δ(|d| - ½δ); binary cross-entropy on logits
 * max(o, 0) - o·t + ln(1 + e^{-|o|}), gradient σ(o) - t; with t read as y = ±1: hinge max(0, 1 - y·o), exponential e^{-y·o}.
 */
INLINE vec element_loss(const int kind, vec o, vec t, vec delta, vec *gradient) {
  const vec zero = splat(0.f), one = splat(1.f), half = splat(0.5f), d = o - t, y = t + t - one;
  switch (kind) {
    case MSE: *gradient = d; return half * d * d;
    case MAE:
      *gradient = choose(d > zero, one, choose(d < zero, -one, d));
      return absolute(d);
    case HUBER:
      *gradient = maximum(-delta, minimum(delta, d));
      return choose(absolute(d) <= delta, half * d * d, delta * (absolute(d) - half * delta));
    case BINARY_CROSS_ENTROPY:
      *gradient = vsigmoid(o) - t;
      return maximum(zero, o) - o * t + vlog1p(vexp(-absolute(o)));
    case HINGE: {
      const vec margin = one - y * o;
      *gradient = choose(margin > zero, -y, choose(margin <= zero, zero, margin));
      return maximum(zero, margin);
    }
    default: {
      const vec e = vexp(-(y * o));
      *gradient = -(y * e);
      return e;
    }
  }
}

static double elementwise_loss(int kind, const float *o, const float *t, float *gradient, isize rows, isize columns,
                               float parameter) {
  const isize count = rows * columns;
  const vec delta = splat(parameter), mean = splat((float)(1 / (double)rows));
  double total = 0;
#define LOOP(KIND) \
  for (isize i = 0; i < count; i += WIDTH) { \
    vec slope, loss = element_loss(KIND, load(o + i), load(t + i), delta, &slope); \
    for (isize j = 0; j < WIDTH && i + j < count; j++) total += (double)loss[j]; \
    if (gradient) store_left(gradient + i, slope * mean, count - i); \
  }
  switch (kind) {
    case MSE: LOOP(MSE) break;
    case MAE: LOOP(MAE) break;
    case HUBER: LOOP(HUBER) break;
    case BINARY_CROSS_ENTROPY: LOOP(BINARY_CROSS_ENTROPY) break;
    case HINGE: LOOP(HINGE) break;
    default: LOOP(EXPONENTIAL) break;
  }
#undef LOOP
  return total;
}

#endif
