/** Every migration, oldest first. */

import { runs } from './0010-runs.ts';
import { metrics } from './0020-metrics.ts';
import { histograms } from './0030-histograms.ts';
import { checkpoints } from './0040-checkpoints.ts';
import { settings } from './0050-settings.ts';
import { marks } from './0070-marks.ts';
import { chunkChecksums } from './0080-chunk-checksums.ts';
import { sweeps } from './0090-sweeps.ts';
import { origins } from './0100-origins.ts';
import { health } from './0120-health.ts';
import { trialSpans } from './0140-trial-spans.ts';
import { promotions } from './0141-promotions.ts';
import { evaluation } from './0160-evaluation.ts';
import { bestFigures } from './0170-best-figures.ts';
import { noSettings } from './0180-no-settings.ts';
import { wording } from './0960-wording.ts';
import type { Migration } from './migration.ts';

export const MIGRATIONS: readonly Migration[] = [
  runs,
  metrics,
  histograms,
  checkpoints,
  settings,
  marks,
  chunkChecksums,
  sweeps,
  origins,
  health,
  trialSpans,
  promotions,
  evaluation,
  bestFigures,
  noSettings,
  wording,
];
