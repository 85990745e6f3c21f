/*
 * The Node-API addon (version 8 of the API: it loads in every Node and Electron in use). It exports
 *   levels                     the instruction sets it was compiled for and this CPU has, best last
 *   addressOf(view)            where a typed array lies in memory
 *   useLargePages(view)        asks the system to keep a long one, of uint8 or of four bytes a value, in large pages
 *   bind(level, block)         the kernels of one instruction set, as functions without parameters that read
 *                              their arguments from `block`, a Float64Array that must live as long as they do
 */
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#endif

#include "kernels.h"

/* Below this, a few large pages would hold little. */
#define LARGE_BYTES (4u << 20)

struct level {
  const char *name;
  const struct kernel *kernels;
};

#if defined(__x86_64__) || defined(_M_X64)
static const struct level LEVELS[] = {{"avx2", avx2}, {"avx512", avx512}};
static bool supported(const char *name) {
  __builtin_cpu_init();
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (strcmp(name, "avx2") == 0) return has_avx2;
  return has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}
#else
static const struct level LEVELS[] = {{"neon", neon}};
static bool supported(const char *name) {
  (void)name;
  return true;
}
#endif
enum { LEVEL_COUNT = sizeof LEVELS / sizeof *LEVELS };

/* Gives up with a JavaScript exception; the caller returns NULL. */
static napi_value fail(napi_env env, const char *message) {
  napi_throw_error(env, NULL, message);
  return NULL;
}

struct bound {
  void (*run)(double *block);
  double *block;
};
static void release(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  free(data);
}

static napi_value run(napi_env env, napi_callback_info info) {
  void *data;
  if (napi_get_cb_info(env, info, NULL, NULL, NULL, &data) != napi_ok) return fail(env, "kernel called without its data");
  const struct bound *bound = data;
  bound->run(bound->block);
  return NULL;
}

static napi_value bind(napi_env env, napi_callback_info info) {
  size_t argc = 2, length = 0;
  napi_value argv[2], result;
  char name[16];
  napi_typedarray_type type;
  void *block;
  if (napi_get_cb_info(env, info, &argc, argv, NULL, NULL) != napi_ok || argc != 2 ||
      napi_get_value_string_utf8(env, argv[0], name, sizeof name, NULL) != napi_ok ||
      napi_get_typedarray_info(env, argv[1], &type, &length, &block, NULL, NULL) != napi_ok ||
      type != napi_float64_array || length < BLOCK_LENGTH)
    return fail(env, "bind: expected the name of a level and a Float64Array for the arguments");
  for (int i = 0; i < LEVEL_COUNT; i++) {
    if (strcmp(LEVELS[i].name, name) != 0 || !supported(name)) continue;
    if (napi_create_object(env, &result) != napi_ok) return fail(env, "bind: cannot create an object");
    for (const struct kernel *kernel = LEVELS[i].kernels; kernel->name; kernel++) {
      struct bound *bound = malloc(sizeof *bound);
      napi_value function;
      if (!bound) return fail(env, "bind: out of memory");
      *bound = (struct bound){kernel->run, block};
      if (napi_create_function(env, kernel->name, NAPI_AUTO_LENGTH, run, bound, &function) != napi_ok ||
          napi_add_finalizer(env, function, bound, release, NULL, NULL) != napi_ok) {
        free(bound);
        return fail(env, "bind: cannot create a function");
      }
      if (napi_set_named_property(env, result, kernel->name, function) != napi_ok)
        return fail(env, "bind: cannot set a property");
    }
    return result;
  }
  return fail(env, "bind: this CPU or this build does not have the level asked for");
}

static napi_value address_of(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value argv[1], result;
  void *data;
  if (napi_get_cb_info(env, info, &argc, argv, NULL, NULL) != napi_ok || argc != 1 ||
      napi_get_typedarray_info(env, argv[0], NULL, NULL, &data, NULL, NULL) != napi_ok ||
      napi_create_double(env, (double)(uintptr_t)data, &result) != napi_ok)
    return fail(env, "addressOf: expected a typed array");
  return result;
}

/*
 * Rows picked at random and matrices of many megabytes touch a new page every few cache lines; in large pages that
 * costs far fewer look-ups of addresses. This is advice: where the system does not take it, nothing is lost but time.
 * Pages in use already are collapsed by Linux 6.1 and later.
 */
static napi_value use_large_pages(napi_env env, napi_callback_info info) {
  size_t argc = 1, length;
  napi_value argv[1];
  napi_typedarray_type type;
  void *data;
  if (napi_get_cb_info(env, info, &argc, argv, NULL, NULL) != napi_ok || argc != 1 ||
      napi_get_typedarray_info(env, argv[0], &type, &length, &data, NULL, NULL) != napi_ok)
    return fail(env, "useLargePages: expected a typed array");
#if defined(__linux__)
  const size_t bytes = type == napi_uint8_array ? length : 4 * length;
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  const uintptr_t first = ((uintptr_t)data + page - 1) / page * page, end = ((uintptr_t)data + bytes) / page * page;
  if (bytes >= LARGE_BYTES) {
    madvise((void *)first, end - first, MADV_HUGEPAGE);
    madvise((void *)first, end - first, MADV_COLLAPSE);
  }
#endif
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_value levels, name, function;
  uint32_t count = 0;
  if (napi_create_array(env, &levels) != napi_ok) return fail(env, "cannot create an array");
  for (int i = 0; i < LEVEL_COUNT; i++)
    if (supported(LEVELS[i].name) &&
        (napi_create_string_utf8(env, LEVELS[i].name, NAPI_AUTO_LENGTH, &name) != napi_ok ||
         napi_set_element(env, levels, count++, name) != napi_ok))
      return fail(env, "cannot list the levels");
  if (napi_set_named_property(env, exports, "levels", levels) != napi_ok ||
      napi_create_function(env, "addressOf", NAPI_AUTO_LENGTH, address_of, NULL, &function) != napi_ok ||
      napi_set_named_property(env, exports, "addressOf", function) != napi_ok ||
      napi_create_function(env, "useLargePages", NAPI_AUTO_LENGTH, use_large_pages, NULL, &function) != napi_ok ||
      napi_set_named_property(env, exports, "useLargePages", function) != napi_ok ||
      napi_create_function(env, "bind", NAPI_AUTO_LENGTH, bind, NULL, &function) != napi_ok ||
      napi_set_named_property(env, exports, "bind", function) != napi_ok)
    return fail(env, "cannot export the kernels");
  return exports;
}
