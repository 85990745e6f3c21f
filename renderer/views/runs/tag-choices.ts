/** What the tag editor offers: tags that exist, how many of the chosen runs have each, and a new one. Pure. */

/** What has tags. */
export interface Tagged {
  readonly tags: readonly string[];
}

export interface TagChoice {
  readonly tag: string;
  /** On all, on some or on none of the chosen runs. */
  readonly state: 'all' | 'some' | 'none';
  /** Runs that have it, of all there are. */
  readonly count: number;
  /** It does not exist yet. */
  readonly isNew: boolean;
}

/** What the chosen runs have comes first, then by frequency; last a new tag when `typed` is none of them. */
export function tagChoices(chosen: readonly Tagged[], every: readonly Tagged[], typed: string): readonly TagChoice[] {
  const wanted = typed.trim();
  const counts = new Map<string, number>();
  const mine = new Map<string, number>();
  for (const row of every) for (const tag of row.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  for (const row of chosen) for (const tag of row.tags) mine.set(tag, (mine.get(tag) ?? 0) + 1);
  const choices = [...new Set([...counts.keys(), ...mine.keys()])]
    .filter((tag) => tag.toLowerCase().includes(wanted.toLowerCase()))
    .map((tag): TagChoice => {
      const has = mine.get(tag) ?? 0;
      const state = has === 0 ? 'none' : has === chosen.length ? 'all' : 'some';
      return { tag, state, count: counts.get(tag) ?? has, isNew: false };
    })
    .sort((a, b) => {
      const [none, other] = [a.state === 'none', b.state === 'none'];
      return none !== other ? Number(none) - Number(other) : b.count - a.count || (a.tag < b.tag ? -1 : 1);
    });
  const isNew = isTag(wanted) && !choices.some((choice) => choice.tag === wanted);
  return isNew ? [...choices, { tag: wanted, state: 'none', count: 0, isNew }] : choices;
}

/** The same rule as the contract's `tagSchema`, without the schema library in the window's bundle. */
export function isTag(text: string): boolean {
  return text.length <= 40 && /^[^,\s][^,]*$/.test(text);
}
