/** Command-line switches of Chromium that change how safe the app is. */

import { app } from 'electron';
import { TEST_BUILD } from './build-constants.ts';
import { refusedSwitch } from './refused-switch.ts';

/** True when Chromium's sandbox was switched off from outside, as it must be for root. */
export function sandboxIsOff(): boolean {
  return app.commandLine.hasSwitch('no-sandbox') || process.env['ELECTRON_DISABLE_SANDBOX'] !== undefined;
}

/** Ends the process at once when it was started with a switch it refuses. Call first. */
export function refuseDebugging(): void {
  const name = refusedSwitch((s) => app.commandLine.hasSwitch(s), { packaged: app.isPackaged, test: TEST_BUILD });
  if (name === null) return;
  console.error(`Descent does not start with --${name}: it would let any program on this computer control the window`);
  app.exit(2);
}

/** Sandboxes every renderer, unless `--no-sandbox` was given: both together leave Chromium restarting for ever. */
export function enableSandbox(): void {
  if (!sandboxIsOff()) app.enableSandbox();
}

/** Why Chromium's sandbox is off, or null when it is on. */
export function sandboxProblem(): 'root' | 'switch' | null {
  if (!sandboxIsOff()) return null;
  return process.getuid?.() === 0 ? 'root' : 'switch';
}
