/** The machine and the programs a run begins on, for its card. */

import { arch, availableParallelism, cpus, release, type } from 'node:os';
import { ENGINE_VERSION } from '../../engine/spec/engine-version.ts';
import type { SystemInfo } from '../contract/runs.ts';

/** The machine and the programs a run is trained with. */
export function systemInfo(): SystemInfo {
  const model = cpus()[0]?.model.trim() ?? '';
  return {
    cpu: model === '' ? 'unknown' : model,
    cores: availableParallelism(),
    os: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    electron: process.versions['electron'] ?? null,
    engine: ENGINE_VERSION,
  };
}
