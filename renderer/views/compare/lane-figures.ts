/** The figures of a result row as the table writes them: values, or differences from the baseline. Pure. */

import { formatCount, formatFixed, formatPercent } from '../../text/format.ts';
import type { LaneResult, Measure } from './result.ts';
import { signed } from './test-sentence.ts';

export interface LaneFigures {
  /** null when the goal was not reached. */
  readonly steps: string | null;
  readonly time: string;
  readonly score: string;
  readonly loss: string;
  readonly seconds: string;
}

export function laneFigures(row: LaneResult, measure: Measure, deltas: boolean): LaneFigures {
  const { reached, best, lastLoss, seconds, delta } = row;
  if (deltas) {
    return {
      steps: reached === null ? null : written(delta?.steps, (value) => withSign(value, formatCount(Math.abs(value)))),
      time: written(delta?.time, (value) => withSign(value, secondsText(Math.abs(value) / 1000))),
      score: written(delta?.best, (value) => signed(value, measure)),
      loss: written(delta?.lastLoss, (value) => signed(value, 'loss')),
      seconds: written(delta?.seconds, (value) => withSign(value, secondsText(Math.abs(value)))),
    };
  }
  const score = (value: number): string => (measure === 'accuracy' ? formatPercent(value) : formatFixed(value));
  const spread = best === null || row.seeds < 2 || best.count < 2 ? '' : ` ± ${score(best.std)}`;
  return {
    steps: reached === null ? null : formatCount(reached.step),
    time: secondsText(reached === null ? undefined : reached.elapsedMs / 1000),
    score: best === null ? '–' : `${score(best.mean)}${spread}`,
    loss: formatFixed(lastLoss?.mean),
    seconds: secondsText(seconds?.mean),
  };
}

/** Two decimals, however few: 0.00 rather than an exponent. */
function secondsText(value: number | undefined): string {
  return value !== undefined && value < 0.005 ? '0.00' : formatFixed(value, 2);
}

function written(value: number | null | undefined, text: (value: number) => string): string {
  return value === null || value === undefined ? '–' : text(value);
}

function withSign(value: number, text: string): string {
  return value > 0 ? `+${text}` : value < 0 ? `−${text}` : text;
}
