/*
 * The rows of the next batch, fetched into the cache while the matrices of this one are multiplied: they lie anywhere in
 * the data set, and waiting for memory would cost a small network a fifth of its step. Only time depends on it.
 */
#ifndef DESCENT_LOOK_AHEAD_H
#define DESCENT_LOOK_AHEAD_H

#include "vector.h"

#ifdef __wasm__ /* which cannot ask for memory ahead of time */

INLINE void prefetch(const void *from, isize bytes) { (void)from, (void)bytes; }
INLINE void expect_row(const void *row, isize bytes) { (void)row, (void)bytes; }
INLINE void expect_nothing(void) {}
struct expected_rows;
INLINE struct expected_rows *rows_expected(void) { return NULL; }
INLINE void look_ahead(struct expected_rows *e, isize products) { (void)e, (void)products; }

#else

#define CACHE_LINE 64
INLINE void prefetch(const void *from, isize bytes) {
  for (isize i = 0; i < bytes; i += CACHE_LINE) __builtin_prefetch((const char *)from + i);
}

/* Addresses, and never followed: whoever owned the rows may be gone, which a prefetch does not mind. */
#define MOST_EXPECTED 512
struct expected_rows {
  isize count, row, at; /* bytes of the row asked for already */
  isize bytes;
  const char *rows[MOST_EXPECTED];
};
static _Thread_local struct expected_rows expected;

INLINE void expect_nothing(void) { expected.count = expected.row = expected.at = 0; }
INLINE void expect_row(const void *row, isize bytes) {
  if (expected.count == MOST_EXPECTED) return;
  expected.rows[expected.count++] = row;
  expected.bytes = bytes;
}

INLINE struct expected_rows *rows_expected(void) { return &expected; }

/*
 * Asks for a few lines more, about as many as memory delivers while so many vectors are multiplied. Few at a time: a
 * processor that waits for two dozen lines waits with everything else, too. Into the nearest cache, though they will
 * not stay there: some processors take longer over lines meant for the second one alone.
 */
#define PRODUCTS_PER_LINE 96
INLINE void look_ahead(struct expected_rows *e, isize products) {
  for (isize lines = products / PRODUCTS_PER_LINE; lines > 0 && e->row < e->count; lines--) {
    __builtin_prefetch(e->rows[e->row] + e->at, 0, 3);
    e->at += CACHE_LINE;
    if (e->at >= e->bytes) e->at = 0, e->row++;
  }
}

#endif
#endif
