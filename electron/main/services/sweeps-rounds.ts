/** The rounds of the narrow sampler: what each searches, and what a person may change about it. */

import { say, toMessage, type Message } from '../../../engine/spec/message.ts';
import type { SpecIssue } from '../../../engine/spec/run-spec.ts';
import {
  distributionSchema,
  sameValue,
  type Distribution,
  type ParamValue,
  type SearchSpace,
} from '../../../engine/spec/search-space.ts';
import { rangesOf, roundAt } from '../../../engine/sweep/narrow.ts';
import type { SweepState } from '../../../engine/sweep/sweep-types.ts';

/** Search spaces of the rounds, as far as they are known: the next one is, once its predecessor has ended. */
export function knownRounds({ spec, trials, sampler }: SweepState): SearchSpace[] {
  const rounds: SearchSpace[] = [];
  if (spec.sampler.type !== 'narrow') return rounds;
  for (let round = 0; round < spec.sampler.rounds; round++) {
    const space = rangesOf(spec, spec.sampler, round, trials, sampler.edited);
    if (space === null) break;
    rounds.push(space);
  }
  return rounds;
}

export type CheckedRanges =
  { readonly ok: true; readonly space: SearchSpace } | { readonly ok: false; readonly issues: readonly SpecIssue[] };

/** Ranges for a round that has not begun: the same parameters, of the same kinds. */
export function checkedRanges(
  state: SweepState,
  round: number,
  space: Readonly<Record<string, unknown>>,
): CheckedRanges {
  const { spec, trials } = state;
  if (spec.sampler.type !== 'narrow') return refused('sampler.type', 'only the narrow sampler has rounds');
  const begun = trials.filter(({ place }) => place !== null).length;
  const first = begun === 0 ? 0 : roundAt(spec, spec.sampler, begun - 1) + 1;
  if (!Number.isInteger(round) || round < first || round >= spec.sampler.rounds) {
    return refused(
      'round',
      say`expected a round that has not begun (${first} to ${spec.sampler.rounds - 1}), got ${round}`,
    );
  }
  const issues: SpecIssue[] = [];
  const checked: Record<string, SearchSpace[string]> = {};
  for (const [path, original] of Object.entries(spec.space)) {
    const parsed = distributionSchema.safeParse(space[path]);
    if (!parsed.success) {
      issues.push({ path: `space.${path}`, message: parsed.error.issues[0]?.message ?? 'not a distribution' });
    } else if (parsed.data.type !== original.type) {
      issues.push({ path: `space.${path}.type`, ...say`expected ${original.type}, got ${parsed.data.type}` });
    } else if (parsed.data.type === 'choice' && !isPartOf(parsed.data.values, original)) {
      issues.push({ path: `space.${path}.values`, message: 'expected values the sweep chooses from' });
    } else {
      checked[path] = { ...parsed.data, ...(original.when === undefined ? {} : { when: original.when }) };
    }
  }
  for (const path of Object.keys(space)) {
    if (!(path in spec.space)) issues.push({ path: `space.${path}`, message: 'expected a parameter of the sweep' });
  }
  return issues.length > 0 ? { ok: false, issues } : { ok: true, space: checked };
}

/** A round may leave choices out; new ones nobody has checked. */
function isPartOf(values: readonly ParamValue[], original: Distribution): boolean {
  const known = original.type === 'choice' ? original.values : [];
  return values.every((value) => known.some((one) => sameValue(one, value)));
}

function refused(path: string, message: string | Message): CheckedRanges {
  return { ok: false, issues: [{ path, ...toMessage(message) }] };
}
