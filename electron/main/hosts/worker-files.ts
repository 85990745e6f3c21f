/** Where the workers' code lies: in the build, or in the source tree when run from there. */

export type WorkerName = 'store' | 'train';

/**
 * File of a worker. `from` is the caller's `import.meta.url`: a `.ts` file means the source tree, anything else the
 * build, whose programs lie in folders side by side with the workers in `electron` (scripts/build.mjs).
 */
export function workerFile(name: WorkerName, from: string): URL {
  const fromSource = new URL(from).pathname.endsWith('.ts');
  return fromSource
    ? new URL(`../../workers/${name}.worker.ts`, import.meta.url)
    : new URL(`../electron/${name}.worker.cjs`, from);
}
