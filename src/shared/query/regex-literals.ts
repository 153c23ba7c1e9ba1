/** What repeats the piece before it, and how often at least. */
const REPEAT = /(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/y;
/** Escapes that stand for a plain character. */
const PLAIN_ESCAPE = /\\([^\p{L}\p{N}])/uy;
const OTHER_ESCAPE = /\\(?:[pP](?:\{[^}]*\}|.)|x(?:\{[^}]*\}|..)|[0-7]{1,3}|Q[^]*?(?:\\E|$)|[^])/uy;
const CLASS = /\[\^?\]?(?:\\[^]|\[:\^?\w+:\]|[^\]\\])*\]/uy;
const PLAIN = /[^\\^$.|?*+()[\]{}]/uy;

/**
 * Texts that every match of a regular expression contains, in any case and in this order; none if
 * nothing is known for sure. It looks at the top of the expression only: what stands in a group or
 * before a choice is not told.
 */
export function regexLiterals(source: string): readonly string[] {
	const found: string[] = [];
	let literal = '';
	const end = () => {
		if (literal !== '') {
			found.push(literal);
		}
		literal = '';
	};
	for (let at = 0; at < source.length;) {
		const plain = take(PLAIN, source, at) ?? take(PLAIN_ESCAPE, source, at);
		if (plain !== undefined) {
			const repeat = take(REPEAT, source, at + plain.length);
			at += plain.length + (repeat?.length ?? 0);
			const character = plain.length > 1 && plain.startsWith('\\') ? plain.slice(1) : plain;
			if (repeat === undefined) {
				literal += character;
				continue;
			}
			// `ab+c` has `ab` and `c`; how many there are of `b` is not known.
			literal += leastOf(repeat) > 0 ? character : '';
			end();
			continue;
		}
		const sign = source.charAt(at);
		if (sign === '|') {
			return [];
		}
		end();
		const skipped = sign === '(' ? groupLength(source, at) : skipOther(source, at);
		if (skipped === undefined) {
			return [];
		}
		at += skipped;
	}
	end();
	return found;
}

function take(pattern: RegExp, source: string, at: number): string | undefined {
	pattern.lastIndex = at;
	return pattern.exec(source)?.[0];
}

function leastOf(repeat: string): number {
	if (repeat.startsWith('{')) {
		return Number.parseInt(repeat.slice(1), 10);
	}
	return repeat.startsWith('+') ? 1 : 0;
}

/** The length of a piece that is no literal and no group; `undefined` if it is not understood. */
function skipOther(source: string, at: number): number | undefined {
	switch (source.charAt(at)) {
		case '\\':
			return take(OTHER_ESCAPE, source, at)?.length;
		case '[':
			return take(CLASS, source, at)?.length;
		case '.':
		case '^':
		case '$':
		case '}':
		case ']':
			return 1;
		case '{':
			// How often a class or a group is repeated; otherwise a plain sign.
			return take(REPEAT, source, at)?.length ?? 1;
		case '*':
		case '+':
		case '?':
			return take(REPEAT, source, at)?.length;
		default:
			return undefined;
	}
}

/** The length of the group that begins here; `undefined` for one that changes flags. */
function groupLength(source: string, from: number): number | undefined {
	if (/^\(\?[a-zA-Z-]+\)/.test(source.slice(from, from + 20))) {
		return undefined;
	}
	let depth = 0;
	for (let at = from; at < source.length;) {
		const sign = source.charAt(at);
		depth += sign === '(' ? 1 : sign === ')' ? -1 : 0;
		const length = sign === '\\' || sign === '[' ? skipOther(source, at) : 1;
		if (length === undefined) {
			return undefined;
		}
		at += length;
		if (depth === 0) {
			return at - from;
		}
	}
	return undefined;
}
