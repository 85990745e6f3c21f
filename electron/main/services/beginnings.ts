/** Runs that begin at another one: forks of a checkpoint, and the same run once more. */

import { say } from '../../../engine/spec/message.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { ForkStart } from '../../contract/jobs.ts';
import type { RunOrigin } from '../../contract/runs.ts';
import type { NewRun, ResumePoint } from '../../contract/store-requests.ts';
import type { StoreClient } from '../hosts/store-host.ts';
import type { RunId } from '../../../engine/spec/ids.ts';

/** Which run a new one comes from. `step` names a checkpoint of it; left out: the last. */
export interface BeginAt {
  readonly kind: RunOrigin['kind'];
  readonly id: RunId;
  readonly step?: number | undefined;
}

/** What a new run takes over from another one. */
export interface Beginning {
  readonly origin: NonNullable<NewRun['origin']>;
  /** The run whose data, kernels and engine the new one should have. */
  readonly like: ResumePoint;
  /** null: from nothing. */
  readonly forkFrom: ForkStart | null;
}

/** Reads what the new run begins from. Rejects with a StudioFailure (`not_found`, `conflict`). */
export async function readBeginning(store: StoreClient, { kind, id, step }: BeginAt): Promise<Beginning> {
  const like = await store.call('checkpoint:read', { id, step });
  if (kind === 'fork') {
    if (like.bytes === null) {
      throw new StudioFailure({
        code: 'conflict',
        ...say`run #${like.summary.number} has no checkpoint to fork from`,
      });
    }
    const origin = { kind, id, step: like.step, epoch: like.epoch };
    return { origin, like, forkFrom: { checkpoint: like.bytes, spec: like.spec } };
  }
  const first = like.summary.origin;
  if (first?.kind !== 'fork') return { origin: { kind, id, step: 0, epoch: 0 }, like, forkFrom: null };
  // A fork is repeated from where it began.
  const parent = await store.call('checkpoint:read', { id: first.id, step: first.step });
  const forkFrom = parent.bytes === null ? null : { checkpoint: parent.bytes, spec: parent.spec };
  return { origin: { kind, id, step: first.step, epoch: first.epoch }, like, forkFrom };
}

/** What a fork begins from that has not come to a checkpoint of its own yet; null for any other run. */
export async function beginningAgain(
  store: StoreClient,
  { bytes, summary }: ResumePoint,
): Promise<Pick<Beginning, 'forkFrom'>> {
  if (bytes !== null || summary.origin?.kind !== 'fork') return { forkFrom: null };
  const { id, step } = summary.origin;
  const { forkFrom } = await readBeginning(store, { kind: 'fork', id, step });
  return { forkFrom };
}
