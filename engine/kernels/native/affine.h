/* Affine layers: y = x·w + b. */
#ifndef DESCENT_AFFINE_H
#define DESCENT_AFFINE_H

#include "gemm.h"

/* sums[j] = Σ_r a[r, j], in blocks of rows so that a long column loses no precision. */
NOINLINE void column_sums(const float *a, isize rows, isize columns, float *sums) {
  for (isize j = 0; j < columns; j += WIDTH) {
    vec total = splat(0.f);
    for (isize from = 0; from < rows; from += 128) {
      const isize to = from + 128 < rows ? from + 128 : rows;
      vec sum = splat(0.f);
      for (isize r = from; r < to; r++) sum += load(a + r * columns + j);
      total += sum;
    }
    store_left(sums + j, total, columns - j);
  }
}

/* y = activation(x·w + b), x (rows, in), w (in, out) */
static void affine_forward(const float *x, const float *w, const float *b, float *y, isize rows, isize in, isize out,
                           int activation, float parameter) {
  multiply(&(struct product){.m = rows, .n = out, .k = in, .a = x, .a_stride = in, .b = w, .b_stride = out,
                             .c = y, .c_stride = out, .bias = b, .activation = activation, .parameter = parameter});
}

/* dw = xᵀ·dy, db = column sums of dy, dx = dy·wᵀ unless dx is NULL */
static void affine_backward(const float *x, const float *w, const float *dy, float *dw, float *db, float *dx,
                            isize rows, isize in, isize out) {
  multiply(&(struct product){.m = in, .n = out, .k = rows, .a = x, .a_stride = in, .a_transposed = 1,
                             .b = dy, .b_stride = out, .c = dw, .c_stride = out});
  column_sums(dy, rows, out, db);
  if (dx)
    multiply(&(struct product){.m = rows, .n = in, .k = out, .a = dy, .a_stride = out,
                               .b = w, .b_stride = out, .b_transposed = 1, .c = dx, .c_stride = in});
}

#endif
