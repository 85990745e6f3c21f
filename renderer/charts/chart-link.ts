/** How the charts of a page move together: one cursor, one pointer, one range of x. All in the unit of the x axis. */

import type { Ref } from 'vue';
import type { Range } from './ticks.ts';

export interface ChartLink {
  /** Where the page looks; null when there is nothing to look at yet. */
  readonly cursor: Readonly<Ref<number | null>>;
  /** Where the pointer is in any of the charts, else null. */
  readonly peek: Readonly<Ref<number | null>>;
  /** A person chose the point at x. */
  readonly pick: (x: number) => void;
  readonly point: (x: number | null) => void;
  /** What there is to show. */
  readonly all: Readonly<Ref<Range>>;
  /** What is shown of it from the next frame on: several turns of a wheel may come before one is drawn. */
  readonly range: Readonly<Ref<Range>>;
  /** null shows everything. */
  readonly zoom: (range: Range | null) => void;
  /** Moves the cursor by stored steps; ±Infinity goes to an end. */
  readonly move: (by: number) => void;
}
