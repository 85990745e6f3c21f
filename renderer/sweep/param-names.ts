/** What parameters are called where there is no room for their paths: "lr" for "optimizer.lr". */

/** Short names by path, each of them once; a name two paths would share is written longer. */
export function paramNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const longest = Math.max(0, ...paths.map((path) => path.split('.').length));
  let left = [...paths];
  for (let parts = 1; parts <= longest && left.length > 0; parts++) {
    const wanted = left.map((path) => shortName(path, parts));
    const taken = new Set(names.values());
    const unique = (name: string): boolean => !taken.has(name) && wanted.filter((other) => other === name).length === 1;
    left.forEach((path, i) => {
      const name = wanted[i] ?? path;
      if (unique(name)) names.set(path, name);
    });
    left = left.filter((path) => !names.has(path));
  }
  for (const path of left) names.set(path, path);
  // In the order asked for.
  return new Map(paths.map((path) => [path, names.get(path) ?? path]));
}

/** The last parts of a path. A kind goes by what it is the kind of, a layer's place does not stand alone. */
function shortName(path: string, parts: number): string {
  const all = path.split('.');
  if (all.at(-1) === 'type' && all.length > 1) all.pop();
  let from = Math.max(0, all.length - parts);
  while (from > 0 && /^\d+$/.test(all[from] ?? '')) from--;
  return all.slice(from).join('.');
}
