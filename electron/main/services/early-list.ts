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
    this.#early = early;
    const forget = (): void => void (this.#early = null);
    // Whoever has asked hears of a failure; whoever asks later has the rows read anew.
    early.catch(forget);
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
