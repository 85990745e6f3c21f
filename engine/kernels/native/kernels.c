/*
 * Every kernel, for one instruction set: compiled for WebAssembly as a module, natively once per instruction set
 * with LEVEL its name. TypeScript writes a call's arguments into a block of float64 (pointers, sizes and numbers
 * alike, in the order given here) and calls a function without parameters; a result comes back in the block's first
 * place. That way a call makes no objects and costs the same in both worlds. ../compiled writes the blocks.
 *
 * To read: vector.h (what the instruction sets differ in), panel.h and gemm.h (where the time goes), then the others.
 * After a change run scripts/build-wasm.mjs; the native addon is rebuilt by itself.
 */
#include "kernels.h"

#include "affine.h"
#include "batch-norm.h"
#include "losses.h"
#include "optimizers.h"
#include "pooled-convolution.h"
#include "rows.h"

#define FLOATS(i) ((float *)(uintptr_t)block[i])
#define INTS(i) ((int32_t *)(uintptr_t)block[i])
#define BYTES(i) ((const uint8_t *)(uintptr_t)block[i])
#define SIZE(i) ((isize)block[i])
#define CODE(i) ((int)block[i])
#define FLOAT(i) ((float)block[i])
#define BITS(i) ((uint32_t)block[i])
/* Eight sizes: channels, height, width, kernel, stride, padding, height and width of the output. */
#define WINDOW(i) \
  &(struct window){SIZE(i), SIZE(i + 1), SIZE(i + 2), SIZE(i + 3), SIZE(i + 4), SIZE(i + 5), SIZE(i + 6), SIZE(i + 7)}

