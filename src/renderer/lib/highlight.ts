import type { Filter } from '#shared/model/query.ts';
import { quoteText } from '#shared/query/clause-text.ts';
import { compileHighlights } from '#shared/query/highlights.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import type { TextHit } from '#shared/query/text-test.ts';
import { nodesOf } from './query-clauses.ts';

/** A stretch of text, and whether it is a hit of the search. */
export interface TextPart {
	readonly text: string;
	readonly hit: boolean;
}

/** Finds what is searched for in a text: in order, without overlaps. */
export type HitFinder = (text: string) => readonly TextHit[];

/** More hits than this in one text are not marked one by one. */
const MAX_HITS = 500;

/** Finds what a filter looks for in messages; `undefined` if it looks for nothing there. */
export function hitFinder({ query, q }: Filter): HitFinder | undefined {
	const { root } = parseQuery(query ?? (q === undefined ? '' : quoteText(q)));
	const looksThere = [...nodesOf(root)].some(
		(node) =>
			node.kind === 'text' ||
			(node.kind === 'field' && 'column' in node.field && node.field.column === 'message'),
	);
	return looksThere ? compileHighlights(root) : undefined;
}

/** Cuts text at the hits; together the parts are the text. */
export function splitHits(text: string, find: HitFinder | undefined): readonly TextPart[] {
	const parts: TextPart[] = [];
	let end = 0;
	for (const { from, to } of find?.(text).slice(0, MAX_HITS) ?? []) {
		if (from > end) {
			parts.push({ text: text.slice(end, from), hit: false });
		}
		parts.push({ text: text.slice(from, to), hit: true });
		end = to;
	}
	if (end < text.length || parts.length === 0) {
		parts.push({ text: text.slice(end), hit: false });
	}
	return parts;
}
