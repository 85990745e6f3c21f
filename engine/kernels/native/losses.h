/* Softmax and the losses. Sums of losses are float64, everything per element float32. */
#ifndef DESCENT_LOSSES_H
#define DESCENT_LOSSES_H

#include "vector.h"

/* Σ e^{x - max x} of one row of n values; the terms go to y unless it is NULL. Lanes beyond the row hold x[0]: an
 * e^{-infinity} there would be slow, like all arithmetic that underflows. */
INLINE double exponentials(const float *x, float *y, isize n, float *max) {
  vec largest = load_left(x, n, x[0]);
  for (isize j = WIDTH; j < n; j += WIDTH) largest = maximum(largest, load_left(x + j, n - j, x[0]));
  *max = max_lanes(largest);
  dvec sum = {0};
  for (isize j = 0; j < n; j += WIDTH) {
    const vec e = vexp(load_left(x + j, n - j, x[0]) - splat(*max));
    if (y) store_left(y + j, e, n - j);
    sum += widen(n - j >= WIDTH ? e : choose(first_lanes(n - j), e, splat(0.f)));
  }
  return sum_lanes_double(sum);
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
 * gradient (softmax - target)/rows, or NULL when only the loss is wanted. `one_vector`: a row fits one, and its
 * exponentials need not go through memory.
 */
INLINE double cross_entropy_rows(const int one_vector, const float *x, const int32_t *labels, float *gradient,
                                 int32_t *correct, isize rows, isize classes, double smoothing) {
  const double uniform = smoothing / (double)classes;
  const vec share = splat((float)(uniform / (double)rows)), hit = splat((float)((1 - smoothing) / (double)rows));
  const ivec lanes = *(const ivec *)LANES;
  const vec one = splat(1.f);
  double loss = 0, sums[64];
  int32_t right = 0;
  for (isize r = 0; r < rows; r++, x += classes) {
    const int32_t label = labels[r];
    if (label < 0 || label >= classes) return __builtin_nan("");
    float max;
    double sum;
    vec e = one;
    if (one_vector) {
      const ivec used = lanes < isplat((int32_t)classes);
      const vec row = choose(used, load(x), splat(x[0]));
      max = max_lanes(row);
      e = choose(used, vexp(row - splat(max)), splat(0.f));
      sum = sum_lanes_double(widen(e));
    } else
      sum = exponentials(x, gradient, classes, &max);
    loss += max - (1 - smoothing) * x[label];
    /* Logarithms wait for their neighbours, so that the processor can work at several at once. */
    sums[r % 64] = sum;
    if (r % 64 == 63 || r == rows - 1)
      for (isize i = 0; i <= r % 64; i++) loss += log_double(sums[i]);
    if (smoothing > 0)
      for (isize j = 0; j < classes; j++) loss -= uniform * x[j];
    /* Right when the label's logit is the largest and none before it is as large. */
    vec ahead = splat(0.f);
    const vec factor = splat((float)(1 / (sum * (double)rows)));
    for (isize j = 0; j < classes; j += WIDTH) {
      const ivec at = isplat(label - (int32_t)j);
      ahead = choose((load(x + j) >= splat(max)) & (lanes < at), one, ahead);
      if (!gradient) continue;
      const vec y = (one_vector ? e : load(gradient + j)) * factor;
      store_left(gradient + j, y - share - choose(lanes == at, hit, splat(0.f)), classes - j);
    }
    right += (x[label] == max) & (max_lanes(ahead) == 0.f);
    if (gradient) gradient += classes;
  }
  *correct = right;
  return loss;
}

/* NaN for a label that is no class. */
static double softmax_cross_entropy(const float *x, const int32_t *labels, float *gradient, int32_t *correct,
                                    isize rows, isize classes, double smoothing) {
  if (classes <= WIDTH) return cross_entropy_rows(1, x, labels, gradient, correct, rows, classes, smoothing);
  return cross_entropy_rows(0, x, labels, gradient, correct, rows, classes, smoothing);
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
