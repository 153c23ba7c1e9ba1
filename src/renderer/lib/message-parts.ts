import type { TextHit } from '#shared/query/text-test.ts';

/** A stretch of text, and what it is a hit of: the query, or what is highlighted over that. */
export interface MessagePart {
	readonly text: string;
	readonly kind: 'plain' | 'hit' | 'found';
}

/** More stretches than this are not told one by one: the rest is plain. */
const MAX_PARTS = 1_000;

/** Cuts text at the hits of two searches, both in their order; together the parts are the text. */
export function messageParts(
	text: string,
	hits: readonly TextHit[],
	found: readonly TextHit[],
): readonly MessagePart[] {
	const ends = [...hits, ...found].flatMap(({ from, to }) => [from, to]);
	const cuts = [...new Set([0, ...ends, text.length])]
		.filter((cut) => cut >= 0 && cut <= text.length)
		.sort((a, b) => a - b)
		.slice(0, MAX_PARTS);
	const parts: MessagePart[] = [];
	for (const [index, from] of cuts.entries()) {
		const isLast = index === cuts.length - 1;
		const to = isLast ? text.length : (cuts[index + 1] ?? text.length);
		const kind = isLast
			? 'plain'
			: isInside(found, from)
				? 'found'
				: isInside(hits, from)
					? 'hit'
					: 'plain';
		if (to > from) {
			parts.push({ text: text.slice(from, to), kind });
		}
	}
	return parts;
}

function isInside(hits: readonly TextHit[], place: number): boolean {
	return hits.some(({ from, to }) => place >= from && place < to);
}
