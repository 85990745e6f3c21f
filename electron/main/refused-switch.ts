/** Debugging switches a package for people does not start with. */

/** Each of these hands the page to any local process; a package for people refuses to start with them. */
const DEBUGGING_SWITCHES = ['remote-debugging-port', 'remote-debugging-pipe', 'remote-debugging-address'] as const;

/** The debugging switch a packaged app was started with, or null. */
export function refusedSwitch(
  hasSwitch: (name: string) => boolean,
  build: { readonly packaged: boolean; readonly test: boolean },
): string | null {
  if (!build.packaged || build.test) return null;
  return DEBUGGING_SWITCHES.find((name) => hasSwitch(name)) ?? null;
}
