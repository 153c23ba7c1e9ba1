import { MAX_JSON_DEPTH } from '#shared/json/parse-json.ts';

/**
 * The JSON text of a Python dict as `repr` shows it, `undefined` if it is none. Numbers keep their
 * digits, tuples and sets become arrays; what JSON has no word for (`datetime.datetime(2026, …)`,
 * `<Logger asyncz>`) becomes a string of its text.
 */
export function jsonOfRepr(text: string): string | undefined {
	if (!/^\s*\{\s*['"]/.test(text)) {
		return undefined;
	}
	const reader = new ReprReader(text);
	const isWhole = reader.value(0) && reader.atEnd();
	return isWhole ? reader.json() : undefined;
}

const SPACE = /\s*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?(?=\s*(?:[,:\]})]|$))/y;
const WORD = /(?:True|False|None|nan|-?inf)(?=\s*(?:[,:\]})]|$))/y;
/** What stands in an opaque value between its strings and brackets. */
const PIECE = /[^'"()[\]{}<>,:]+|[^]/y;
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g;

const WORDS: Readonly<Record<string, string>> = {
	True: 'true',
	False: 'false',
	None: 'null',
	nan: 'NaN',
	inf: 'Infinity',
	'-inf': '-Infinity',
};

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Reads on from `#at`, writing JSON; each method is false where the text is not what it reads. */
class ReprReader {
	readonly #text: string;
	readonly #out: string[] = [];
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	json(): string {
		return this.#out.join('');
	}

	atEnd(): boolean {
		this.#take(SPACE);
		return this.#at === this.#text.length;
	}

	value(depth: number): boolean {
		if (depth > MAX_JSON_DEPTH) {
			return false;
		}
		this.#take(SPACE);
		const first = this.#text[this.#at];
		if (first === '{') {
			return this.#braces(depth);
		}
		if (first === '[' || first === '(') {
			return this.#list(first === '[' ? ']' : ')', depth);
		}
		if (first === "'" || first === '"') {
			const text = this.#string();
			this.#out.push(JSON.stringify(text ?? ''));
			return text !== undefined;
		}
		const plain = this.#take(NUMBER) ?? WORDS[this.#take(WORD) ?? ''];
		if (plain !== undefined) {
			this.#out.push(plain);
			return true;
		}
		return this.#opaque();
	}

	/** A dict, or a set: they differ only behind the first value. */
	#braces(depth: number): boolean {
		const start = this.#out.push('{') - 1;
		this.#at++;
		if (this.#skip('}')) {
			this.#out.push('}');
			return true;
		}
		let isDict: boolean | undefined;
		do {
			if (this.#skip('}')) {
				break;
			}
			const before = this.#out.length;
			if (!this.value(depth + 1)) {
				return false;
			}
			const hasColon = this.#skip(':');
			isDict ??= hasColon;
			if (hasColon !== isDict) {
				return false;
			}
			if (isDict) {
				// A key that is no string becomes the string of its text, as json.dumps has it.
				const [key = '', ...others] = this.#out.splice(before);
				this.#out.push(key.startsWith('"') ? key : JSON.stringify(key), ': ');
				// A tuple as key: its text would need quotes in quotes.
				if (others.length > 0 || !this.value(depth + 1)) {
					return false;
				}
			}
		} while (this.#comma('}'));
		this.#out[start] = isDict === true ? '{' : '[';
		this.#out.push(isDict === true ? '}' : ']');
		return this.#text[this.#at - 1] === '}';
	}

	#list(end: string, depth: number): boolean {
		this.#out.push('[');
		this.#at++;
		if (!this.#skip(end)) {
			do {
				if (!this.value(depth + 1)) {
					return false;
				}
			} while (this.#comma(end));
		}
		this.#out.push(']');
		return this.#text[this.#at - 1] === end;
	}

	/** Steps over a comma if another value follows it, else over the closing bracket. */
	#comma(end: string): boolean {
		if (this.#skip(',') && !this.#skip(end)) {
			this.#out.push(', ');
			return true;
		}
		this.#skip(end);
		return false;
	}

	/** Anything up to the comma, colon or bracket that ends it. */
	#opaque(): boolean {
		const start = this.#at;
		let open = 0;
		while (this.#at < this.#text.length) {
			const next = this.#text[this.#at] ?? '';
			if (open === 0 && ',:]})'.includes(next)) {
				break;
			}
			if (next === "'" || next === '"') {
				if (this.#string() === undefined) {
					return false;
				}
			} else {
				const piece = this.#take(PIECE) ?? '';
				open += '([{<'.includes(piece) ? 1 : ')]}>'.includes(piece) ? -1 : 0;
			}
		}
		const text = this.#text.slice(start, this.#at).trim();
		this.#out.push(JSON.stringify(text));
		return text !== '';
	}

	/** A string without its quotes; `undefined` if none begins here, or none ends. */
	#string(): string | undefined {
		const quote = this.#text[this.#at];
		if (quote !== "'" && quote !== '"') {
			return undefined;
		}
		let end = this.#at + 1;
		while (end < this.#text.length && this.#text[end] !== quote) {
			end += this.#text[end] === '\\' ? 2 : 1;
		}
		if (end >= this.#text.length) {
			return undefined;
		}
		const written = this.#text.slice(this.#at + 1, end);
		this.#at = end + 1;
		return written.includes('\\') ? written.replace(ESCAPE, unescape) : written;
	}

	#skip(character: string): boolean {
		this.#take(SPACE);
		if (this.#text[this.#at] !== character) {
			return false;
		}
		this.#at++;
		return true;
	}

	#take(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#text)?.[0];
		this.#at += found?.length ?? 0;
		return found;
	}
}

function unescape(
	_: string,
	hex2: string | undefined,
	hex4: string | undefined,
	hex8: string | undefined,
	character: string | undefined,
): string {
	const hex = hex2 ?? hex4 ?? hex8;
	if (hex === undefined) {
		return ESCAPED[character ?? ''] ?? character ?? '';
	}
	const code = Number.parseInt(hex, 16);
	return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}
