import type { TextHit } from './text-test.ts';

/**
 * Patterns with `*`, any text, and `?`, one character. The first place where each piece between two
 * stars fits is as good as any later one, so nothing is ever tried twice.
 */
export class Glob {
	/** What stands between the stars. */
	readonly #pieces: readonly string[];

	constructor(pattern: string) {
		this.#pieces = pattern.split(/\*+/);
	}

	/** Whether all of the text is like the pattern. */
	matchesAll(text: string): boolean {
		const [first = '', ...others] = this.#pieces;
		let at = endOf(first, text, 0);
		const last = others.pop();
		if (at === undefined || last === undefined) {
			return at === text.length;
		}
		for (const piece of others) {
			at = find(piece, text, at)?.to;
			if (at === undefined) {
				return false;
			}
		}
		const begin = beginOfLast(last, text);
		return begin !== undefined && begin >= at && endOf(last, text, begin) === text.length;
	}

	/** Whether some of the text is like the pattern. */
	matches(text: string): boolean {
		return this.next(text, 0) !== undefined;
	}

	/** The first stretch from `at` on that is like the pattern, as short as can be. */
	next(text: string, at: number): TextHit | undefined {
		let found: TextHit | undefined;
		for (const piece of this.#pieces) {
			// A star at either end adds nothing to the shortest stretch.
			const hit: TextHit | undefined =
				piece === '' ? (found ?? { from: at, to: at }) : find(piece, text, found?.to ?? at);
			if (hit === undefined) {
				return undefined;
			}
			const isFirst = found === undefined || found.from === found.to;
			found = { from: isFirst ? hit.from : (found?.from ?? at), to: hit.to };
		}
		return found;
	}
}

function find(piece: string, text: string, at: number): TextHit | undefined {
	if (!piece.includes('?')) {
		const from = text.indexOf(piece, at);
		return from === -1 ? undefined : { from, to: from + piece.length };
	}
	for (let from = at; from < text.length; from += lengthAt(text, from)) {
		const to = endOf(piece, text, from);
		if (to !== undefined) {
			return { from, to };
		}
	}
	return undefined;
}

/** Where a piece ends that begins at `at`; `undefined` if it does not stand there. */
function endOf(piece: string, text: string, at: number): number | undefined {
	if (!piece.includes('?')) {
		return text.startsWith(piece, at) ? at + piece.length : undefined;
	}
	let end = at;
	for (let index = 0; index < piece.length; index++) {
		const wanted = piece.charAt(index);
		if (end >= text.length || (wanted !== '?' && wanted !== text.charAt(end))) {
			return undefined;
		}
		end += wanted === '?' ? lengthAt(text, end) : 1;
	}
	return end;
}

/** Where a piece would begin that ends with the text. */
function beginOfLast(piece: string, text: string): number | undefined {
	let begin = text.length;
	for (let index = piece.length - 1; index >= 0; index--) {
		const isPair = piece.charAt(index) === '?' && begin >= 2 && lengthAt(text, begin - 2) === 2;
		begin -= isPair ? 2 : 1;
	}
	return begin < 0 ? undefined : begin;
}

/** A character is one unit or a pair of two. */
function lengthAt(text: string, at: number): number {
	return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