/* CALL(name, arguments), RESULT where the function returns a number. */
#define KERNELS(CALL, RESULT) \
  RESULT(gather_bytes, BYTES(0), SIZE(1), FLOATS(2), FLOATS(3), INTS(4), SIZE(5), SIZE(6), FLOATS(7)) \
  RESULT(gather_floats, FLOATS(0), SIZE(1), FLOATS(2), FLOATS(3), INTS(4), SIZE(5), SIZE(6), FLOATS(7)) \
  CALL(expect_rows, BYTES(0), SIZE(1), INTS(2), SIZE(3), SIZE(4)) \
  CALL(affine_forward, FLOATS(0), FLOATS(1), FLOATS(2), FLOATS(3), SIZE(4), SIZE(5), SIZE(6), CODE(7), FLOAT(8)) \
  CALL(affine_backward, FLOATS(0), FLOATS(1), FLOATS(2), FLOATS(3), FLOATS(4), FLOATS(5), SIZE(6), SIZE(7), SIZE(8)) \
  CALL(activation_forward, CODE(0), FLOATS(1), FLOATS(2), SIZE(3), FLOAT(4)) \
  CALL(activation_backward, CODE(0), FLOATS(1), FLOATS(2), FLOATS(3), SIZE(4), FLOAT(5)) \
  CALL(conv2d_forward, WINDOW(0), SIZE(8), FLOATS(9), FLOATS(10), FLOATS(11), FLOATS(12), SIZE(13), CODE(14), FLOAT(15)) \
  CALL(conv2d_backward, WINDOW(0), SIZE(8), FLOATS(9), FLOATS(10), FLOATS(11), FLOATS(12), FLOATS(13), FLOATS(14), \
       SIZE(15)) \
  CALL(conv2d_max_pool_forward, WINDOW(0), SIZE(8), FLOATS(9), FLOATS(10), FLOATS(11), FLOATS(12), WINDOW(13), FLOATS(21), \
       INTS(22), SIZE(23), CODE(24), FLOAT(25), CODE(26)) \
  CALL(conv2d_max_pool_backward, WINDOW(0), SIZE(8), FLOATS(9), FLOATS(10), FLOATS(11), WINDOW(12), FLOATS(20), INTS(21), \
       FLOATS(22), FLOATS(23), FLOATS(24), FLOATS(25), SIZE(26), CODE(27), FLOAT(28)) \
  CALL(max_pool_forward, WINDOW(0), FLOATS(8), FLOATS(9), INTS(10), SIZE(11)) \
  CALL(max_pool_backward, WINDOW(0), INTS(8), FLOATS(9), FLOATS(10), SIZE(11)) \
  CALL(avg_pool_forward, WINDOW(0), FLOATS(8), FLOATS(9), SIZE(10)) \
  CALL(avg_pool_backward, WINDOW(0), FLOATS(8), FLOATS(9), SIZE(10)) \
  CALL(batch_norm_train, FLOATS(0), FLOATS(1), FLOATS(2), FLOATS(3), FLOATS(4), FLOATS(5), FLOATS(6), FLOATS(7), SIZE(8), \
       SIZE(9), SIZE(10), block[11], FLOAT(12)) \
  CALL(batch_norm_infer, FLOATS(0), FLOATS(1), FLOATS(2), FLOATS(3), FLOATS(4), FLOATS(5), SIZE(6), SIZE(7), SIZE(8), \
       FLOAT(9)) \
  CALL(batch_norm_backward, FLOATS(0), FLOATS(1), FLOATS(2), FLOATS(3), FLOATS(4), FLOATS(5), FLOATS(6), SIZE(7), SIZE(8), \
       SIZE(9)) \
  CALL(dropout, FLOATS(0), FLOATS(1), SIZE(2), BITS(3), FLOAT(4), BITS(5), BITS(6)) \
  CALL(softmax, FLOATS(0), FLOATS(1), SIZE(2), SIZE(3)) \
  CALL(softmax_backward, FLOATS(0), FLOATS(1), FLOATS(2), SIZE(3), SIZE(4)) \
  RESULT(softmax_cross_entropy, FLOATS(0), INTS(1), FLOATS(2), INTS(3), SIZE(4), SIZE(5), block[6]) \
  RESULT(elementwise_loss, CODE(0), FLOATS(1), FLOATS(2), FLOATS(3), SIZE(4), SIZE(5), FLOAT(6)) \
  CALL(add_scaled, FLOATS(0), FLOATS(1), SIZE(2), FLOAT(3)) \
  CALL(scale, FLOATS(0), SIZE(1), FLOAT(2)) \
  RESULT(sum_squares, FLOATS(0), SIZE(1)) \
  CALL(sgd, FLOATS(0), FLOATS(1), SIZE(2), FLOAT(3)) \
  CALL(momentum, FLOATS(0), FLOATS(1), FLOATS(2), SIZE(3), FLOAT(4), FLOAT(5)) \
  CALL(nesterov, FLOATS(0), FLOATS(1), FLOATS(2), SIZE(3), FLOAT(4), FLOAT(5)) \
  CALL(adagrad, FLOATS(0), FLOATS(1), FLOATS(2), SIZE(3), FLOAT(4), FLOAT(5)) \
  CALL(rmsprop, FLOATS(0), FLOATS(1), FLOATS(2), SIZE(3), FLOAT(4), FLOAT(5), FLOAT(6), FLOAT(7)) \
  CALL(adam, FLOATS(0), FLOATS(1), FLOATS(2), FLOATS(3), SIZE(4), block[5], block[6], block[7], block[8], block[9], \
       block[10], block[11])

#ifdef __wasm__

static double block[BLOCK_LENGTH];
__attribute__((export_name("argument_block"))) double *argument_block(void) { return block; }
#define CALL(NAME, ...) __attribute__((export_name(#NAME))) void call_##NAME(void) { NAME(__VA_ARGS__); }
#define RESULT(NAME, ...) __attribute__((export_name(#NAME))) void call_##NAME(void) { block[0] = NAME(__VA_ARGS__); }
KERNELS(CALL, RESULT)

#else

#define CALL(NAME, ...) static void call_##NAME(double *block) { NAME(__VA_ARGS__); }
#define RESULT(NAME, ...) static void call_##NAME(double *block) { block[0] = NAME(__VA_ARGS__); }
KERNELS(CALL, RESULT)
#define ENTRY(NAME, ...) {#NAME, call_##NAME},
const struct kernel LEVEL[] = {KERNELS(ENTRY, ENTRY){0, 0}};

#endif
