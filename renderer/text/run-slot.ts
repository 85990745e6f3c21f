/** Which colour and dash a run has on every screen and in exports. */

/** `colour` picks `--run-<n>`, `dash` picks `--dash-<n>`; both 1 to 10. */
export interface RunSlot {
  readonly colour: number;
  readonly dash: number;
}

export const SLOTS = 10;

/**
 * Run 1 has colour 1 and dash 1, run 11 colour 1 with dash 2, so that a hundred runs in a row differ. A colour a person
 * chose takes the place of the run's own; the dash stays, so that two runs of one colour still differ.
 */
export function runSlot(number: number, chosen: number | null = null): RunSlot {
  const index = Math.max(0, Math.trunc(number) - 1);
  const round = Math.floor(index / SLOTS);
  return { colour: chosen ?? (index % SLOTS) + 1, dash: ((index + round) % SLOTS) + 1 };
}

/** The stroke of a colour as a style takes it: it follows the theme. */
export function strokeOf(colour: number): { readonly stroke: string } {
  return { stroke: `var(--run-${colour})` };
}

/** Dash patterns in pixels as canvas and SVG take them; empty is a solid line. Same values as the tokens' `--dash-<n>`. */
const DASHES: readonly (readonly number[])[] = [
  [],
  [8, 3],
  [2, 3],
  [10, 3, 2, 3],
  [5, 3],
  [],
  [3, 2],
  [12, 4],
  [7, 2, 2, 2, 2, 2],
  [4, 5],
];

export function dashPattern(dash: number): readonly number[] {
  return DASHES[(dash - 1) % SLOTS] ?? [];
}
