/** Waits for all of them, even if one fails before the others are done. Rejects with the first failure then. */
export async function settleAll(all: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(all);
  await Promise.all(all);
}
