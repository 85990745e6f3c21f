/* What the addon knows of the kernels: one table per instruction set it was compiled for. */
#ifndef DESCENT_KERNELS_H
#define DESCENT_KERNELS_H

/* Room for the arguments of any kernel. BLOCK_LENGTH in compiled/module.ts. */
#define BLOCK_LENGTH 32

struct kernel {
  const char *name;
  void (*run)(double *block);
};
/* Each ends with an entry without a name. */
extern const struct kernel avx2[], avx512[], neon[];

#endif
