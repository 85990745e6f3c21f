/** What the command palette offers for a query. Pure: the palette draws it and runs what is chosen. */

import type { RunSummary } from '../../../electron/contract/runs.ts';
import { matchesWords, matchParts, wordsOf, type MatchPart } from '../../text/match.ts';
import { formatPercent } from '../../text/format.ts';
import type { IconName } from '../ui/icons.ts';

/** Something that can be done or gone to. */
export interface PaletteCommand {
  readonly key: string;
  readonly label: string;
  readonly icon: IconName;
  readonly keyCap?: string;
  readonly run: () => void;
}

export interface PaletteEntry {
  readonly key: string;
  readonly group: 'actions' | 'runs' | 'places';
  readonly parts: readonly MatchPart[];
  readonly icon: IconName | null;
  /** The run's number, for its swatch. */
  readonly runNumber: number | null;
  readonly runColor: number | null;
  readonly keyCap: string | null;
  /** Grey, after the label. */
  readonly suffix: string;
  /** Grey, at the right. */
  readonly note: string;
  readonly run: () => void;
}

/** At most this many runs are listed; ten thousand rows are searched all the same. */
export const MOST_RUNS = 8;

/** Actions first, then runs (newest first), then places; all words of the query must match. */
export function paletteEntries(
  query: string,
  actions: readonly PaletteCommand[],
  runs: readonly RunSummary[],
  places: readonly PaletteCommand[],
  openRun: (run: RunSummary) => void,
): readonly PaletteEntry[] {
  const words = wordsOf(query);
  const commands = (list: readonly PaletteCommand[], group: 'actions' | 'places'): PaletteEntry[] =>
    list
      .filter((command) => matchesWords(command.label, words))
      .map((command) => ({
        key: command.key,
        group,
        parts: matchParts(command.label, words),
        icon: command.icon,
        runNumber: null,
        runColor: null,
        keyCap: command.keyCap ?? null,
        suffix: '',
        note: '',
        run: command.run,
      }));
  const found: RunSummary[] = [];
  for (const run of [...runs].sort((a, b) => b.number - a.number)) {
    if (!matchesWords(`${run.name} #${run.number} ${run.data} ${run.model} ${run.optimizer}`, words)) continue;
    found.push(run);
    if (found.length === MOST_RUNS) break;
  }
  const rows = found.map((run): PaletteEntry => ({
    key: run.id,
    group: 'runs',
    parts: matchParts(run.name, words),
    icon: null,
    runNumber: run.number,
    runColor: run.color,
    keyCap: null,
    suffix: `#${run.number}`,
    note: run.bestValidationAccuracy === null ? '' : `${formatPercent(run.bestValidationAccuracy)}%`,
    run: () => openRun(run),
  }));
  return [...commands(actions, 'actions'), ...rows, ...commands(places, 'places')];
}
