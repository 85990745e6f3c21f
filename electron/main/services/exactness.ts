/** Whether a run that goes on gives the numbers it would have given: same data, same kernels, same engine. */

import { joined, said, say, type Message } from '../../../engine/spec/message.ts';
import { ENGINE_VERSION } from '../../../engine/spec/engine-version.ts';
import { compilerOf } from '../../../engine/spec/kernel-compiler.ts';
import type { Surroundings } from '../../contract/job-tasks.ts';
import type { JobFolders } from '../../contract/jobs.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { ResumeChange } from '../../contract/runs.ts';
import type { ResumePoint } from '../../contract/store-requests.ts';
import type { TrainHost } from '../hosts/train-host-types.ts';

/** With what a run would go on. */
export interface Exactness {
  /** Kernels to go on with, by name. */
  readonly kernels: string;
  /** What is not as it was; [] when the numbers will be the same. */
  readonly changes: readonly ResumeChange[];
}

export interface ExactnessOptions {
  readonly host: TrainHost;
  readonly folders: JobFolders;
  /** Kernels a person asked for in place of the run's own; they know what they do. */
  readonly asked: string | undefined;
  /** Kernels for a run that has none yet. */
  readonly usual: string;
  /** True to go on whatever has changed. */
  readonly inexact: boolean;
}

/** Looks at data and kernels. Rejects with a StudioFailure `not_exact`, an issue for each change, unless told otherwise. */
export async function examine(point: ResumePoint, options: ExactnessOptions): Promise<Exactness> {
  const { host, folders, asked, usual, inexact } = options;
  const wanted = asked ?? point.kernels ?? usual;
  const now = await host.task('examine', { spec: point.spec, kernels: wanted, ...folders });
  if (now.note !== null && wanted !== point.kernels) throw new StudioFailure({ code: 'environment', ...now.note });
  const found: ({ path: ResumeChange; blocks: boolean } & Message)[] = [];
  if (point.dataSha256 !== null && point.dataSha256 !== now.dataSha256) {
    const message = say`the data is not what it was (SHA-256 ${point.dataSha256.slice(0, 8)} then, ${now.dataSha256.slice(0, 8)} now)`;
    found.push({ path: 'data', ...message, blocks: true });
  }
  const others = otherKernels(point, now);
  if (others !== null) {
    // Who asks for others by name knows that, but not who built those of the same name.
    found.push({ path: 'kernels', ...others, blocks: asked === undefined || point.kernels === now.kernels });
  }
  if (point.engine !== null && point.engine !== ENGINE_VERSION) {
    const message = say`it began with version ${point.engine} of the engine, this is ${ENGINE_VERSION}`;
    found.push({ path: 'version', ...message, blocks: true });
  }
  if (!inexact && found.some(({ blocks }) => blocks)) {
    const issues = found.map(({ path, ...message }) => ({ path, ...said(message) }));
    const reasons = joined(issues, '; ');
    const message = say`run #${point.summary.number} would not give the numbers it would have given: ${reasons}`;
    throw new StudioFailure({ code: 'not_exact', ...message, issues });
  }
  return { kernels: now.kernels, changes: found.map(({ path }) => path) };
}

/** How the kernels differ, null where they are the same as far as anybody knows. */
function otherKernels(point: ResumePoint, now: Surroundings): Message | null {
  if (point.kernels === null) return null;
  if (point.kernels !== now.kernels) {
    const message = say`it began with the kernels ${point.kernels} and would go on with ${now.kernels}`;
    return now.note === null ? message : say`${message} (${now.note})`;
  }
  const then = compilerOf(point.kernels, point.kernelsDescription ?? '');
  const today = compilerOf(now.kernels, now.kernelsDescription);
  if (then === null || today === null || then === today) return null;
  return say`it began with the kernels ${point.kernels} built by ${then}, here they are built by ${today}`;
}
