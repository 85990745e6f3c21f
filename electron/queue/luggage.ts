/** What a run needs of this machine's disk, packed once, for workers that have other disks. */

import type { JobFolders } from '../contract/jobs.ts';
import { StudioFailure } from '../contract/outcome.ts';
import type { TrainHost } from '../main/hosts/train-host-types.ts';
import type { RunSpec } from '../../engine/spec/run-spec.ts';
import { FileSender, MOST_FILE_BYTES } from './file-shelf.ts';
import type { FileReference, Order } from './protocol.ts';
import type { RedisLink } from './redis-link.ts';

type Packed = Pick<Order, 'data' | 'initialWeights'>;

/** The owner's end: packs data and initial weights, and sends them to whoever lacks them. */
export class Luggage {
  readonly #local: TrainHost;
  readonly #sender: FileSender;
  readonly #packed = new Map<string, Promise<Packed>>();
  readonly #mostBytes: number;

  constructor(link: RedisLink, local: TrainHost, mostBytes = MOST_FILE_BYTES) {
    this.#local = local;
    this.#sender = new FileSender(link);
    this.#mostBytes = mostBytes;
  }

  /** A file is read once: all trials of a sweep see the set as it was then. Rejects with a StudioFailure. */
  pack({ spec, baseFolder, datasetsFolder }: JobFolders & { readonly spec: RunSpec }): Promise<Packed> {
    // The seed of the split is also that of sets that are computed.
    const key = JSON.stringify([spec.data.source, spec.data.splitSeed, spec.initialWeights, baseFolder]);
    const known = this.#packed.get(key);
    if (known !== undefined) return known;
    const packing = this.#pack(spec, { baseFolder, datasetsFolder });
    this.#packed.set(key, packing);
    // What failed may work the next time: a file that is put right.
    packing.catch(() => this.#packed.delete(key));
    return packing;
  }

  send(sha256: string): void {
    this.#sender.send(sha256);
  }

  async #pack(spec: RunSpec, folders: JobFolders): Promise<Packed> {
    const { dataSha256, data, initialWeights } = await this.#local.task('pack', { spec, ...folders });
    return {
      data: { sha256: dataSha256, file: data === null ? null : this.#add(data, 'data.source', 'the data set') },
      initialWeights:
        initialWeights === null ? null : this.#add(initialWeights, 'initialWeights', 'the file of initial weights'),
    };
  }

  #add({ bytes, extension }: { bytes: Uint8Array; extension: string }, path: string, what: string): FileReference {
    if (bytes.length <= this.#mostBytes) return this.#sender.add(bytes, extension);
    const megabytes = (count: number): string => `${Math.ceil(count / 2 ** 20)} MB`;
    const message = `${what} takes ${megabytes(bytes.length)}; at most ${megabytes(this.#mostBytes)} travel through a queue (search without --queue, or on fewer rows)`;
    throw new StudioFailure({ code: 'data_invalid', message, issues: [{ path, message }] });
  }
}
