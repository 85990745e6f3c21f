/** Histogram frames. Writing the same frame twice changes nothing. */

import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import { toBlob } from '../blob.ts';
import type { WritableDatabase } from '../database.ts';

export function writeHistogram(db: WritableDatabase, run: number, frame: HistogramFrame): void {
  const edges = toBlob(frame.edges);
  const key = [run, frame.kind, frame.layer, edges];
  const series =
    db.get<{ id: number }>(
      'SELECT id FROM histogram_series WHERE run = ? AND kind = ? AND layer = ? AND edges = ?',
      key,
    ) ??
    db.insert<{ id: number }>(
      'INSERT INTO histogram_series (run, kind, layer, edges, layer_name) VALUES (?, ?, ?, ?, ?) RETURNING id',
      [...key, frame.layerName],
    );
  db.run(
    `INSERT OR REPLACE INTO histogram_frame (series, step, counts, below, above, non_finite, mean, std)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      series.id,
      frame.step,
      toBlob(frame.counts),
      frame.below,
      frame.above,
      frame.nonFinite,
      // SQLite binds NaN as NULL, which the column stands for; infinities stay what they are.
      frame.mean,
      frame.std,
    ],
  );
}
