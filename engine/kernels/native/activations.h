/* Element-wise activations and their derivatives, the derivative always from the output y alone. */
#ifndef DESCENT_ACTIVATIONS_H
#define DESCENT_ACTIVATIONS_H

#include "vector.h"

/* The order of ACTIVATIONS in compiled/module.ts. */
enum activation { NONE, RELU, LEAKY_RELU, ELU, SIGMOID, TANH, SOFTPLUS, STEP };

/* y = f(x). `parameter` is the slope of leaky-relu and the alpha of elu. NaN stays NaN, but for step. */
INLINE vec activate(const int kind, vec x, vec parameter) {
  const vec zero = splat(0.f);
  switch (kind) {
    case RELU: return maximum(zero, x);
    case LEAKY_RELU: return choose(x > zero, x, x * parameter);
    case ELU: return choose(x > zero, x, parameter * vexpm1(x));
    case SIGMOID: return vsigmoid(x);
    case TANH: return vtanh(x);
    case SOFTPLUS: return vsoftplus(x);
    case STEP: return choose(x > zero, splat(1.f), zero);
    default: return x;
  }
}

/* dx = dy·f'(x), f' written in y:
 * sigmoid y(1 - y), tanh 1 - y², elu y + alpha below 0, softplus 1 - e^{-y}; the step's is 0 everywhere. */
INLINE vec activation_slope(const int kind, vec y, vec dy, vec parameter) {
  const vec zero = splat(0.f), one = splat(1.f);
  switch (kind) {
    case RELU: return choose(y > zero, dy, zero);
    case LEAKY_RELU: return choose(y > zero, dy, dy * parameter);
    case ELU: return choose(y > zero, dy, dy * (y + parameter));
    case SIGMOID: return dy * (y * (one - y));
    case TANH: return dy * (one - y * y);
    case SOFTPLUS: return dy * -vexpm1(-y);
    case STEP: return zero;
    default: return dy;
  }
}

/* Expands to one loop per activation, so that each is compiled for its own formula. */
#define EACH_ACTIVATION(LOOP) \
  switch (kind) { \
    case RELU: LOOP(RELU) break; \
    case LEAKY_RELU: LOOP(LEAKY_RELU) break; \
    case ELU: LOOP(ELU) break; \
    case SIGMOID: LOOP(SIGMOID) break; \
    case TANH: LOOP(TANH) break; \
    case SOFTPLUS: LOOP(SOFTPLUS) break; \
    case STEP: LOOP(STEP) break; \
    default: LOOP(NONE) break; \
  }

NOINLINE void activation_forward(int kind, const float *x, float *y, isize count, float parameter) {
  const vec p = splat(parameter);
#define LOOP(KIND) for (isize i = 0; i < count; i += WIDTH) store_left(y + i, activate(KIND, load(x + i), p), count - i);
  EACH_ACTIVATION(LOOP)
#undef LOOP
}

NOINLINE void activation_backward(int kind, const float *y, const float *dy, float *dx, isize count, float parameter) {
  const vec p = splat(parameter);
#define LOOP(KIND) \
  for (isize i = 0; i < count; i += WIDTH) \
    store_left(dx + i, activation_slope(KIND, load(y + i), load(dy + i), p), count - i);
  EACH_ACTIVATION(LOOP)
#undef LOOP
}

#endif
