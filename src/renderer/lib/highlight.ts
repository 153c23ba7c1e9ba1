/** A stretch of text, and whether it is a hit of the search. */
export interface TextPart {
	readonly text: string;
	readonly hit: boolean;
}

/** More hits than this in one text are not marked one by one. */
const MAX_HITS = 500;

/** Cuts text at the hits of a case-insensitive search; together the parts are the text. */
export function splitHits(text: string, search: string): readonly TextPart[] {
	const needle = search.trim();
	if (needle === '' || text === '') {
		return [{ text, hit: false }];
	}
	const parts: TextPart[] = [];
	let end = 0;
	for (const [start, length] of findHits(text, needle)) {
		if (start > end) {
			parts.push({ text: text.slice(end, start), hit: false });
		}
		parts.push({ text: text.slice(start, start + length), hit: true });
		end = start + length;
	}
	if (end < text.length) {
		parts.push({ text: text.slice(end), hit: false });
	}
	return parts;
}

function* findHits(text: string, needle: string): Generator<readonly [number, number]> {
	const lower = text.toLowerCase();
	const lowerNeedle = needle.toLowerCase();
	// Lower case may be longer ("İ"); then its positions are not those of the text.
	if (lower.length !== text.length || lowerNeedle.length !== needle.length) {
		const escaped = needle.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
		const pattern = new RegExp(escaped, 'giu');
		let found = pattern.exec(text);
		for (let hits = 0; found !== null && hits < MAX_HITS; hits++) {
			yield [found.index, found[0].length];
			found = pattern.exec(text);
		}
		return;
	}
	let start = lower.indexOf(lowerNeedle);
	for (let hits = 0; start !== -1 && hits < MAX_HITS; hits++) {
		yield [start, needle.length];
		start = lower.indexOf(lowerNeedle, start + needle.length);
	}
}
