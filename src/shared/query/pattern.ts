/** What stands in a pattern for what changes from one message to the next. */
const ID = '<id>';
const NUMBER = '<n>';
const TEXT = '<text>';

/** Pieces of literals that may stand inside of these. */
const PLACEHOLDER = /[<>]/;

/** Longer messages are told apart by their beginnings, of so many UTF-16 units. */
export const PATTERN_LENGTH = 2_000;

/**
 * In this order: UUIDs and other hexadecimal ids, quoted parts, numbers with what joins their digits
 * (times, addresses, versions). Each alternative ends at the first place where it can't go on, so
 * that the time is linear.
 */
const CHANGING =
	/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b|("[^"\n]*"|(?<!\w)'[^'\n]*'(?!\w))|\d+(?:[.,:]\d+)*/gi;

/**
 * A message without what changes from one to the next: `Task 17 of 'nightly' took 3.5 s` is
 * `Task <n> of <text> took <n> s`, and an id of hexadecimal digits is `<id>`. Messages that one
 * statement of a program writes have one pattern.
 */
export function patternOf(message: string): string {
	return message
		.slice(0, PATTERN_LENGTH)
		.replace(CHANGING, (found: string, quoted: string | undefined) =>
			quoted !== undefined ? TEXT : /^\d+(?:[.,:]\d+)*$/.test(found) ? NUMBER : ID,
		);
}

/**
 * Of a text that stands in a pattern, the parts that stand in the message, too: what surrounds the
 * placeholders, and is none itself.
 */
export function literalParts(text: string): readonly string[] {
	return text
		.split(PLACEHOLDER)
		.filter(
			(part) => ![ID, NUMBER, TEXT].some((placeholder) => placeholder.includes(part.toLowerCase())),
		);
}
