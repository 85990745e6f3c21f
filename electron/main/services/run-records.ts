/** Runs as the database keeps them: reading, naming, sorting away. Needs no worker; whoever listens hears of a change. */

import type { HealthSamples } from '../../../engine/spec/health.ts';
import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { Curve } from '../../../engine/spec/metric.ts';
import { unpackRows, type PackedRows } from '../../contract/packed-rows.ts';
import type { RunDetail, RunEquality, RunMarks, RunSummary, SettingValues } from '../../contract/runs.ts';
import type { StoreClient } from '../hosts/store-host.ts';
import { Emitter } from './emitter.ts';
import type { CurveQuery, HealthQuery, HistogramQuery, RunEvents } from './runs-types.ts';

export class RunRecords {
  protected readonly store: StoreClient;
  protected readonly events = new Emitter<RunEvents>();

  constructor(store: StoreClient) {
    this.store = store;
  }

  on<E extends keyof RunEvents>(event: E, listener: (value: RunEvents[E]) => void): () => void {
    return this.events.on(event, listener);
  }

  async list(query: { readonly trash: boolean }): Promise<RunSummary[]> {
    return unpackRows(await this.listPacked(query));
  }
  listPacked(query: { readonly trash: boolean }): Promise<PackedRows<RunSummary>> {
    return this.store.call('run:list', query);
  }
  get(id: RunId): Promise<RunDetail> {
    return this.store.call('run:get', { id });
  }
  readCurve(query: CurveQuery): Promise<Curve> {
    return this.store.call('curve:read', query);
  }
  readHealth(query: HealthQuery): Promise<HealthSamples> {
    return this.store.call('health:read', query);
  }
  readHistograms(query: HistogramQuery): Promise<HistogramFrame[]> {
    return this.store.call('histogram:read', query);
  }

  settingValues(path: string): Promise<SettingValues> {
    return this.store.call('setting-values:read', { path });
  }

  async rename(id: RunId, name: string): Promise<RunSummary> {
    const summary = await this.store.call('run:rename', { id, name });
    this.events.emit('summary', summary);
    return summary;
  }

  async mark(ids: readonly RunId[], marks: RunMarks): Promise<RunSummary[]> {
    const changed = await this.store.call('run:mark', { ids, marks, at: Date.now() });
    this.#tell(changed);
    return changed;
  }

  async remove(ids: readonly RunId[]): Promise<void> {
    this.#tell(await this.store.call('run:trash', { ids, at: Date.now() }));
  }

  async restore(ids: readonly RunId[]): Promise<void> {
    this.#tell(await this.store.call('run:restore', { ids }));
  }

  async purge(ids: readonly RunId[]): Promise<{ readonly freedBytes: number }> {
    const freed = await this.store.call('run:purge', { ids });
    for (const id of ids) this.events.emit('purged', id);
    return freed;
  }

  keepCheckpoint(id: RunId, step: number, kept: boolean): Promise<RunDetail> {
    return this.store.call('checkpoint:keep', { id, step, kept });
  }

  equality(id: RunId, other: RunId): Promise<RunEquality> {
    return this.store.call('run:equality', { id, other });
  }

  #tell(changed: readonly RunSummary[]): void {
    for (const summary of changed) this.events.emit('summary', summary);
  }
}
