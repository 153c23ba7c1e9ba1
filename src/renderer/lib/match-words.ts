/** How well a word is found in text, from the best to what is hardly meant. */
const BEGINS = 8;
const BEGINS_WORD = 6;
const INSIDE = 3;
const SCATTERED = 1;

/**
 * How well all words of `typed` are found in `text`, in any case and order: at the beginning of a
 * word, inside of one, or as letters in their order. `undefined` if one of them is not; greater is
 * better.
 */
export function matchWords(typed: string, text: string): number | undefined {
	const lower = text.toLowerCase();
	let score = 0;
	for (const word of typed.toLowerCase().split(/\s+/).filter(Boolean)) {
		const found = scoreOf(word, lower);
		if (found === 0) {
			return undefined;
		}
		score += found;
	}
	return score;
}

function scoreOf(word: string, text: string): number {
	if (text.startsWith(word)) {
		return BEGINS;
	}
	let place = text.indexOf(word);
	const isInside = place >= 0;
	while (place >= 0) {
		if (!/[\p{L}\p{N}]/u.test(text[place - 1] ?? ' ')) {
			return BEGINS_WORD;
		}
		place = text.indexOf(word, place + 1);
	}
	if (isInside) {
		return INSIDE;
	}
	return isScattered(word, text) ? SCATTERED : 0;
}

/** The letters are there in their order, with others between them. */
function isScattered(word: string, text: string): boolean {
	let from = 0;
	for (const letter of word) {
		from = text.indexOf(letter, from) + 1;
		if (from === 0) {
			return false;
		}
	}
	return true;
}
