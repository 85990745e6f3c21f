/** The runs table's rows, read while the window is still being made: its first question is answered at once. */

import type { PackedRows } from '../../contract/packed-rows.ts';
import type { RunSummary } from '../../contract/runs.ts';
import type { RunsService } from './runs-types.ts';

export interface ListQuery {
  readonly trash: boolean;
}

/** Made once, before the window is. */
export class EarlyList {
  readonly #runs: RunsService;
  #early: Promise<PackedRows<RunSummary>> | null;

  constructor(runs: RunsService) {
    this.#runs = runs;
    const early = runs.listPacked({ trash: false });
    // Whoever asks hears of a failure; until then nobody does.
    early.catch(() => undefined);
    this.#early = early;
    const forget = (): void => void (this.#early = null);
    runs.on('summary', forget);
    runs.on('purged', forget);
  }

  /** As `RunsService.listPacked`; what was read early is given once, and only while it is true. */
  read(query: ListQuery): Promise<PackedRows<RunSummary>> {
    const early = query.trash ? null : this.#early;
    if (early === null) return this.#runs.listPacked(query);
    this.#early = null;
    return early;
  }
}
