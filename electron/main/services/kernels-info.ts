/** Which kernels new runs will use, found out once in a worker and again when the setting changes. */

import { messageOf } from '../../../engine/spec/message.ts';
import type { KernelsInfo } from '../../contract/data-jobs.ts';
import type { DataWorker } from './data-worker.ts';

export class KernelsInfoService {
  readonly #worker: DataWorker;
  #name: string | null = null;
  #info: Promise<KernelsInfo> | null = null;

  constructor(worker: DataWorker) {
    this.#worker = worker;
  }

  /** Never rejects: kernels that do not load are said in the note. */
  read(name: string): Promise<KernelsInfo> {
    if (this.#info === null || this.#name !== name) {
      this.#name = name;
      this.#info = this.#worker.ask('kernels', { name }).catch((error: unknown) => ({
        description: name,
        note: messageOf(error),
      }));
    }
    return this.#info;
  }
}
