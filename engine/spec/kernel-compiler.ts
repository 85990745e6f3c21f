/** Native kernels of two compilers may differ in the last bit; all others are the same everywhere. */

/**
 * "clang 19.1.7", from the name and the description of kernels; null for those that are not native, and where the
 * description does not say.
 */
export function compilerOf(name: string, description: string): string | null {
  if (!name.startsWith('native-')) return null;
  const [, compiler = null] = /, (.+)$/.exec(description) ?? [];
  return compiler;
}
