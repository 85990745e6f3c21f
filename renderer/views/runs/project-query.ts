/** The project a query asks for, read from its text and written into it. */

import { quoteValue, tokenize, type FilterToken } from '../../query/tokens.ts';

function projectFilter(query: string): FilterToken | null {
  for (const token of tokenize(query)) {
    const asks = token.kind === 'filter' && token.field.toLowerCase() === 'project' && !token.negated;
    if (asks && token.operator !== '!=' && token.values.length === 1) return token;
  }
  return null;
}

/** The one project it is about, or null. */
export function projectOf(query: string): string | null {
  return projectFilter(query)?.values[0] ?? null;
}

/** The query about that project instead of another, or about all (null); what else it asks for stays. */
export function withProject(query: string, project: string | null): string {
  const old = projectFilter(query);
  const rest = old === null ? query : query.slice(0, old.start) + query.slice(old.end);
  const parts = [...(project === null ? [] : [`project:${quoteValue(project)}`]), rest.trim().replace(/\s{2,}/g, ' ')];
  return parts.filter((part) => part !== '').join(' ');
}
